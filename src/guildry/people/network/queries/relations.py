"""How one member stands to another, and the ids others build on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guildry.kernel import clock, errors
from guildry.people.accounts.models import Member
from guildry.people.network import rules
from guildry.people.network.models import Block, Connection, Follow, Mute
from guildry.people.network.rules import Standing


class MemberNotFound(errors.NotFound):
    problem = errors.problem("member-not-found", 404, "No such member")
    detail = "There is no such member, or you may not see them."


@dataclass(frozen=True)
class Relation:
    """How a viewer stands to one member; `is_apart` says that a block by the member keeps them away."""

    member_id: int
    is_self: bool = False
    is_following: bool = False
    is_followed_by: bool = False
    connection: Standing = Standing.NONE
    note: str = ""
    may_ask_from: datetime | None = None
    is_muted: bool = False
    is_blocked: bool = False
    is_apart: bool = False

    @property
    def is_connected(self) -> bool:
        return self.connection == Standing.CONNECTED


@dataclass(frozen=True)
class Counts:
    """How many people a member is connected with, is followed by, and follows."""

    connections: int
    followers: int
    following: int


def following_ids(member_id: int) -> list[int]:
    """Return the ids of the members one follows."""
    return list(Follow.objects.filter(follower_id=member_id).values_list("followed_id", flat=True))


def follower_ids(member_id: int) -> list[int]:
    """Return the ids of the members who follow one."""
    return list(Follow.objects.filter(followed_id=member_id).values_list("follower_id", flat=True))


def connection_ids(member_id: int) -> list[int]:
    """Return the ids of the members one is connected with."""
    return [c.other_id(member_id) for c in Connection.objects.of(member_id).accepted().only(*_SIDES)]


def is_connected(one: int, other: int) -> bool:
    """Tell whether two members are connected."""
    return bool(Connection.objects.between(one, other).accepted().exists())


def blocked_ids(member_id: int) -> list[int]:
    """Return the ids of the members a block keeps apart from one, whoever made it."""
    rows = Block.objects.filter(Q(blocker_id=member_id) | Q(blocked_id=member_id))
    sides = rows.values_list("blocker_id", "blocked_id")
    return list({blocked if blocker == member_id else blocker for blocker, blocked in sides})


def hidden_ids(member_id: int) -> list[int]:
    """Return the ids of the members one is not shown: kept apart by a block, or muted."""
    muted = Mute.objects.filter(muter_id=member_id).values_list("muted_id", flat=True)
    return list({*blocked_ids(member_id), *muted})


def muters_of(member_id: int | None, among: Iterable[int]) -> set[int]:
    """Return who of some members hears nothing of one, by their own mute."""
    rows = Mute.objects.filter(muted_id=member_id, muter_id__in=list(among))
    return set(rows.values_list("muter_id", flat=True))


def apart_from(member_id: int | None, among: Iterable[int]) -> set[int]:
    """Return who of some members a block keeps apart from one, whoever made it."""
    wanted = list(among)
    rows = Block.objects.filter(
        Q(blocker_id=member_id, blocked_id__in=wanted) | Q(blocked_id=member_id, blocker_id__in=wanted)
    )
    sides = rows.values_list("blocker_id", "blocked_id")
    return {blocked if blocker == member_id else blocker for blocker, blocked in sides}


def relation(viewer: Any, member: Member) -> Relation:
    """Return how the viewer, who may be a guest, stands to a member."""
    return relations(viewer, [member.pk])[member.pk]


def relation_to(viewer: Member, member_id: int) -> Relation:
    """Return how one stands to the member of an id; raises MemberNotFound for nobody and for whom a block hides."""
    found = relations(viewer, [member_id])[member_id]
    if found.is_apart or not Member.objects.filter(pk=member_id).exists():
        raise MemberNotFound
    return found


def relations(viewer: Any, member_ids: Iterable[int]) -> dict[int, Relation]:
    """Return how the viewer stands to each of some members, in two queries however many there are."""
    wanted = list(dict.fromkeys(member_ids))
    if viewer is None or not wanted:
        return {member_id: Relation(member_id) for member_id in wanted}
    me = viewer.pk
    ties = _ties(me, wanted)
    between = {c.other_id(me): c for c in Connection.objects.of(me).filter(_among(wanted))}
    return {
        member_id: Relation(
            member_id,
            is_self=member_id == me,
            is_following=("follow", me, member_id) in ties,
            is_followed_by=("follow", member_id, me) in ties,
            is_muted=("mute", me, member_id) in ties,
            is_blocked=("block", me, member_id) in ties,
            is_apart=("block", member_id, me) in ties,
            **_connection(me, between.get(member_id)),
        )
        for member_id in wanted
    }


def counts_of(member_id: int) -> Counts:
    """Return how large a member's network is, in one query."""
    asked, answered = (Connection.objects.accepted().filter(**{side: member_id}) for side in _SIDES)
    followers = Follow.objects.filter(followed_id=member_id)
    following = Follow.objects.filter(follower_id=member_id)
    columns = {
        "asked": _number(asked, "requester_id"),
        "answered": _number(answered, "addressee_id"),
        "followers": _number(followers, "followed_id"),
        "following": _number(following, "follower_id"),
    }
    found = Member.objects.filter(pk=member_id).values_list(*columns.values()).first()
    one, two, three, four = found or (0, 0, 0, 0)
    return Counts(one + two, three, four)


