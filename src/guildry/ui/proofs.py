"""The proof in every form that the page it stands on was ours: Django's masked token, made without its detours."""

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

_SIZE = len(CSRF_ALLOWED_CHARS)
_LETTERS = CSRF_ALLOWED_CHARS.encode().ljust(256)
_PLACES = bytes(max(CSRF_ALLOWED_CHARS.find(chr(code)), 0) for code in range(256))
# Every place is as likely as any other: bytes beyond the last whole round of letters are not used.
_ROUNDS = bytes(code % _SIZE for code in range(256))
_BEYOND = bytes(range(256 - 256 % _SIZE, 256))


def proof_for(request: HttpRequest) -> str:
    """Return a new mask of the reader's secret; a reader without one gets a secret, and the cookie that keeps it.

    The cookie of a reader who has one is left as it is, for it lives a year.
    """
    secret = request.META.get("CSRF_COOKIE", "")
    if len(secret) != CSRF_SECRET_LENGTH:
        return get_token(request)
    mask = b""
    while len(mask) < CSRF_SECRET_LENGTH:
        mask += os.urandom(2 * CSRF_SECRET_LENGTH).translate(_ROUNDS, _BEYOND)
    mask = mask[:CSRF_SECRET_LENGTH]
    places = secret.encode().translate(_PLACES)
    masked = bytes([(place + shift) % _SIZE for place, shift in zip(places, mask, strict=True)])
    return (mask + masked).translate(_LETTERS).decode()
