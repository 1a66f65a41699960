"""One-time links: the token is shown once, the database keeps its digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

VALID_FOR = dt.timedelta(hours=24)


def new_token() -> tuple[str, bytes]:
    """A fresh token of 256 bits and the digest to keep."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
