"""The nonce of a sign-in: what the provider puts into the token is the hash of what only the person's session knows."""

from __future__ import annotations

import hashlib
import secrets

NONCE_BYTES = 32


def secret_half() -> str:
    """What the session keeps."""
    return secrets.token_urlsafe(NONCE_BYTES)


def sent_for(kept: str) -> str:
    """What is sent for what the session keeps."""
    return hashlib.sha256(kept.encode()).hexdigest()
