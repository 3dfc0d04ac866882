"""What an account may be called and do, how long its proofs last, and how its devices are told apart."""

import ipaddress
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.rules.wording import LIBRARY_MESSAGES, library_letter

__all__ = ["LIBRARY_MESSAGES", "library_letter"]

HANDLE = r"^[a-z0-9][a-z0-9_]{1,29}$"
# Words that name parts of the site or whom people trust with their secrets.
RESERVED_HANDLES = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "administrator",
        "api",
        "help",
        "legal",
        "mailbox",
        "me",
        "moderator",
        "network",
        "nobody",
        "notifications",
        "official",
        "operator",
        "organisation",
        "organisations",
        "people",
        "permissions",
        "policy",
        "policies",
        "privacy",
        "root",
        "search",
        "security",
        "settings",
        "staff",
        "status",
        "support",
        "system",
        "timeline",
    ]
)

THEMES = ("", "light", "dark")
LOCALES = ("en-gb",)
CODE_LENGTH = 6
LIFETIMES = {
    "sign_in": timedelta(minutes=10),
    "join": timedelta(minutes=60),
    "change_email": timedelta(minutes=60),
}
SEEN_EVERY = timedelta(minutes=1)
# How long recovery codes can be looked at again after they were shown first.
RECOVERY_CODES_SHOWN = timedelta(hours=1)
TOKEN_PREFIX = "gld_"  # noqa: S105 - the public start of every token, not a secret
TOKEN_DAYS = (7, 30, 90, 365)
TOKENS_PER_MEMBER = 25
# The parts of the API that a token can be limited to: the first word of an address after the version.
AREAS = ("me", "people", "organisations", "network", "timeline", "notifications", "files", "realtime")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


OPEN, BY_INVITATION, CLOSED = REGISTRATION = ("open", "invitation", "closed")

# What one network and one identity may try: so many at once, then one in so many seconds.
_NETWORK, _IDENTITY = (40, 3), (8, 60)
ATTEMPTS = {
    "sign_in": (_NETWORK, _IDENTITY),
    "sign_up": ((20, 30), (4, 600)),
    "send_code": ((20, 30), (4, 300)),
    "enter_code": (_NETWORK, (12, 30)),
    "reset_password": ((20, 30), (4, 300)),
    "reauthenticate": (_NETWORK, _IDENTITY),
    "second_factor": (_NETWORK, _IDENTITY),
}


def is_free_word(handle: str) -> bool:
    """Tell whether a handle is neither reserved nor misleading."""
    return handle not in RESERVED_HANDLES


def may_grant(granter_id: int | None, member_id: int) -> bool:
    """Nobody grants themselves; the system, which has no id, grants the first administrator."""
    return granter_id != member_id


def may_suspend(*, is_staff: bool, may_grant_roles: bool) -> bool:
    """Only those who could take their roles lock staff out, so that a moderator cannot unseat an administrator."""
    return may_grant_roles or not is_staff


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the zones this installation knows."""
    return frozenset(available_timezones())


def unknown_choices(*, time_zone: str, locale: str, theme: str) -> dict[str, str]:
    """Return what is wrong with preferences, by field."""
    found = {}
    if time_zone not in time_zones():
        found["time_zone"] = "Choose a time zone of the list."
    if locale not in LOCALES:
        found["locale"] = "Choose a language of the list."
    if theme not in THEMES:
        found["theme"] = "Choose light, dark, or as your device."
    return found


def may_wear(hat: str, hats: Collection[str]) -> bool:
    """The active hat is one the member put on, or none."""
    return hat == "" or hat in hats


def roles_in_force(
    granted: frozenset[StaffRole], *, has_second_factor: bool
) -> tuple[frozenset[StaffRole], frozenset[StaffRole]]:
    """Return the roles that count and those that rest until there is a second factor."""
    return (granted, frozenset()) if has_second_factor else (frozenset(), granted)


def is_allowed_by(scopes: Collection[str], *, method: str, area: str) -> bool:
    """Tell whether a token's scopes cover a request: `write` includes `read`, an area narrows both."""
    wanted = {"write"} if method not in _SAFE_METHODS else {"read", "write"}
    return any(scope in wanted or scope in {f"{area}.{verb}" for verb in wanted} for scope in scopes)


def scope_for(*, method: str, area: str) -> str:
    """Return the narrowest scope that covers a request to an area of the API."""
    verb = "read" if method in _SAFE_METHODS else "write"
    return f"{area}.{verb}" if area in AREAS else verb


def is_scope(scope: str) -> bool:
    """Tell whether a scope exists: `read`, `write`, or an area of the API followed by one of them."""
    area, dot, verb = scope.rpartition(".")
    return verb in ("read", "write") and (area in AREAS if dot else not area)


def fresh_step(steps: Collection[int], *, last: int) -> int | None:
    """Return the time step a code of an app counts for, or None when that step or a later one counted already."""
    return max((step for step in steps if step > last), default=None)


def is_due(last: datetime | None, now: datetime) -> bool:
    """Tell whether a last-seen time is old enough to be worth a write."""
    return last is None or now - last >= SEEN_EVERY


_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ("python", "Python"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_label(user_agent: str) -> str:
    """Return a short name such as "Firefox on Linux" for what a browser says of itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or "Unknown device"


def address_prefix(address: str) -> str:
    """Return the network an address is in: enough to recognise a place, too little to name a person."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))
