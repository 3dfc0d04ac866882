"""JSON API of the network: lists of people, and what one does about a member."""

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema

from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.shapes import Body, Id
from guildry.people.network import actions, queries, rules
from guildry.people.network.rules import Standing

router = Router(tags=["network"])


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


class RequestIn(Body):
    note: str = Field("", max_length=rules.NOTE_LENGTH)


@router.get("/connections", response=PeoplePage, summary="List my connections, latest first")
def list_connections(request: MemberRequest, cursor: str = "") -> Any:
    return queries.connections(request.user, cursor=cursor)


@router.get("/followers", response=PeoplePage, summary="List who follows me, latest first")
def list_followers(request: MemberRequest, cursor: str = "") -> Any:
    return queries.followers(request.user, cursor=cursor)


@router.get("/following", response=PeoplePage, summary="List whom I follow, latest first")
def list_following(request: MemberRequest, cursor: str = "") -> Any:
    return queries.following(request.user, cursor=cursor)


@router.get("/requests/received", response=PeoplePage, summary="List who waits for my answer")
def list_requests_received(request: MemberRequest, cursor: str = "") -> Any:
    return queries.requests_received(request.user, cursor=cursor)


@router.get("/requests/sent", response=PeoplePage, summary="List whose answer I wait for")
def list_requests_sent(request: MemberRequest, cursor: str = "") -> Any:
    return queries.requests_sent(request.user, cursor=cursor)


@router.get("/blocked", response=PeoplePage, summary="List whom I blocked")
def list_blocked(request: MemberRequest, cursor: str = "") -> Any:
    return queries.blocked(request.user, cursor=cursor)


@router.get("/muted", response=PeoplePage, summary="List whom I muted")
def list_muted(request: MemberRequest, cursor: str = "") -> Any:
    return queries.muted(request.user, cursor=cursor)


@router.get("/suggestions", response=list[SuggestionOut], summary="List people I may know, and why")
def list_suggestions(request: MemberRequest) -> Any:
    return queries.suggestions(request.user)


@router.get("/members/{member_id}", response=RelationOut, summary="Read how I stand to a member")
@refuses(actions.MemberNotFound)
def read_relation(request: MemberRequest, member_id: Id) -> Any:
    return _relation(request, member_id)


@router.put("/members/{member_id}/follow", response=RelationOut, summary="Follow a member")
@refuses(actions.MemberNotFound, actions.NotWithYourself, actions.YouBlockedThem)
def follow_member(request: MemberRequest, member_id: Id) -> Any:
    actions.follow_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.delete("/members/{member_id}/follow", response=RelationOut, summary="Stop following a member")
@refuses(actions.MemberNotFound, actions.NotWithYourself)
def unfollow_member(request: MemberRequest, member_id: Id) -> Any:
    actions.unfollow_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.post("/members/{member_id}/connection", response=RelationOut, summary="Ask a member to connect")
@refuses(
    actions.MemberNotFound,
    actions.NotWithYourself,
    actions.YouBlockedThem,
    actions.AlreadyConnected,
    actions.AlreadyAsked,
    actions.AskedTooSoon,
)
def request_connection(request: MemberRequest, member_id: Id, body: RequestIn) -> Any:
    actions.request_connection(request.user, member_id=member_id, note=body.note)
    return _relation(request, member_id)


@router.delete(
    "/members/{member_id}/connection",
    response=RelationOut,
    summary="End a connection, or take a request back",
)
@refuses(actions.MemberNotFound, actions.NotConnected, actions.NotWithYourself)
def leave_connection(request: MemberRequest, member_id: Id) -> Any:
    actions.leave_connection(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.post("/members/{member_id}/connection/acceptance", response=RelationOut, summary="Accept a request")
@refuses(actions.MemberNotFound, actions.RequestNotFound, actions.NotWithYourself, actions.YouBlockedThem)
def accept_connection(request: MemberRequest, member_id: Id) -> Any:
    actions.accept_request(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.post("/members/{member_id}/connection/refusal", response=RelationOut, summary="Decline a request")
@refuses(actions.MemberNotFound, actions.RequestNotFound, actions.NotWithYourself)
def decline_connection(request: MemberRequest, member_id: Id) -> Any:
    actions.decline_request(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.put("/members/{member_id}/mute", response=RelationOut, summary="Hear nothing of a member")
@refuses(actions.MemberNotFound, actions.NotWithYourself)
def mute_member(request: MemberRequest, member_id: Id) -> Any:
    actions.mute_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.delete("/members/{member_id}/mute", response=RelationOut, summary="Hear of a member again")
@refuses(actions.MemberNotFound, actions.NotWithYourself)
def unmute_member(request: MemberRequest, member_id: Id) -> Any:
    actions.unmute_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.put("/members/{member_id}/block", response=RelationOut, summary="Block a member")
@refuses(actions.MemberNotFound, actions.NotWithYourself)
def block_member(request: MemberRequest, member_id: Id) -> Any:
    actions.block_member(request.user, member_id=member_id)
    return _relation(request, member_id)


@router.delete("/members/{member_id}/block", response=RelationOut, summary="Let a member back")
@refuses(actions.MemberNotFound, actions.NotWithYourself)
def unblock_member(request: MemberRequest, member_id: Id) -> Any:
    actions.unblock_member(request.user, member_id=member_id)
    return _relation(request, member_id)


def _relation(request: MemberRequest, member_id: int) -> queries.Relation:
    return queries.relation_to(request.user, member_id)
