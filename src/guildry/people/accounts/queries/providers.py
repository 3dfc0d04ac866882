"""Who else vouches for members: the sign-in providers this site uses, and whether they can be reached."""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

_HOSTS = {
    "google": "accounts.google.com",
    "apple": "appleid.apple.com",
    "facebook": "graph.facebook.com",
}
_SECONDS = 5


def providers_answer() -> str:
    """Greet every configured provider over TLS, or say that there is none; raises OSError naming who does not answer."""
    servers = sorted(set(_servers()))
    if not servers:
        return "not configured; members sign in with what this site keeps"
    silent = [host for host, port in servers if not _greets(host, port)]
    if silent:
        raise OSError(f"{', '.join(silent)} cannot be reached")
    return f"{', '.join(host for host, _ in servers)} can be reached"


def _servers() -> Iterator[tuple[str, int]]:
    for name, provider in settings.SOCIALACCOUNT_PROVIDERS.items():
        if name in _HOSTS:
            yield _HOSTS[name], 443
        for app in provider["APPS"]:
            if address := app.get("settings", {}).get("server_url"):
                parts = urlsplit(address)
                yield str(parts.hostname), parts.port or 443


def _greets(host: str, port: int) -> bool:
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as link,
            ssl.create_default_context().wrap_socket(link, server_hostname=host),
        ):
            return True
    except OSError:
        return False
