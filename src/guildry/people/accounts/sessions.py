"""Sessions stored with the member and device they belong to."""

from django.contrib.sessions.backends.signed_cookies import SessionStore

__all__ = ["SessionStore"]
