"""What the edge decides without asking anybody: policies, identifiers, classes of requests."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import unquote_to_bytes

_DIRECTIVES = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx app-sw",
}
_PAGE_POLICY = "; ".join(f"{name} {sources}" for name, sources in _DIRECTIVES.items())

# Nothing here uses these, so no script that slips in may either.
_DENIED = (
    "accelerometer autoplay browsing-topics camera compute-pressure "
    "cross-origin-isolated display-capture encrypted-media gamepad geolocation gyroscope hid idle-detection "
    "local-fonts magnetometer microphone midi payment picture-in-picture "
    "screen-wake-lock serial storage-access usb "
    "window-management xr-spatial-tracking"
)

STANDING_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED.split()),
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"

# Probes address a process by whatever name reaches it.
ANY_HOST_PATHS = frozenset({"/healthz", "/readyz", "/startupz"})


def content_policy(nonce: str, *, secure: bool) -> str:
    """Return the Content-Security-Policy of a page; `secure` says that the site is served over https."""
    policy = _PAGE_POLICY.format(nonce=nonce)
    if secure:
        return f"{policy}; upgrade-insecure-requests; report-uri /csp-report; report-to csp"
    return f"{policy}; report-uri /csp-report"


_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


def trace_in(header: str) -> str:
    """Return the trace id of a valid W3C traceparent, or an empty string."""
    match = _TRACEPARENT.fullmatch(header)
    if not match:
        return ""
    version, trace, parent, _, rest = match.groups()
    if version == "ff" or (version == "00" and rest):
        return ""
    return "" if set(trace) == {"0"} or set(parent) == {"0"} else trace


# MySQL and MariaDB: too many connections, lost or refused connections, lock waits, deadlocks, full or read-only disk.
_PASSING_CODES = frozenset(
    {1020, 1021, 1023, 1040, 1053, 1114, 1129, 1158, 1159, 1160, 1161, 1180, 1203, 1205, 1213, 1290, 1836}
    | {2002, 2003, 2006, 2013, 2014, 2055, 3024, 4031}
)
_PASSING_WORDS = ("locked", "busy", "readonly", "read-only", "disk is full", "disk i/o", "unable to open")


def is_passing(arguments: Sequence[Any]) -> bool:
    """Tell whether a database error, by its arguments, ends by itself: locks, lost servers, full disks."""
    if arguments and isinstance(arguments[0], int):
        return arguments[0] in _PASSING_CODES
    text = str(arguments[0]).lower() if arguments else ""
    return any(word in text for word in _PASSING_WORDS)


RETRY_SECONDS = 2.0

# What a caller does about a status; the kinds of one status differ only in why.
ADVICE = {
    400: "Mend the request: its form is wrong, so sending it again changes nothing.",
    401: "Sign in, or send a token that works, and call again.",
    403: "Ask somebody who may, or become somebody who may. Nothing was changed.",
    404: "Check the address. It may never have existed, be gone, or be hidden from you; the answer is the same.",
    405: "Use one of the methods that the header Allow names.",
    406: "Accept another format.",
    409: "Read again what is there now, then decide. Sending the same call again gives the same answer.",
    410: "It was here and will not come back at this address.",
    412: "Read the latest version, put your change on top of it, and name that version in If-Match.",
    413: "Send less, or in parts.",
    415: "Send the format that the operation takes: application/json, or multipart/form-data for a file.",
    416: "Ask for bytes that the file has; the header Content-Range says how many there are.",
    422: "Mend what errors points at, and send it again.",
    428: "Read first, and name the version you read in If-Match.",
    429: "Wait as long as Retry-After says, then go on more slowly.",
    500: "This is our fault. Quote the trace id when you report it; the call may be repeated with its Idempotency-Key.",
    502: "The other server is at fault. Try later, or without it.",
    503: "Wait as long as Retry-After says, then repeat the call with its Idempotency-Key.",
}

_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def is_key(text: str) -> bool:
    """Tell whether an Idempotency-Key can be kept: a UUID or up to 64 letters, digits and _ . : - signs."""
    return bool(_KEY.fullmatch(text))


KEEP_REPLIES = timedelta(hours=24)
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
LARGEST_REPLY = 256 * 1024
# A claim older than this was left by a process that died; the key may be used again.
CLAIM_LASTS = timedelta(seconds=60)


def is_kept(status: int) -> bool:
    """Tell whether a reply settles its call; faults and calls that were not let in may be tried again."""
    return status < 500 and status not in (401, 408, 425, 429)


def digest_of(parts: Sequence[bytes]) -> str:
    """Return one SHA-256 of all parts, each told apart from the next."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def is_readable_query(query: str) -> bool:
    """Tell whether a raw query string is UTF-8 once its escapes are undone, and holds no null."""
    if "%" not in query and query.isascii():
        return "\0" not in query
    try:
        return "\0" not in unquote_to_bytes(query.encode("latin-1")).decode()
    except ValueError:
        return False


