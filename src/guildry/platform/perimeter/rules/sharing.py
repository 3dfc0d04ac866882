"""Which scripts of other origins may call the API, and what their browsers are told about it."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

SHARED_ROOT = "/api/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LONGEST_MEMORY = timedelta(days=1)
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_USUAL_PORTS = {"http": 80, "https": 443}
_SENT = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, traceparent"
_READ = (
    "Content-Disposition, ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "WWW-Authenticate, X-Request-Id, traceresponse"
)


def not_an_origin(origins: Collection[str]) -> str:
    """Say which text is no origin as a browser sends it, or nothing: others would never match."""
    for origin in origins:
        parts = urlsplit(origin)
        sent = f"{parts.scheme}://{parts.netloc.replace('*', '')}"
        if origin != sent.lower() or parts.port == _USUAL_PORTS.get(parts.scheme, 0):
            return f"takes whole origins as browsers send them, without path and usual port, and {origin} is none."
        if parts.scheme == "http" and parts.hostname not in _LOCAL:
            return f"takes https, because a token sent from {origin} can be read on its way."
    return ""


def is_preflight(method: str, asked: str) -> bool:
    """Tell whether a browser asks beforehand; `asked` is the method it wants to use."""
    return method == "OPTIONS" and bool(asked)


def leave_to_call(asked: str, methods: Collection[str], lasts: timedelta) -> dict[str, str]:
    """Return what a browser is told that asks beforehand; a method that is not shared gets no leave."""
    if asked not in (*methods, "HEAD" if "GET" in methods else ""):
        return {}
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _SENT,
        "Access-Control-Max-Age": str(int(lasts.total_seconds())),
    }


def leave_to_read(origin: str) -> Mapping[str, str]:
    """Return what makes an answer readable for scripts of an origin that is listed."""
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _READ}
