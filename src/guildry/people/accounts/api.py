"""JSON API of accounts: who I am and how I am shown, and my own devices and tokens."""

from datetime import datetime
from typing import Any, Literal, cast

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.utils import check_csrf

from guildry.kernel import errors
from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.shapes import Body, Id
from guildry.people.accounts import actions, queries, rules
from guildry.people.accounts.models import Hat, Member

router = Router(tags=["me"])
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ConfirmationNeeded(errors.Forbidden):
    problem = errors.problem("confirmation-needed", 403, "Confirm first that it is you")
    detail = (
        "Tokens are made by a person who has just confirmed their password. "
        "Make one under Settings, Tokens, or call this from a session that was confirmed a moment ago."
    )


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
    portrait: str = Field(description="The key of a file, or empty for the drawn portrait.")
    hats: list[str]
    active_hat: str
    staff_roles: list[str]
    time_zone: str
    locale: str
    theme: str


class PresenceIn(Body):
    """How I am shown beside everything I do; what is left out stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=80)
    headline: str | None = Field(None, max_length=140)


class HandleIn(Body):
    handle: str = Field(pattern=rules.HANDLE)


class HatIn(Body):
    """One of the hats I wear, or none with an empty text."""

    hat: Hat | Literal[""]


class HatsIn(Body):
    hats: list[Hat] = Field(max_length=len(Hat))


class PreferencesIn(Body):
    """What is left out stays as it is; an empty theme follows the device."""

    time_zone: str | None = Field(None, max_length=64, description="A name of the IANA database.")
    locale: str | None = Field(None, max_length=12)
    theme: Literal["", "light", "dark"] | None = None


class SessionOut(Schema):
    id: int
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime


class EndedOut(Schema):
    ended: int


class TokenIn(Body):
    """`scopes` are `read`, `write`, or an area of the API followed by one of them, such as `timeline.write`."""

    name: str = Field(min_length=1, max_length=60)
    scopes: list[str] = Field(min_length=1, max_length=2 * len(rules.AREAS) + 2)
    days: Literal[7, 30, 90, 365]


class TokenOut(Schema):
    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    """A token as its only reader gets it: the secret is shown here and nowhere else."""

    secret: str


@router.get("/me", response=MeOut, summary="Read who I am")
def read_me(request: MemberRequest) -> Member:
    return request.user


@router.patch("/me", response=MeOut, summary="Change my name and headline")
def edit_me(request: MemberRequest, body: PresenceIn) -> Member:
    return actions.present_member(request.user, name=body.name, headline=body.headline)


@router.put("/me/handle", response=MeOut, summary="Take another handle")
@refuses(actions.HandleTaken)
def rename_me(request: MemberRequest, body: HandleIn) -> Member:
    return actions.rename_member(request.user, handle=body.handle)


@router.put("/me/hats", response=MeOut, summary="Put on hats")
def choose_hats(request: MemberRequest, body: HatsIn) -> Member:
    """Exactly these; an active hat that is taken off gives way to the first one left."""
    return actions.choose_hats(request.user, hats=body.hats)


@router.put("/me/hat", response=MeOut, summary="Switch the active hat")
@refuses(actions.HatNotWorn)
def switch_hat(request: MemberRequest, body: HatIn) -> Member:
    return actions.switch_hat(request.user, hat=body.hat)


@router.patch("/me/preferences", response=MeOut, summary="Choose my time zone and theme")
def choose_preferences(request: MemberRequest, body: PreferencesIn) -> Member:
    return actions.choose_preferences(request.user, **body.dict(exclude_unset=True))


@router.get("/me/sessions", response=list[SessionOut], summary="List my signed-in devices")
def list_sessions(request: MemberRequest) -> list[Any]:
    return list(queries.sessions_of(request.user))


@router.delete("/me/sessions", response=EndedOut, summary="Sign every other device out")
def end_other_sessions(request: MemberRequest) -> Any:
    """A call with a token has no device of its own, so it signs all of them out."""
    session: Any = request.session
    is_token = request.token_holder is not None  # type: ignore[attr-defined]
    mine = None if is_token else session.identity()
    keep = mine.session_id if mine else None
    return {"ended": actions.end_other_sessions(request.user, member_id=request.user.pk, keep=keep)}


@router.delete("/me/sessions/{session_id}", response={204: None}, summary="Sign a device out")
def end_session(request: MemberRequest, session_id: Id) -> Status[Any]:
    actions.end_session(request.user, session_id=session_id)
    return Status(204, None)


@router.get("/me/tokens", response=list[TokenOut], summary="List my access tokens")
def list_tokens(request: MemberRequest) -> list[Any]:
    return list(queries.tokens_of(request.user))


@router.post("/me/tokens", response={201: NewTokenOut}, summary="Make an access token")
@refuses(ConfirmationNeeded, actions.TooManyTokens)
def issue_token(request: MemberRequest, response: HttpResponse, body: TokenIn) -> Status[Any]:
    """A token cannot make tokens: this takes a session whose password was confirmed in the last 15 minutes."""
    is_token = request.token_holder is not None  # type: ignore[attr-defined]
    if is_token or is_reauthentication_required(request, app="allauth.account"):
        raise ConfirmationNeeded
    issued = actions.issue_token(request.user, name=body.name, scopes=body.scopes, days=body.days)
    response.headers["Cache-Control"] = "no-store"
    return Status(201, {**TokenOut.from_orm(issued.token).dict(), "secret": issued.secret})


@router.delete("/me/tokens/{token_id}", response={204: None}, summary="Revoke an access token")
def revoke_token(request: MemberRequest, token_id: Id) -> Status[Any]:
    actions.revoke_token(request.user, token_id=token_id)
    return Status(204, None)
