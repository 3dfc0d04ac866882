"""Secrets: made from the system's randomness, stored only as digests, compared in constant time."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def new_token(prefix: str = "") -> str:
    """Return a fresh secret of 256 bits, for use in addresses and headers."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    """Return what to store of a high-entropy secret: SHA-256 in hex, 64 characters."""
    return hashlib.sha256(token.encode()).hexdigest()


def site_keys() -> list[str]:
    """Return the keys of the site, the one that seals first, then those that still open what they sealed."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def keyed_digest(purpose: str, value: str, *, key: str = "") -> str:
    """Return what to store of a guessable value such as a six-digit code: HMAC-SHA-256 in hex."""
    secret = hashlib.sha256(f"guildry:{purpose}:{key or settings.SECRET_KEY}".encode()).digest()
    return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()


def is_digest_of(purpose: str, value: str, stored: str) -> bool:
    """Tell whether a stored digest is that of a value, under any key that is accepted."""
    return any(matches(keyed_digest(purpose, value, key=key), stored) for key in site_keys())


def box(purpose: str, *, further: str = "") -> MultiFernet:
    """Return what seals with the newest key of the site and opens with every one that is accepted.

    `further` is what it takes besides the key of the site, such as the key of a session.
    """
    ending = f":{further}" if further else ""
    return MultiFernet([_fernet(f"guildry:{purpose}:{key}{ending}") for key in site_keys()])


def _fernet(material: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(material.encode()).digest()))


def matches(given: str, stored: str) -> bool:
    return hmac.compare_digest(given.encode(), stored.encode())
