"""JSON API of organisations."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest, needs, public, viewer_of
from guildry.kernel.shapes import Body, Id
from guildry.kernel.states import IllegalTransition
from guildry.people.organisations import actions, queries
from guildry.people.organisations.models import (
    Invitation,
    JoinRequest,
    Kind,
    Membership,
    Organisation,
    Role,
    Size,
)
from guildry.people.organisations.rules import Right

router = Router(tags=["organisations"])


class OrganisationOut(Schema):
    """An organisation; `people_count` is kept beside it, `mark` is the key of a file or empty for the drawn one."""

    id: int
    handle: str
    name: str
    kind: str
    tagline: str
    story: str
    place: str
    website: str
    size: str
    founded: int | None
    mark: str
    state: str
    accepts_requests: bool
    people_count: int
    created_at: datetime


class OrganisationPage(Schema):
    items: list[OrganisationOut]
    next_cursor: str


class Edits(Body):
    """What is left out stays as it is."""

    name: str | None = Field(None, max_length=80)
    kind: Kind | None = None
    tagline: str | None = Field(None, max_length=140)
    story: str | None = Field(None, max_length=6000)
    place: str | None = Field(None, max_length=80)
    website: str | None = Field(None, max_length=200)
    size: Size | None = None
    founded: int | None = Field(None, ge=1000, le=9999)
    accepts_requests: bool | None = None


class Founding(Body):
    handle: str = Field(..., min_length=2, max_length=30)
    name: str = Field(..., min_length=1, max_length=80)
    kind: Kind
    tagline: str = Field("", max_length=140)
    story: str = Field("", max_length=6000)
    place: str = Field("", max_length=80)
    website: str = Field("", max_length=200)


class MembershipOut(Schema):
    member_id: int
    handle: str = Field(..., alias="member.handle")
    name: str = Field(..., alias="member.name")
    headline: str = Field(..., alias="member.headline")
    role: str
    title: str
    started_at: datetime


class MembershipPage(Schema):
    items: list[MembershipOut]
    next_cursor: str


class OwnMembershipOut(Schema):
    organisation: OrganisationOut
    role: str
    title: str
    started_at: datetime


class RoleIn(Body):
    role: Role
    title: str = Field("", max_length=80)


class InvitationIn(Body):
    to: str = Field(..., min_length=2, max_length=254)
    role: Role = Role.MEMBER
    note: str = Field("", max_length=500)


class InvitationOut(Schema):
    id: int
    organisation_id: int
    member_id: int | None
    email: str
    role: str
    note: str
    state: str
    created_at: datetime
    expires_at: datetime


class JoinNoteIn(Body):
    note: str = Field("", max_length=500)


class StandingOut(Schema):
    """How I stand to an organisation: my role there, and what it lets me do."""

    role: str
    rights: list[Right]


class OversightIn(Body):
    reason: str = Field("", max_length=500)


class OversightOut(Schema):
    reason: str
    began_at: datetime
    ends_at: datetime


class RequestOut(Schema):
    id: int
    organisation_id: int
    member_id: int
    note: str
    state: str
    created_at: datetime


@router.get("", response=OrganisationPage, summary="List organisations by name", auth=None)
@public
def list_organisations(
    request: HttpRequest, q: str = "", kind: Kind | None = None, place: str = "", cursor: str = ""
) -> Any:
    return queries.directory(
        viewer_of(request), text=q[:80], kind=kind or "", place=place[:80], cursor=cursor
    )


@router.post("", response={201: OrganisationOut}, summary="Found an organisation")
@refuses(actions.HandleTaken)
def found_organisation(request: MemberRequest, body: Founding) -> Status:
    """You become its first owner."""
    return Status(201, actions.found_organisation(request.user, **body.dict()))


@router.get("/mine", response=list[OwnMembershipOut], summary="List where I belong")
def list_own_memberships(request: MemberRequest) -> list[Membership]:
    return queries.memberships_of(request.user.pk)


@router.get("/mine/invitations", response=list[InvitationOut], summary="List invitations to me")
def list_own_invitations(request: MemberRequest) -> list[Invitation]:
    return queries.invitations_for(request.user)


@router.get("/{handle}", response=OrganisationOut, summary="Read an organisation", auth=None)
@public
@refuses(queries.OrganisationNotFound)
def read_organisation(request: HttpRequest, handle: str) -> Organisation:
    return queries.organisation_by_handle(viewer_of(request), handle)


@router.patch("/{handle}", response=OrganisationOut, summary="Edit an organisation")
@refuses(queries.OrganisationNotFound, actions.RightMissing, actions.OrganisationClosedError)
def edit_organisation(request: MemberRequest, handle: str, body: Edits) -> Organisation:
    changes = body.dict(exclude_unset=True)
    changes = {key: value for key, value in changes.items() if value is not None or key == "founded"}
    return actions.edit_organisation(request.user, organisation_id=_id_of(request, handle), **changes)


@router.post("/{handle}/mark", response=OrganisationOut, summary="Take a picture as the mark")
@refuses(
    queries.OrganisationNotFound, actions.RightMissing, actions.OrganisationClosedError, actions.MarkWaiting
)
def choose_mark(request: MemberRequest, handle: str, file: File[UploadedFile]) -> Organisation:
    return actions.choose_mark(request.user, organisation_id=_id_of(request, handle), file=file)


@router.delete("/{handle}/mark", response=OrganisationOut, summary="Go back to the drawn mark")
@refuses(queries.OrganisationNotFound, actions.RightMissing, actions.OrganisationClosedError)
def drop_mark(request: MemberRequest, handle: str) -> Organisation:
    return actions.choose_mark(request.user, organisation_id=_id_of(request, handle), file=None)


@router.post("/{handle}/oversight", response={201: OversightOut}, summary="Act as an owner for half an hour")
@needs("organisations.oversee")
@refuses(queries.OrganisationNotFound)
def begin_oversight(request: MemberRequest, handle: str, body: OversightIn) -> Status:
    """Everything you change there meanwhile carries the reason in the audit trail."""
    oversight = actions.begin_oversight(
        request.user, organisation_id=_id_of(request, handle), reason=body.reason
    )
    return Status(201, oversight)


@router.put("/{handle}/closure", response=OrganisationOut, summary="Close an organisation")
@refuses(queries.OrganisationNotFound, actions.RightMissing, IllegalTransition)
def close_organisation(request: MemberRequest, handle: str) -> Organisation:
    """It leaves every list, and its history stays."""
    return actions.close_organisation(request.user, organisation_id=_id_of(request, handle))


@router.delete("/{handle}/closure", response=OrganisationOut, summary="Reopen a closed organisation")
@refuses(queries.OrganisationNotFound, actions.RightMissing, IllegalTransition)
def reopen_organisation(request: MemberRequest, handle: str) -> Organisation:
    return actions.reopen_organisation(request.user, organisation_id=_id_of(request, handle))


@router.get("/{handle}/standing", response=StandingOut, summary="Read how I stand to an organisation")
@refuses(queries.OrganisationNotFound)
def read_standing(request: MemberRequest, handle: str) -> Any:
    found = queries.standing(request.user, queries.organisation_by_handle(request.user, handle))
    return {"role": found.role, "rights": sorted(found.rights)}


@router.get("/{handle}/people", response=MembershipPage, summary="List who belongs there")
@refuses(queries.OrganisationNotFound)
def list_members(request: MemberRequest, handle: str, cursor: str = "") -> Any:
    return queries.people_of(queries.organisation_by_handle(request.user, handle), cursor=cursor)


@router.put("/{handle}/people/{member_id}", response=MembershipOut, summary="Give somebody a role")
@refuses(queries.OrganisationNotFound, actions.NotInside, actions.RightMissing, actions.LastOwner)
def change_role(request: MemberRequest, handle: str, member_id: Id, body: RoleIn) -> Membership:
    return actions.change_role(
        request.user, organisation_id=_id_of(request, handle), member_id=member_id, **body.dict()
    )


@router.delete("/{handle}/people/{member_id}", response={204: None}, summary="Remove somebody, or leave")
@refuses(queries.OrganisationNotFound, actions.NotInside, actions.RightMissing, actions.LastOwner)
def end_membership(request: MemberRequest, handle: str, member_id: Id) -> Status:
    actions.end_membership(request.user, organisation_id=_id_of(request, handle), member_id=member_id)
    return Status(204, None)


@router.get("/{handle}/invitations", response=list[InvitationOut], summary="List open invitations")
@refuses(queries.OrganisationNotFound)
def list_invitations(request: MemberRequest, handle: str) -> list[Invitation]:
    """Empty for those who may not invite."""
    return queries.open_invitations(request.user, queries.organisation_by_handle(request.user, handle))


@router.post("/{handle}/invitations", response={201: InvitationOut}, summary="Invite somebody")
@refuses(
    queries.OrganisationNotFound, actions.RightMissing, actions.OrganisationClosedError, actions.AlreadyInside,
    actions.AlreadyInvited, actions.TooManyInvitations,
)  # fmt: skip
def invite_person(request: MemberRequest, handle: str, body: InvitationIn) -> Status:
    """`to` is a handle or an e-mail address."""
    return Status(201, actions.invite(request.user, organisation_id=_id_of(request, handle), **body.dict()))


@router.post(
    "/invitations/{invitation_id}/acceptance", response=MembershipOut, summary="Accept an invitation"
)
@refuses(
    queries.InvitationNotFound, queries.InvitationExpired, actions.InvitationForSomeoneElse,
    actions.AlreadyInside, actions.OrganisationClosedError,
)  # fmt: skip
def accept_invitation(request: MemberRequest, invitation_id: Id) -> Membership:
    return actions.accept_invitation(request.user, invitation_id=invitation_id)


@router.post("/invitations/{invitation_id}/refusal", response=InvitationOut, summary="Decline an invitation")
@refuses(queries.InvitationNotFound, queries.InvitationExpired, actions.InvitationForSomeoneElse)
def decline_invitation(request: MemberRequest, invitation_id: Id) -> Invitation:
    return actions.decline_invitation(request.user, invitation_id=invitation_id)


@router.post(
    "/invitations/{invitation_id}/sending", response=InvitationOut, summary="Send an invitation again"
)
@refuses(
    queries.InvitationNotFound, actions.RightMissing, actions.SentTooOften, actions.OrganisationClosedError
)
def send_invitation_again(request: MemberRequest, invitation_id: Id) -> Invitation:
    return actions.send_invitation_again(request.user, invitation_id=invitation_id)


@router.delete("/invitations/{invitation_id}", response={204: None}, summary="Withdraw an invitation")
@refuses(queries.InvitationNotFound, actions.RightMissing)
def revoke_invitation(request: MemberRequest, invitation_id: Id) -> Status:
    actions.revoke_invitation(request.user, invitation_id=invitation_id)
    return Status(204, None)


@router.get("/{handle}/requests", response=list[RequestOut], summary="List who asks to join")
@refuses(queries.OrganisationNotFound)
def list_join_requests(request: MemberRequest, handle: str) -> list[JoinRequest]:
    """Empty for those who may not answer."""
    found = queries.organisation_by_handle(request.user, handle)
    may_answer = queries.standing(request.user, found).may(Right.ANSWER_REQUESTS)
    return queries.requests_of(found) if may_answer else []


@router.post("/{handle}/requests", response={201: RequestOut}, summary="Ask to join")
@refuses(
    queries.OrganisationNotFound, actions.NoRequests, actions.AlreadyInside, actions.AlreadyRequested,
    actions.OrganisationClosedError,
)  # fmt: skip
def request_to_join(request: MemberRequest, handle: str, body: JoinNoteIn) -> Status:
    asked = actions.request_to_join(request.user, organisation_id=_id_of(request, handle), note=body.note)
    return Status(201, asked)


@router.post("/requests/{request_id}/acceptance", response=MembershipOut, summary="Let somebody in")
@refuses(
    actions.RequestNotFound, actions.RightMissing, actions.AlreadyInside, actions.OrganisationClosedError
)
def accept_join_request(request: MemberRequest, request_id: Id) -> Membership:
    return actions.accept_request(request.user, request_id=request_id)


@router.post("/requests/{request_id}/refusal", response=RequestOut, summary="Turn somebody down")
@refuses(actions.RequestNotFound, actions.RightMissing)
def decline_join_request(request: MemberRequest, request_id: Id) -> JoinRequest:
    return actions.decline_request(request.user, request_id=request_id)


@router.delete("/requests/{request_id}", response={204: None}, summary="Take my request to join back")
@refuses(actions.RequestNotFound)
def withdraw_join_request(request: MemberRequest, request_id: Id) -> Status:
    actions.withdraw_request(request.user, request_id=request_id)
    return Status(204, None)


def _id_of(request: MemberRequest, handle: str) -> int:
    return queries.organisation_by_handle(viewer_of(request), handle).pk
