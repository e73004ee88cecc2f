"""An OpenID Connect provider on loopback for tests: description, keys, code with PKCE and nonce, signed token.

It is strict where a provider has to be (client, redirect address, one use of a code, PKCE). `spoil` bends one thing
of what it says, so that a test sees whether that is noticed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "hoofbeat", "s3cret"
KID = "key-1"


@dataclass
class Person:
    """Somebody whom the provider knows."""

    sub: str
    email: str
    verified: object = True
    claims: dict[str, Any] = field(default_factory=dict)


class Provider:
    """The provider's state; `asked` are the addresses that it was asked for."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: Person | None = None
        self.codes: dict[str, dict[str, str]] = {}
        self.spoil: dict[str, Any] = {}
        self.issuer = ""
        self.asked: list[str] = []

    def description(self) -> dict[str, Any]:
        """What `/.well-known/openid-configuration` says."""
        here = self.issuer
        said: dict[str, Any] = {
            "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys", "userinfo_endpoint": f"{here}/userinfo", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }  # fmt: skip
        return said | dict(self.spoil.get("description", {}))

    def keys(self) -> dict[str, Any]:
        """The published keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": KID, "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """The address that leads back with a code, as after a sign-in at the provider."""
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert set(query["scope"].split()) >= {"openid", "email"}
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer to a code."""
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        given: dict[str, Any] = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300}
        return 200, given if "no_token" in self.spoil else given | {"id_token": self._signed(query["nonce"])}

    def _signed(self, nonce: str) -> str:
        assert self.person is not None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.person.sub, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
            "email": self.person.email, "email_verified": self.person.verified,
        } | self.person.claims | self.spoil.get("claims", {})  # fmt: skip
        for name in self.spoil.get("without", ()):
            claims.pop(name)
        algorithm = self.spoil.get("algorithm", "RS256")
        key: Any = {"none": None, "HS256": SECRET.ljust(32, "x")}.get(algorithm, self.key)
        if "other_key" in self.spoil:
            key = self.other_key
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": self.spoil.get("kid", KID)})


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering on loopback until the block ends."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            where = urlsplit(self.path)
            if where.path == "/authorize":
                query = {key: values[0] for key, values in parse_qs(where.query).items()}
                self.send_response(302)
                self.send_header("Location", made.authorize(query))
                self.end_headers()
                return
            known = {"/.well-known/openid-configuration": made.description, "/keys": made.keys}.get(where.path)
            self._answer(200 if known else 404, known() if known else {})

        def do_POST(self) -> None:
            made.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: values[0] for key, values in parse_qs(body).items()}
            self._answer(*(made.token(form) if self.path == "/token" else (404, {})))

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
