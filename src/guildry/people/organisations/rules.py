"""Who may do what in an organisation, what it may be called, and how invitations live and end."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from guildry.kernel.states import Transitions


class Right(StrEnum):
    """What a role in an organisation lets its holder do there."""

    EDIT = "edit"
    INVITE = "invite"
    ANSWER_REQUESTS = "answer_requests"
    CHANGE_ROLES = "change_roles"
    REMOVE_PEOPLE = "remove_people"
    SPEAK = "speak"
    CLOSE = "close"


RANKS = {"viewer": 0, "member": 1, "manager": 2, "admin": 3, "owner": 4}
RIGHTS: dict[str, frozenset[Right]] = {
    "viewer": frozenset(),
    "member": frozenset(),
    "manager": frozenset({Right.INVITE, Right.ANSWER_REQUESTS, Right.SPEAK}),
    "admin": frozenset(Right) - {Right.CLOSE},
    "owner": frozenset(Right),
}
# Addresses of this app that a handle must not shadow.
RESERVED_HANDLES = frozenset(
    {"mine", "new", "invitations", "admin", "guildry", "official", "staff", "support"}
)
STATES = Transitions({"open": frozenset({"closed"}), "closed": frozenset({"open"})})
INVITATIONS = Transitions(
    {
        "pending": frozenset({"accepted", "declined", "revoked"}),
        "accepted": frozenset(),
        "declined": frozenset(),
        "revoked": frozenset(),
    }
)
REQUESTS = Transitions(
    {
        "pending": frozenset({"accepted", "declined", "withdrawn"}),
        "accepted": frozenset(),
        "declined": frozenset(),
        "withdrawn": frozenset(),
    }
)
INVITATION_LIFETIME = timedelta(days=14)
PENDING_INVITATIONS = 100
INVITATIONS_PER_DAY = 40
SENDINGS = 4
SENDING_INTERVAL = timedelta(minutes=10)
ORGANISATIONS_PER_DAY = 5
REQUESTS_PER_DAY = 20
EARLIEST_YEAR = 1000
# How long an overseer may act after saying why.
OVERSIGHT_LASTS = timedelta(minutes=30)


def rights_of(role: str | None) -> frozenset[Right]:
    """Return the rights of a role; somebody without a role has none."""
    return RIGHTS[role] if role else frozenset()


def may_give(own_role: str | None, role: str) -> bool:
    """Owners give any role; everybody else only roles below their own."""
    if own_role is None:
        return False
    return own_role == "owner" or RANKS[role] < RANKS[own_role]


def may_change(own_role: str | None, their_role: str) -> bool:
    """Owners change anybody; everybody else only people ranked below them."""
    return may_give(own_role, their_role)


def roles_to_give(own_role: str | None) -> tuple[str, ...]:
    """Return the roles someone may hand out, the lowest first."""
    return tuple(role for role in RANKS if may_give(own_role, role))


def is_free_word(handle: str) -> bool:
    """Tell whether a handle shadows no address of ours and claims no authority."""
    return handle not in RESERVED_HANDLES


def is_expired(expires_at: datetime, now: datetime) -> bool:
    return now >= expires_at


def may_send_again(*, sent_count: int, sent_at: datetime | None, now: datetime) -> bool:
    """An invitation goes out a few times, with some minutes in between."""
    return sent_count < SENDINGS and (sent_at is None or now - sent_at >= SENDING_INTERVAL)


def sort_key(name: str) -> str:
    """Return a name as lists order it: folded, without accents, without what is not a letter or digit at its start."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"^\W+", "", plain)[:80] or plain[:80]
