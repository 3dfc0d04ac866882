"""Identifiers, replies and sizes: what the edge decides of a request before anything looks at it."""

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import unquote_to_bytes

# Probes address a process by whatever name reaches it.
ANY_HOST_PATHS = frozenset({"/healthz", "/readyz", "/startupz"})
# Programs that watch the site ask these with a token, which is not in the database.
_OPEN_IN_AN_OUTAGE = ("/healthz", "/readyz", "/startupz", "/ops/health", "/ops/queues", "/ops/metrics")


def needs_the_database(path: str) -> bool:
    """Tell whether nothing can be said at an address while the database does not answer."""
    return not path.startswith(_OPEN_IN_AN_OUTAGE)


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