JSON_BYTES = 1024 * 1024
FORM_BYTES = 2 * 1024 * 1024
REPORT_BYTES = 16 * 1024
# Boundaries, names and the other fields of a form that carries one file.
FORM_OVERHEAD = 64 * 1024


def largest_body(path: str, *, is_upload: bool, largest_file: int) -> int:
    """Return how many bytes a request to this path may bring."""
    if path == "/csp-report":
        return REPORT_BYTES
    if is_upload:
        return max(largest_file, FORM_BYTES) + FORM_OVERHEAD
    return JSON_BYTES if path.startswith("/api/") else FORM_BYTES


@dataclass(frozen=True)
class RateClass:
    """Requests that share an allowance: `burst` at once, refilled at `per_second`."""

    name: str
    burst: int
    per_second: float

    @cached_property
    def policy(self) -> str:
        return f'"{self.name}";q={self.burst};w={round(self.burst / self.per_second)}'


CREDENTIALS = RateClass("credentials", 20, 20 / 60)
SEARCH = RateClass("search", 40, 1)
READ = RateClass("read", 600, 50)
WRITE = RateClass("write", 120, 2)
GUEST_READ = RateClass("guest-read", 300, 20)
GUEST_WRITE = RateClass("guest-write", 60, 1)
REPORTS = RateClass("reports", 20, 0.2)

_CREDENTIAL_PATHS = re.compile(
    r"/(sign-in|login|password|signup|join|2fa|mfa|confirm-email|reauthenticate)\b"
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def rate_class(method: str, path: str, *, signed_in: bool) -> RateClass:
    """Return the allowance a request spends from."""
    if path == "/csp-report":
        return REPORTS
    if method not in _SAFE:
        if _CREDENTIAL_PATHS.search(path):
            return CREDENTIALS
        return WRITE if signed_in else GUEST_WRITE
    if "/search" in path:
        return SEARCH
    return READ if signed_in else GUEST_READ


@dataclass(frozen=True)
class Violation:
    """What a browser blocked, cut to what tells one cause from another."""

    directive: str
    blocked: str
    source: str


def violations_in(document: Any) -> list[Violation]:
    """Read both report formats, legacy `csp-report` and the Reporting API; anything else holds none."""
    entries = document if isinstance(document, list) else [document]
    found = [_violation(entry) for entry in entries[:20] if isinstance(entry, Mapping)]
    return [violation for violation in found if violation is not None]


def _violation(entry: Mapping[str, Any]) -> Violation | None:
    body = entry.get("csp-report") or entry.get("body")
    if not isinstance(body, Mapping):
        return None
    directive = _first(body, "effective-directive", "effectiveDirective", "violated-directive")
    if not directive:
        return None
    blocked = _first(body, "blocked-uri", "blockedURL")
    source = _first(body, "source-file", "sourceFile", "document-uri", "documentURL")
    return Violation(directive.split(" ")[0][:64], _origin_and_path(blocked), _origin_and_path(source))


def _first(body: Mapping[str, Any], *names: str) -> str:
    values = (body.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _origin_and_path(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0][:200]