def waiting_count(member_id: int) -> int:
    """Return how many members wait for one's answer."""
    return int(waiting_for(member_id).count())


def waiting_for(member_id: int | None) -> Any:
    since = clock.now() - rules.REQUEST_LASTS
    return Connection.objects.filter(
        addressee_id=member_id,
        state=rules.State.REQUESTED,
        requested_at__gt=since,
        requester__is_active=True,
    )


_SIDES = ("requester_id", "addressee_id")


def _number(rows: Any, column: str) -> Any:
    counted = rows.order_by().values(column).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _ties(me: int, wanted: list[int]) -> set[tuple[str, int, int]]:
    """Return each follow and block between a member and some others, and the mutes of theirs."""
    own_mutes = Mute.objects.filter(muter_id=me, muted_id__in=wanted)
    rows = _tie("follow", Follow.objects.filter(_between("follower_id", "followed_id", me, wanted))).union(
        _tie("block", Block.objects.filter(_between("blocker_id", "blocked_id", me, wanted))),
        _tie("mute", own_mutes),
        all=True,
    )
    return set(rows)


def _between(left: str, right: str, me: int, wanted: list[int]) -> Q:
    return Q(**{left: me, f"{right}__in": wanted}) | Q(**{right: me, f"{left}__in": wanted})


_ENDS = {
    "follow": ("follower_id", "followed_id"),
    "block": ("blocker_id", "blocked_id"),
    "mute": ("muter_id", "muted_id"),
}


def _tie(kind: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    left, right = _ENDS[kind]
    return rows.order_by().values_list(Value(kind, CharField()), F(left), F(right))


def _among(wanted: list[int]) -> Q:
    return Q(requester_id__in=wanted) | Q(addressee_id__in=wanted)


def _connection(me: int, found: Connection | None) -> dict[str, Any]:
    if found is None:
        return {}
    is_requester = found.requester_id == me
    now = clock.now()
    standing = rules.standing(found.state, found.requested_at, now, is_requester=is_requester)
    is_free = rules.may_ask(found.pausing_id, found.pauses_until, me, now)
    is_told = standing in (Standing.REQUESTED, Standing.ASKED)
    return {
        "connection": standing,
        "note": found.note if is_told else "",
        "may_ask_from": None if is_free or standing != Standing.NONE else found.pauses_until,
    }
