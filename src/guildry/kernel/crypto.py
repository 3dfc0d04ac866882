"""Secrets: made from the system's randomness, stored only as digests, compared in constant time."""

import hashlib
import hmac
import secrets

from django.conf import settings


def new_token(prefix: str = "") -> str:
    """Return a fresh secret of 256 bits, for use in addresses and headers."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    """Return what to store of a high-entropy secret: SHA-256 in hex, 64 characters."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(purpose: str, value: str, *, key: str = "") -> str:
    """Return what to store of a guessable value such as a six-digit code: HMAC-SHA-256 in hex."""
    secret = hashlib.sha256(f"guildry:{purpose}:{key or settings.SECRET_KEY}".encode()).digest()
    return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()


def matches(given: str, stored: str) -> bool:
    return hmac.compare_digest(given.encode(), stored.encode())
