"""Whose session, token or code that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from guildry.kernel import clock, crypto
from guildry.kernel.compiled import CompiledQuery
from guildry.people.accounts.models import AccessToken, Member, OneTimeCode, Persona, Session
from guildry.platform.mail import queries as mail

MEMBER_COLUMNS = tuple(field.attname for field in Member._meta.concrete_fields)
_SESSION = ("id", "data", "member_stamp", "last_seen_at", "expires_at")
_TOKEN = ("id", "scopes", "expires_at", "revoked_at", "last_used_at")

DEMO_PASSWORD = "guildry-demo"  # noqa: S105 - printed at every start of a demonstration


@dataclass(frozen=True)
class Identity:
    """A session that is in force; `member` is None while nobody has signed in with it."""

    session_id: int
    data: str
    last_seen_at: datetime
    member: Member | None


@dataclass(frozen=True)
class TokenHolder:
    """A token that is in force, and whose it is."""

    token_id: int
    scopes: tuple[str, ...]
    last_used_at: datetime | None
    member: Member


_session_row = CompiledQuery(
    "accounts.session",
    lambda digest: Session.objects.filter(key_digest=digest).values_list(
        *_SESSION, *(f"member__{name}" for name in MEMBER_COLUMNS)
    ),
    digest=str,
)
_session_again = CompiledQuery(
    "accounts.session_again",
    lambda session_id: Session.objects.filter(pk=session_id).values_list(
        *_SESSION, *(f"member__{name}" for name in MEMBER_COLUMNS)
    ),
    session_id=int,
)
_token_again = CompiledQuery(
    "accounts.token_again",
    lambda token_id: AccessToken.objects.filter(pk=token_id).values_list(
        *_TOKEN, *(f"member__{name}" for name in MEMBER_COLUMNS)
    ),
    token_id=int,
)
_token_row = CompiledQuery(
    "accounts.token",
    lambda digest: AccessToken.objects.filter(digest=digest).values_list(
        *_TOKEN, *(f"member__{name}" for name in MEMBER_COLUMNS)
    ),
    digest=str,
)


def member_of_session(key: str) -> Identity | None:
    """Return the session of a cookie's key and its member, in one query; None when unknown or expired.

    A session whose member was suspended or got a new password elsewhere has no member any more.
    """
    return _identity_in(_session_row(digest=crypto.digest(key)))


def authenticate_token(token: str) -> TokenHolder | None:
    """Return who holds a bearer token, in one query; None when it is unknown, expired or revoked."""
    return _holder_in(_token_row(digest=crypto.digest(token)))


def member_of(*, session_id: int | None = None, token_id: int | None = None) -> Member | None:
    """Return who came by a session or a token, as they are now; None once that is over."""
    if session_id is not None:
        identity = _identity_in(_session_again(session_id=session_id))
        return identity.member if identity else None
    holder = _holder_in(_token_again(token_id=token_id))
    return holder.member if holder else None


def scopes_of(token_id: int) -> tuple[str, ...]:
    """Return what a token may be used for; nothing once it is over."""
    holder = _holder_in(_token_again(token_id=token_id))
    return holder.scopes if holder else ()


def _identity_in(rows: list[tuple[Any, ...]]) -> Identity | None:
    if not rows:
        return None
    session_id, data, stamp, last_seen_at, expires_at = rows[0][: len(_SESSION)]
    if expires_at <= clock.now():
        return None
    member = member_of_row(rows[0][len(_SESSION) :])
    if member and not (member.is_active and is_stamp_of(member, stamp)):
        member = None
    return Identity(session_id, data, last_seen_at, member)


def is_stamp_of(member: Member, stamp: str) -> bool:
    """Tell whether a session was begun with the member's present password, under any key that is accepted."""
    if crypto.matches(member.get_session_auth_hash(), stamp):
        return True
    return any(crypto.matches(older, stamp) for older in member.get_session_auth_fallback_hash())


def _holder_in(rows: list[tuple[Any, ...]]) -> TokenHolder | None:
    if not rows:
        return None
    token_id, scopes, expires_at, revoked_at, last_used_at = rows[0][: len(_TOKEN)]
    member = member_of_row(rows[0][len(_TOKEN) :])
    if revoked_at or expires_at <= clock.now() or not (member and member.is_active):
        return None
    return TokenHolder(token_id, tuple(scopes), last_used_at, member)


def sessions_of(member: Member) -> list[Session]:
    """Return the member's sessions in force, the latest seen first."""
    current = Session.objects.filter(member=member, expires_at__gt=clock.now())
    return [row for row in current.order_by("-last_seen_at", "-id") if is_stamp_of(member, row.member_stamp)]


def tokens_of(member: Member) -> list[AccessToken]:
    """Return the member's tokens that were not revoked, the newest first."""
    return list(AccessToken.objects.filter(member=member, revoked_at=None).order_by("-id"))


def code_of_link(token: str) -> OneTimeCode | None:
    """Return the code whose mail carried this link, while it can still be redeemed."""
    return OneTimeCode.live(clock.now()).filter(link_digest=crypto.digest(token)).first()


def mailbox_address(email: str) -> str:
    """Return where the mail to an address can be read on this site, or "" where mail is really sent."""
    if not mail.is_mailbox_open():
        return ""
    return f"{reverse('mail:mailbox')}?{urlencode({'to': email})}"


def is_demo_open() -> bool:
    """Tell whether anybody may step into the cast: only where it was seeded and no mail leaves the house."""
    return mail.is_mailbox_open() and Persona.objects.exists()


def personas() -> list[Persona]:
    """Return the cast that can be stepped into, in the order it was seeded."""
    return list(Persona.objects.select_related("member").order_by("id"))


def persona(handle: str) -> Persona | None:
    """Return the persona of that handle, unless the member was suspended meanwhile."""
    cast = Persona.objects.select_related("member").filter(member__is_active=True)
    return cast.filter(member__handle=handle).first()


def member_of_row(values: Sequence[object]) -> Member | None:
    """Return the member in the values of MEMBER_COLUMNS; None where they are all missing."""
    return Member.from_db("default", list(MEMBER_COLUMNS), list(values)) if values[0] is not None else None
