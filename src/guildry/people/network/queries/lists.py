"""The people on the pages of one's network."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from guildry.kernel import clock, paging
from guildry.kernel.compiled import CompiledQuery
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import MEMBER_COLUMNS, member_of_row
from guildry.people.network import rules
from guildry.people.network.models import Block, Connection, Follow, Mute, unblocked
from guildry.people.network.queries.relations import Relation, connection_ids, relations, waiting_for
from guildry.people.network.rules import Standing, State

PAGE_SIZE = 24
_NEWEST = 2**63 - 1

# Left to itself MariaDB walks down everybody's follows, hoping to meet enough of this member's soon.
FOLLOWING = CompiledQuery(
    "network.following",
    lambda viewer, before: (
        Follow.objects.filter(follower_id=viewer, id__lt=before, followed__is_active=True)
        .order_by("-id")
        .values_list("id", "created_at", *(f"followed__{name}" for name in MEMBER_COLUMNS))[: PAGE_SIZE + 1]
    ),
    walks=True,
    along="follows_of_member",
    viewer=int,
    before=int,
)


@dataclass(frozen=True)
class Person:
    """One member in a list: since when they are in it, and how the viewer stands to them."""

    member: Member
    relation: Relation
    since: datetime
    note: str = ""


def connections(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members one is connected with, the latest first."""
    rows = Connection.objects.of(viewer.pk).accepted()
    return _connected(viewer, rows, "answered_at", cursor, size)


def requests_received(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members who wait for one's answer, the latest first; their relations tell of the request alone."""
    return _connected(viewer, waiting_for(viewer.pk), "requested_at", cursor, size, Standing.ASKED)


def requests_sent(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members whose answer one waits for, the latest first; a declined request looks like any other.

    Their relations tell of the request alone.
    """
    rows = Connection.objects.filter(
        unblocked(viewer, "addressee_id"),
        requester_id=viewer.pk,
        state__in=(State.REQUESTED, State.DECLINED),
        requested_at__gt=clock.now() - rules.REQUEST_LASTS,
    )
    return _connected(viewer, rows, "requested_at", cursor, size, Standing.REQUESTED)


def followers(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members who follow one, the latest first."""
    rows = Follow.objects.filter(followed_id=viewer.pk)
    return _listed(viewer, rows, "follower", cursor, size)


def following(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members one follows, the latest first; `size` is at most a page."""
    (before,) = paging.decode_cursor(cursor, int) if cursor else (_NEWEST,)
    rows = FOLLOWING(viewer=viewer.pk, before=before)
    found = [(member_of_row(row[2:]), row[1]) for row in rows[:size]]
    members = [(member, since) for member, since in found if member]
    known = relations(viewer, [member.pk for member, _ in members])
    people = [Person(member, known[member.pk], since) for member, since in members]
    return paging.Page(people, paging.encode_cursor(rows[size - 1][0]) if len(rows) > size else "")


def blocked(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members one blocked, the latest first."""
    rows = Block.objects.filter(blocker_id=viewer.pk)
    return _listed(viewer, rows, "blocked", cursor, size, must_be_active=False)


def muted(viewer: Member, *, cursor: str = "", size: int = PAGE_SIZE) -> paging.Page[Person]:
    """Return the members one muted, the latest first."""
    rows = Mute.objects.filter(muter_id=viewer.pk)
    return _listed(viewer, rows, "muted", cursor, size, must_be_active=False)


def _connected(
    viewer: Member, rows: Any, moment: str, cursor: str, size: int, standing: Standing | None = None
) -> paging.Page[Person]:
    rows = rows.filter(requester__is_active=True, addressee__is_active=True)
    if cursor:
        stamp, after = paging.decode_cursor(cursor, str, int)
        earlier = _moment(stamp)
        rows = rows.filter(Q(**{f"{moment}__lt": earlier}) | Q(**{moment: earlier}, pk__lt=after))
    rows = rows.select_related("requester", "addressee").order_by(f"-{moment}", "-pk")
    found = list(rows[: size + 1])
    shown = found[:size]
    others = {c.pk: c.addressee if c.requester_id == viewer.pk else c.requester for c in shown}
    ids = [member.pk for member in others.values()]
    known = relations(viewer, ids) if standing is None else {i: Relation(i, connection=standing) for i in ids}
    people = [
        Person(others[c.pk], known[others[c.pk].pk], getattr(c, moment), c.note if standing else "")
        for c in shown
    ]
    if len(found) <= size:
        return paging.Page(people)
    last = shown[-1]
    return paging.Page(people, paging.encode_cursor(getattr(last, moment).isoformat(), last.pk))


def _listed(
    viewer: Member, rows: Any, side: str, cursor: str, size: int, *, must_be_active: bool = True
) -> paging.Page[Person]:
    if must_be_active:
        rows = rows.filter(**{f"{side}__is_active": True})
    if cursor:
        (after,) = paging.decode_cursor(cursor, int)
        rows = rows.filter(pk__lt=after)
    found = list(rows.select_related(side).order_by("-pk")[: size + 1])
    page = paging.page_of(found, size, "pk")
    known = relations(viewer, [getattr(row, f"{side}_id") for row in page.items])
    people = [
        Person(getattr(row, side), known[getattr(row, f"{side}_id")], row.created_at) for row in page.items
    ]
    return paging.Page(people, page.next_cursor)


def _moment(stamp: str) -> datetime:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError as error:
        raise paging.InvalidCursor from error
    if moment.tzinfo is None:
        raise paging.InvalidCursor
    return moment


def connections_called(viewer: Member | None, text: str, limit: int) -> list[Member]:
    """Return connections whose name or handle starts with the text, by name; guests have none."""
    text = text.strip().lstrip("@")
    if viewer is None or not text:
        return []
    rows = Member.objects.filter(pk__in=connection_ids(viewer.pk), is_active=True).filter(
        Q(handle__startswith=text.lower()) | Q(name__istartswith=text) | Q(name__icontains=f" {text}")
    )
    return list(rows.order_by("name", "pk")[:limit])
