"""JSON API of organisations."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from guildry.kernel.permissions import MemberRequest, public, viewer_of
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

router = Router(tags=["organisations"])


class OrganisationOut(Schema):
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


class Edits(Schema):
    name: str | None = Field(None, max_length=80)
    kind: Kind | None = None
    tagline: str | None = Field(None, max_length=140)
    story: str | None = Field(None, max_length=6000)
    place: str | None = Field(None, max_length=80)
    website: str | None = Field(None, max_length=200)
    size: Size | None = None
    founded: int | None = Field(None, ge=1000, le=9999)
    accepts_requests: bool | None = None


class Founding(Schema):
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


class RoleIn(Schema):
    role: Role
    title: str = Field("", max_length=80)


class InvitationIn(Schema):
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


class NoteIn(Schema):
    note: str = Field("", max_length=500)


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
    request: HttpRequest, q: str = "", kind: str = "", place: str = "", cursor: str = ""
) -> Any:
    return queries.directory(viewer_of(request), text=q[:80], kind=kind, place=place[:80], cursor=cursor)


@router.post("", response={201: OrganisationOut}, summary="Found an organisation")
def found(request: MemberRequest, body: Founding) -> Status:
    return Status(201, actions.found_organisation(request.user, **body.dict()))


@router.get("/mine", response=list[OwnMembershipOut], summary="Where I belong")
def mine(request: MemberRequest) -> list[Membership]:
    return queries.memberships_of(request.user.pk)


@router.get("/mine/invitations", response=list[InvitationOut], summary="Invitations to me")
def my_invitations(request: MemberRequest) -> list[Invitation]:
    return queries.invitations_for(request.user)


@router.get("/{handle}", response=OrganisationOut, summary="Read one organisation", auth=None)
@public
def read(request: HttpRequest, handle: str) -> Organisation:
    return queries.organisation_by_handle(viewer_of(request), handle)


@router.patch("/{handle}", response=OrganisationOut, summary="Edit an organisation")
def edit(request: MemberRequest, handle: str, body: Edits) -> Organisation:
    found = queries.organisation_by_handle(request.user, handle)
    changes = body.dict(exclude_unset=True)
    changes = {key: value for key, value in changes.items() if value is not None or key == "founded"}
    return actions.edit_organisation(request.user, organisation_id=found.pk, **changes)


@router.get("/{handle}/people", response=MembershipPage, summary="Who belongs there")
def people(request: MemberRequest, handle: str, cursor: str = "") -> Any:
    return queries.people_of(queries.organisation_by_handle(request.user, handle), cursor=cursor)


@router.put("/{handle}/people/{member_id}", response=MembershipOut, summary="Give a role")
def role(request: MemberRequest, handle: str, member_id: int, body: RoleIn) -> Membership:
    found = queries.organisation_by_handle(request.user, handle)
    return actions.change_role(request.user, organisation_id=found.pk, member_id=member_id, **body.dict())


@router.delete("/{handle}/people/{member_id}", response={204: None}, summary="Remove or leave")
def remove(request: MemberRequest, handle: str, member_id: int) -> Status:
    found = queries.organisation_by_handle(request.user, handle)
    actions.end_membership(request.user, organisation_id=found.pk, member_id=member_id)
    return Status(204, None)


@router.get("/{handle}/invitations", response=list[InvitationOut], summary="Open invitations")
def invitations(request: MemberRequest, handle: str) -> list[Invitation]:
    return queries.open_invitations(request.user, queries.organisation_by_handle(request.user, handle))


@router.post("/{handle}/invitations", response={201: InvitationOut}, summary="Invite somebody")
def invite(request: MemberRequest, handle: str, body: InvitationIn) -> Status:
    found = queries.organisation_by_handle(request.user, handle)
    return Status(201, actions.invite(request.user, organisation_id=found.pk, **body.dict()))


@router.post("/invitations/{invitation_id}/acceptance", response=MembershipOut, summary="Accept")
def accept(request: MemberRequest, invitation_id: int) -> Membership:
    return actions.accept_invitation(request.user, invitation_id=invitation_id)


@router.post("/invitations/{invitation_id}/refusal", response=InvitationOut, summary="Decline")
def decline(request: MemberRequest, invitation_id: int) -> Invitation:
    return actions.decline_invitation(request.user, invitation_id=invitation_id)


@router.delete("/invitations/{invitation_id}", response={204: None}, summary="Withdraw")
def revoke(request: MemberRequest, invitation_id: int) -> Status:
    actions.revoke_invitation(request.user, invitation_id=invitation_id)
    return Status(204, None)


@router.post("/{handle}/requests", response={201: RequestOut}, summary="Ask to join")
def request_to_join(request: MemberRequest, handle: str, body: NoteIn) -> Status:
    found = queries.organisation_by_handle(request.user, handle)
    return Status(201, actions.request_to_join(request.user, organisation_id=found.pk, note=body.note))


@router.post("/requests/{request_id}/acceptance", response=MembershipOut, summary="Let in")
def accept_request(request: MemberRequest, request_id: int) -> Membership:
    return actions.accept_request(request.user, request_id=request_id)


@router.post("/requests/{request_id}/refusal", response=RequestOut, summary="Turn down")
def decline_request(request: MemberRequest, request_id: int) -> JoinRequest:
    return actions.decline_request(request.user, request_id=request_id)
