"""Classes of requests, the allowance each has, and what one request costs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class RateClass:
    """Requests that share an allowance: `burst` at once, refilled at `per_minute`."""

    name: str
    burst: int
    per_minute: int
    about: str = ""

    @cached_property
    def per_second(self) -> float:
        return self.per_minute / 60

    @cached_property
    def policy(self) -> str:
        return f'"{self.name}";q={self.burst};w={round(self.burst / self.per_second)}'

    @property
    def keys(self) -> tuple[str, str]:
        """The settings of the allowance: at once, and a minute."""
        name = self.name.replace("-", "_")
        return f"http.rate.{name}_burst", f"http.rate.{name}_per_min"


CREDENTIALS = RateClass("credentials", 20, 20, "passwords, joining and other ways in")
CODES = RateClass("codes", 15, 10, "one-time codes and second factors")
SEARCH = RateClass("search", 40, 60, "searches")
EXPORTS = RateClass("exports", 10, 6, "copies of what is kept")
UPLOADS = RateClass("uploads", 60, 60, "files, of which large ones count several times")
READ = RateClass("read", 600, 3000, "reading by members")
WRITE = RateClass("write", 120, 120, "changes by members")
GUEST_READ = RateClass("guest-read", 300, 1200, "reading by guests")
GUEST_WRITE = RateClass("guest-write", 60, 60, "changes by guests")
REPORTS = RateClass("reports", 20, 12, "violations reported by browsers")
# Whoever signs in with many accounts still has one address; an office behind one address has many members.
ADDRESS = RateClass("address", 4000, 12_000, "everything from one address, each process counting for itself")
RATE_CLASSES = (
    CREDENTIALS, CODES, SEARCH, EXPORTS, UPLOADS, READ, WRITE, GUEST_READ, GUEST_WRITE, REPORTS, ADDRESS
)  # fmt: skip

UPLOAD_UNIT = 4 * 1024 * 1024
_CREDENTIAL_PATHS = re.compile(
    r"/(sign-in|login|password|signup|join|2fa|mfa|confirm-email|reauthenticate)\b"
)
_CODE_PATHS = re.compile(
    r"/(codes?|second-factor|passkeys?|recovery-codes)/|^/join/confirm/|^/settings/security/app/"
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def rate_class(method: str, path: str, *, signed_in: bool, is_upload: bool = False) -> RateClass:
    """Return the allowance a request spends from."""
    if path == "/csp-report":
        return REPORTS
    if "/export" in path:
        return EXPORTS
    if method not in _SAFE:
        if _CODE_PATHS.search(path):
            return CODES
        if _CREDENTIAL_PATHS.search(path):
            return CREDENTIALS
        if not signed_in:
            return GUEST_WRITE
        return UPLOADS if is_upload else WRITE
    if "/search" in path:
        return SEARCH
    return READ if signed_in else GUEST_READ


def cost_of(kind: RateClass, byte_count: int) -> int:
    """Return how many calls a request counts as: an upload one for each 4 MiB it begins, never more than fit at once."""
    return min(kind.burst, 1 + byte_count // UPLOAD_UNIT) if kind.name == UPLOADS.name else 1


def rates_from(values: Mapping[str, Any]) -> dict[str, RateClass]:
    """Return every class by its name, with the allowances that these settings give."""
    found = {}
    for kind in RATE_CLASSES:
        burst, per_minute = kind.keys
        found[kind.name] = RateClass(
            kind.name, values.get(burst, kind.burst), values.get(per_minute, kind.per_minute), kind.about
        )
    return found
