"""JSON API of the network: lists of people, and what one does about a member."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Router, Schema

from guildry.kernel.permissions import MemberRequest
from guildry.people.network import actions, queries, rules
from guildry.people.network.rules import Standing

router = Router(tags=["network"])

MemberId = Annotated[int, Field(ge=1, lt=2**63)]


class MemberOut(Schema):
    id: int
    handle: str
    name: str
    headline: str
    portrait: str


class RelationOut(Schema):
    """How I stand to a member; a request they declined still reads as requested."""

    member_id: int
    is_following: bool
    is_followed_by: bool
    connection: Standing
    note: str
    may_ask_from: datetime | None
    is_muted: bool
    is_blocked: bool


class PersonOut(Schema):
    member: MemberOut
    relation: RelationOut
    since: datetime
    note: str


class PeoplePage(Schema):
    items: list[PersonOut]
    next_cursor: str


class SuggestionOut(Schema):
    member: MemberOut
    reason: str


class RequestIn(Schema):
    note: str = Field("", max_length=rules.NOTE_LENGTH)


@router.get("/connections", response=PeoplePage, summary="My connections, latest first")
def connections(request: MemberRequest, cursor: str = "") -> Any:
    return queries.connections(request.user, cursor=cursor)


@router.get("/followers", response=PeoplePage, summary="Who follows me, latest first")
def followers(request: MemberRequest, cursor: str = "") -> Any:
    return queries.followers(request.user, cursor=cursor)


@router.get("/following", response=PeoplePage, summary="Whom I follow, latest first")
def following(request: MemberRequest, cursor: str = "") -> Any:
    return queries.following(request.user, cursor=cursor)


@router.get("/requests/received", response=PeoplePage, summary="Who waits for my answer")
def requests_received(request: MemberRequest, cursor: str = "") -> Any:
    return queries.requests_received(request.user, cursor=cursor)


@router.get("/requests/sent", response=PeoplePage, summary="Whose answer I wait for")
def requests_sent(request: MemberRequest, cursor: str = "") -> Any:
    return queries.requests_sent(request.user, cursor=cursor)


@router.get("/blocked", response=PeoplePage, summary="Whom I blocked")
def blocked(request: MemberRequest, cursor: str = "") -> Any:
    return queries.blocked(request.user, cursor=cursor)


@router.get("/muted", response=PeoplePage, summary="Whom I muted")
def muted(request: MemberRequest, cursor: str = "") -> Any:
    return queries.muted(request.user, cursor=cursor)


@router.get("/suggestions", response=list[SuggestionOut], summary="People I may know, and why")
def suggestions(request: MemberRequest) -> Any:
    return queries.suggestions(request.user)


@router.get("/members/{member_id}", response=RelationOut, summary="How I stand to a member")
def relation(request: MemberRequest, member_id: MemberId) -> Any:
    return _relation(request, member_id)


@router.put("/members/{member_id}/follow", response=RelationOut, summary="Follow a member")
def follow(request: MemberRequest, member_id: MemberId) -> Any:
    actions.follow_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.delete("/members/{member_id}/follow", response=RelationOut, summary="Stop following a member")
def unfollow(request: MemberRequest, member_id: MemberId) -> Any:
    actions.unfollow_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.post("/members/{member_id}/connection", response=RelationOut, summary="Ask a member to connect")
def request_connection(request: MemberRequest, member_id: MemberId, body: RequestIn) -> Any:
    actions.request_connection(request.user, member_id=member_id, note=body.note)
    return _relation(request, member_id)


@router.delete(
    "/members/{member_id}/connection",
    response=RelationOut,
    summary="End a connection, or take a request back",
)
def leave_connection(request: MemberRequest, member_id: MemberId) -> Any:
    actions.leave_connection(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.post("/members/{member_id}/connection/acceptance", response=RelationOut, summary="Accept a request")
def accept(request: MemberRequest, member_id: MemberId) -> Any:
    actions.accept_request(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.post("/members/{member_id}/connection/refusal", response=RelationOut, summary="Decline a request")
def decline(request: MemberRequest, member_id: MemberId) -> Any:
    actions.decline_request(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.put("/members/{member_id}/mute", response=RelationOut, summary="Hear nothing of a member")
def mute(request: MemberRequest, member_id: MemberId) -> Any:
    actions.mute_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.delete("/members/{member_id}/mute", response=RelationOut, summary="Hear of a member again")
def unmute(request: MemberRequest, member_id: MemberId) -> Any:
    actions.unmute_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.put("/members/{member_id}/block", response=RelationOut, summary="Block a member")
def block(request: MemberRequest, member_id: MemberId) -> Any:
    actions.block_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.delete("/members/{member_id}/block", response=RelationOut, summary="Let a member back")
def unblock(request: MemberRequest, member_id: MemberId) -> Any:
    actions.unblock_member(request.user, member_id=member_id)
    return _relation(request, member_id)


def _relation(request: MemberRequest, member_id: int) -> queries.Relation:
    return queries.relation_to(request.user, member_id)
