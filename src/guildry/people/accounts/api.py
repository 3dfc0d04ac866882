"""JSON API of accounts: who I am, and my own devices and tokens."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.utils import check_csrf

from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest
from guildry.people.accounts import actions, queries
from guildry.people.accounts.models import Member

router = Router(tags=["accounts"])
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def signed_in(request: HttpRequest) -> Member:
    """Let members in, by token or by session; raises the refusal that fits.

    The composition root makes this the default of every operation. A session also proves with its CSRF token that
    the call comes from our own pages.
    """
    member: Any = request.user
    if member.is_authenticated:
        is_call_of_a_page = request.token_holder is None and request.method not in _SAFE  # type: ignore[attr-defined]
        if is_call_of_a_page and check_csrf(request) is not None:
            raise errors.NotSignedByUs
        return cast(Member, member)
    raise request.token_refusal or errors.Unauthenticated()  # type: ignore[attr-defined]


class MeOut(Schema):
    id: int
    handle: str
    name: str
    email: str
    headline: str
    hats: list[str]
    active_hat: str
    staff_roles: list[str]
    time_zone: str
    locale: str


class HatIn(Schema):
    hat: str


class SessionOut(Schema):
    id: int
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime


class TokenOut(Schema):
    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@router.get("/me", response=MeOut, summary="Who I am")
def me(request: MemberRequest) -> Member:
    return request.user


@router.put("/me/hat", response=MeOut, summary="Switch the active hat")
def switch_hat(request: MemberRequest, body: HatIn) -> Member:
    return actions.switch_hat(request.user, hat=body.hat)


@router.get("/me/sessions", response=list[SessionOut], summary="My signed-in devices")
def sessions(request: MemberRequest) -> list[Any]:
    return list(queries.sessions_of(request.user))


@router.delete("/me/sessions/{session_id}", response={204: None}, summary="Sign a device out")
def end_session(request: MemberRequest, session_id: int) -> Status[None]:
    actions.end_session(request.user, session_id=session_id)
    return Status(204, None)


@router.get("/me/tokens", response=list[TokenOut], summary="My access tokens")
def tokens(request: MemberRequest) -> list[Any]:
    return list(queries.tokens_of(request.user))


@router.delete("/me/tokens/{token_id}", response={204: None}, summary="Revoke an access token")
def revoke_token(request: MemberRequest, token_id: int) -> Status[None]:
    actions.revoke_token(request.user, token_id=token_id)
    return Status(204, None)
