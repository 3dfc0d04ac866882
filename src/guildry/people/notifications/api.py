"""JSON API of notifications."""

from datetime import datetime, time
from typing import Any

from ninja import Field, Router, Schema

from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.shapes import Body, Id, Moment, WallTime
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries
from guildry.people.notifications.rules import Channels, Digest, Mail

router = Router(tags=["notifications"])


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


class ReadIn(Body):
    """Some notifications by id, or everything up to one of them."""

    ids: list[Id] = Field([], max_length=200)
    up_to: Id | None = None


class SeenIn(Body):
    """Everything up to this notification."""

    up_to: Id


class ChannelsBody(Body):
    app: bool
    mail: Mail


class PreferencesBody(Body):
    """Kinds left out keep what was chosen for them."""

    channels: dict[str, ChannelsBody]
    digest: Digest
    quiet_from: WallTime | None = None
    quiet_until: WallTime | None = None


class PreferencesOut(Schema):
    channels: dict[str, ChannelsBody]
    digest: Digest
    quiet_from: time | None
    quiet_until: time | None
    paused_until: datetime | None


class PauseIn(Body):
    until: Moment | None


@router.get("", response=NotificationPage, summary="List what I was told, latest first")
def list_notifications(
    request: MemberRequest, unread: bool = False, group: str = "", cursor: str = ""
) -> Any:
    return queries.entries(request.user, unread_only=unread, group=group[:40], cursor=cursor)


@router.get("/counters", response=CountersOut, summary="Count what is unread")
def count_unread(request: MemberRequest) -> Any:
    return {"unread": queries.unread_count(request.user)}


@router.post("/read", response=CountersOut, summary="Mark notifications as read")
def mark_read(request: MemberRequest, body: ReadIn) -> Any:
    member = request.user
    if body.up_to is None:
        actions.mark_read(member, notification_ids=body.ids)
    else:
        actions.mark_all_read(member, up_to=body.up_to)
    return {"unread": queries.unread_count(member)}


@router.post("/seen", response=CountersOut, summary="Mark notifications as seen")
def mark_seen(request: MemberRequest, body: SeenIn) -> Any:
    """They stay unread, and are no longer new."""
    member = request.user
    actions.mark_seen(member, up_to=body.up_to)
    return {"unread": queries.unread_count(member)}


@router.put("/{notification_id}/read", response=NotificationOut, summary="Mark one notification as read")
@refuses(actions.NotificationNotFound)
def read_notification(request: MemberRequest, notification_id: Id) -> Any:
    member = request.user
    return queries.entry(actions.read_notification(member, notification_id=notification_id), member)


@router.get("/preferences", response=PreferencesOut, summary="Read what I am told, where and when")
def read_preferences(request: MemberRequest) -> Any:
    return _wishes(request.user)


@router.put("/preferences", response=PreferencesOut, summary="Choose what to be told, where and when")
@refuses(actions.UnknownKind, actions.QuietHoursIncomplete)
def choose_notifications(request: MemberRequest, body: PreferencesBody) -> Any:
    member = request.user
    channels = {kind: Channels(chosen.app, chosen.mail) for kind, chosen in body.channels.items()}
    given = body.dict(exclude={"channels"})
    actions.choose_channels(member, channels=channels, **given)
    return _wishes(member)


@router.put("/pause", response=PreferencesOut, summary="Pause mail until a moment, or end the pause")
@refuses(actions.PauseRefused)
def pause_mail(request: MemberRequest, body: PauseIn) -> Any:
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
