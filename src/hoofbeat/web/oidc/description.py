"""Looks at how a provider describes itself, so that a wrong setting shows before somebody wants to sign in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests

from hoofbeat.web.configuration import Oidc
from hoofbeat.web.oidc.adapter import ALGORITHMS, ENDPOINTS

WELL_KNOWN = "/.well-known/openid-configuration"
SECONDS = 10


def look_at(oidc: Oidc) -> str:
    """What is wrong with the provider, in a sentence; nothing where all is well."""
    try:
        description = _json(oidc.issuer + WELL_KNOWN)
        if (wrong := _wrong(description, oidc)) or not isinstance(description, dict):
            return wrong or "describes itself in no JSON object"
        keys = _json(str(description["jwks_uri"]))
    except requests.RequestException as error:
        return f"does not answer as a provider does ({type(error).__name__})"
    if not isinstance(keys, dict) or not keys.get("keys"):
        return "publishes no keys"
    return ""


def _wrong(description: Any, oidc: Oidc) -> str:
    if not isinstance(description, dict):
        return ""
    if str(description.get("issuer", "")).rstrip("/") != oidc.issuer:
        return f"calls itself {description.get('issuer')!r}: give that address"
    for name in ENDPOINTS:
        if urlsplit(str(description.get(name, ""))).scheme != urlsplit(oidc.issuer).scheme:
            return f"its {name} is missing or not as safe as its issuer"
    if "S256" not in description.get("code_challenge_methods_supported", ["S256"]):
        return "does not support PKCE with S256"
    signs = description.get("id_token_signing_alg_values_supported", ["RS256"])
    return "" if set(signs) & set(ALGORITHMS) else "signs with nothing that is accepted here"


def _json(address: str) -> Any:
    answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()
