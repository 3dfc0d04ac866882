"""JSON API of notifications."""

from datetime import datetime, time
from typing import Annotated, Any

from ninja import Field, Router, Schema

from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries
from guildry.people.notifications.rules import Channels, Digest, Mail

router = Router(tags=["notifications"])

NotificationId = Annotated[int, Field(ge=1, lt=2**63)]


class ActorOut(Schema):
    id: int
    handle: str
    name: str
    portrait: str


class NotificationOut(Schema):
    id: int
    kind: str
    text: str
    url: str
    actor: ActorOut | None
    created_at: datetime
    is_read: bool
    is_seen: bool


class NotificationPage(Schema):
    items: list[NotificationOut]
    next_cursor: str


class CountersOut(Schema):
    unread: int


class ReadIn(Schema):
    """Some notifications by id, or everything up to one of them."""

    ids: list[NotificationId] = Field([], max_length=200)
    up_to: NotificationId | None = None


class ChannelsBody(Schema):
    app: bool
    mail: Mail


class PreferencesBody(Schema):
    """Kinds left out keep what was chosen for them."""

    channels: dict[str, ChannelsBody]
    digest: Digest
    quiet_from: time | None = None
    quiet_until: time | None = None


class PreferencesOut(PreferencesBody):
    paused_until: datetime | None


class PauseIn(Schema):
    until: datetime | None


@router.get("", response=NotificationPage, summary="What I was told, latest first")
def notifications(request: MemberRequest, unread: bool = False, group: str = "", cursor: str = "") -> Any:
    return queries.entries(request.user, unread_only=unread, group=group[:40], cursor=cursor)


@router.get("/counters", response=CountersOut, summary="How much is unread")
def counters(request: MemberRequest) -> Any:
    return {"unread": queries.unread_count(request.user)}


@router.post("/read", response=CountersOut, summary="Mark notifications as read")
def read(request: MemberRequest, body: ReadIn) -> Any:
    member = request.user
    if body.up_to is None:
        actions.mark_read(member, notification_ids=body.ids)
    else:
        actions.mark_all_read(member, up_to=body.up_to)
    return {"unread": queries.unread_count(member)}


@router.get("/preferences", response=PreferencesOut, summary="What I am told, where and when")
def preferences(request: MemberRequest) -> Any:
    return _wishes(request.user)


@router.put("/preferences", response=PreferencesOut, summary="Choose what to be told, where and when")
def choose(request: MemberRequest, body: PreferencesBody) -> Any:
    member = request.user
    channels = {kind: Channels(chosen.app, chosen.mail) for kind, chosen in body.channels.items()}
    given = body.dict(exclude={"channels"})
    actions.choose_channels(member, channels=channels, **given)
    return _wishes(member)


@router.put("/pause", response=PreferencesOut, summary="Pause mail until a moment, or end the pause")
def pause(request: MemberRequest, body: PauseIn) -> Any:
    if body.until is not None and body.until.tzinfo is None:
        raise errors.Invalid("Give the moment with its offset from UTC.", field="until")
    actions.pause_mail(request.user, until=body.until)
    return _wishes(request.user)


def _wishes(member: Member) -> dict[str, Any]:
    wishes = queries.wishes_of(member)
    tray = wishes.tray
    return {
        "channels": {kind: {"app": c.app, "mail": c.mail} for kind, c in wishes.channels.items()},
        "digest": tray.digest,
        "quiet_from": tray.quiet_from,
        "quiet_until": tray.quiet_until,
        "paused_until": tray.paused_until,
    }
