"""What members were told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from guildry.kernel import clock, paging
from guildry.kernel.points import NOTIFICATION_KINDS
from guildry.people.accounts.models import Member
from guildry.people.notifications import rules
from guildry.people.notifications.models import Notification, Tray

PAGE_SIZE = 30


@dataclass(frozen=True)
class Entry:
    """One notification as a list shows it."""

    id: int
    kind: str
    icon: str
    text: str
    url: str
    actor: Member | None
    created_at: datetime
    is_read: bool
    is_seen: bool
    is_today: bool


@dataclass(frozen=True)
class Bundle:
    """Notifications that lists tell in one line, the latest first."""

    entries: tuple[Entry, ...]
    text: str

    @property
    def latest(self) -> Entry:
        return self.entries[0]

    @property
    def actors(self) -> list[Member]:
        """Return who caused them, the latest first, each once."""
        return list(dict.fromkeys(entry.actor for entry in self.entries if entry.actor))

    @property
    def is_read(self) -> bool:
        return all(entry.is_read for entry in self.entries)


def bundles(found: Iterable[Entry]) -> list[Bundle]:
    """Tell in one line what several people did at one place on one day, in the order of the latest of each."""
    together: dict[object, list[Entry]] = {}
    for entry in found:
        words = rules.words_after(entry.actor.name, entry.text) if entry.actor and _folds(entry.kind) else ""
        key: object = (entry.kind, entry.url, words, entry.is_today) if words else entry.id
        together.setdefault(key, []).append(entry)
    return [Bundle(tuple(entries), _line(entries)) for entries in together.values()]


def _folds(kind: str) -> bool:
    declared = NOTIFICATION_KINDS.get(kind)
    return declared is not None and declared.folds


def _line(entries: list[Entry]) -> str:
    names = list(dict.fromkeys(entry.actor.name for entry in entries if entry.actor))
    first = entries[0].text
    return f"{rules.listed(names)}{rules.words_after(names[0], first)}" if len(names) > 1 else first


def unread_count(viewer: Any) -> int:
    """Return how many notifications wait unread, from one row; guests have none."""
    if viewer is None:
        return 0
    return Tray.objects.filter(pk=viewer.pk).values_list("unread_count", flat=True).first() or 0


def unread_counts(member_ids: Iterable[int]) -> dict[int, int]:
    """Return the unread counts of several members."""
    found = dict.fromkeys(member_ids, 0)
    found.update(Tray.objects.filter(pk__in=list(found)).values_list("pk", "unread_count"))
    return found


def groups() -> list[str]:
    """Return the groups that kinds of notifications stand in, each once."""
    return list(dict.fromkeys(kind.group for kind in NOTIFICATION_KINDS))


def kinds_in(group: str) -> list[str]:
    """Return the kinds that stand in a group; nothing for a group nobody has."""
    return [kind.key for kind in NOTIFICATION_KINDS if kind.group.lower() == group.lower()]


def entries(
    viewer: Member,
    *,
    unread_only: bool = False,
    group: str = "",
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> paging.Page[Entry]:
    """Return what the viewer was told, the latest first."""
    rows = Notification.objects.visible_to(viewer)
    if unread_only:
        rows = rows.unread()
    if group:
        rows = rows.filter(kind__in=kinds_in(group))
    if cursor:
        moment, after = _decoded(cursor)
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=after))
    found = list(rows.select_related("actor").order_by("-created_at", "-pk")[: size + 1])
    shown = [entry(row, viewer) for row in found[:size]]
    if len(found) <= size:
        return paging.Page(shown)
    last = found[size - 1]
    return paging.Page(shown, paging.encode_cursor(last.created_at.isoformat(), last.pk))


def _decoded(cursor: str) -> tuple[datetime, int]:
    stamp, after = paging.decode_cursor(cursor, str, int)
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError as error:
        raise paging.InvalidCursor from error
    if moment.tzinfo is None:
        raise paging.InvalidCursor
    return moment, after


def entry(row: Notification, reader: Member) -> Entry:
    """Return a notification as its reader sees it."""
    kind = NOTIFICATION_KINDS.get(row.kind)
    zone = rules.zone_of(reader.time_zone)
    return Entry(
        id=row.pk,
        kind=row.kind,
        icon=kind.icon if kind else "bell",
        text=row.text,
        url=row.url,
        actor=row.actor,
        created_at=row.created_at,
        is_read=row.read_at is not None,
        is_seen=row.seen_at is not None,
        is_today=rules.is_today(row.created_at, clock.now(), zone),
    )


def notifications_by_id(ids: Iterable[int]) -> list[Notification]:
    """Return the notifications of these ids with who caused and who got them, oldest first."""
    rows = Notification.objects.filter(pk__in=list(ids)).select_related("actor", "recipient")
    return list(rows.order_by("pk"))


def why_not(recipient_id: int, *, limit: int = 50) -> list[Notification]:
    """Return what a member was not shown or not mailed lately, with the stored reasons, the latest first."""
    rows = Notification.objects.filter(recipient_id=recipient_id)
    return list(rows.exclude(reason="", mail_reason="").order_by("-pk")[:limit])
