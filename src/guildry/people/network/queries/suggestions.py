"""People one may know, each with what speaks for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from guildry.people.accounts.models import Member
from guildry.people.network import rules
from guildry.people.network.models import Block, Connection, Follow, Mute
from guildry.people.network.queries.relations import Relation
from guildry.people.organisations.models import Membership
from guildry.people.profiles.models import MemberSkill, Profile

# How much is looked at for each reason, so that a large community costs what a small one does.
WIDTH = 400
NEIGHBOURS = 150


@dataclass
class Ground:
    """What two members have in common."""

    organisations: list[str] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    followers: int = 0

    @property
    def weight(self) -> tuple[int, int]:
        return rules.closeness(
            len(self.organisations), len(self.connections), len(self.skills)
        ), self.followers


@dataclass(frozen=True)
class Suggestion:
    """A member one may know and why, in words."""

    member: Member
    relation: Relation
    reason: str


def suggestions(viewer: Member, *, limit: int = 12) -> list[Suggestion]:
    """Return members one is not yet connected with and does not follow, those with most in common first.

    Whoever has little in common with anybody yet meets those whom others began to follow.
    """
    known, close = _known(viewer.pk)
    grounds: dict[int, Ground] = defaultdict(Ground)
    _share_organisations(viewer.pk, grounds)
    _share_connections(viewer.pk, close, grounds)
    _share_skills(viewer.pk, grounds)
    if len(grounds.keys() - known) < limit:
        _are_followed(grounds)
    ranked = sorted(sorted(grounds.keys() - known), key=lambda m: grounds[m].weight, reverse=True)
    # A few more than needed, because some will turn out to be away or unlisted.
    candidates = ranked[: limit * 2]
    neighbours = {member_id for m in candidates for member_id in grounds[m].connections[:1]}
    people = _people({*candidates, *neighbours})
    listed = [m for m in candidates if m in people and people[m].profile.is_listed][:limit]
    return [_suggestion(people[m], grounds[m], people) for m in listed]


def _suggestion(member: Member, ground: Ground, people: dict[int, Member]) -> Suggestion:
    names = [people[m].name for m in ground.connections[:1] if m in people]
    reason = rules.reason(
        ground.organisations, names, len(ground.connections), ground.skills, ground.followers
    )
    return Suggestion(member, Relation(member.pk), reason)


def _known(me: int) -> tuple[set[int], list[int]]:
    """Return whom not to suggest, and the members one is connected with."""
    sides = list(Connection.objects.of(me).values_list("requester_id", "addressee_id", "state"))
    close = [b if a == me else a for a, b, state in sides if state == rules.State.ACCEPTED]
    # Whoever was asked or asked once is left in peace, however that ended.
    known = {me, *(side for a, b, _ in sides for side in (a, b))}
    known.update(Follow.objects.filter(follower_id=me).values_list("followed_id", flat=True))
    known.update(Mute.objects.filter(muter_id=me).values_list("muted_id", flat=True))
    blocks = Block.objects.filter(Q(blocker_id=me) | Q(blocked_id=me))
    known.update(side for pair in blocks.values_list("blocker_id", "blocked_id") for side in pair)
    return known, close


def _share_organisations(me: int, grounds: dict[int, Ground]) -> None:
    rows = Membership.objects.filter(
        is_current=True,
        organisation__state="open",
        organisation__memberships__member_id=me,
        organisation__memberships__is_current=True,
    )
    for member_id, name in rows.order_by("-pk").values_list("member_id", "organisation__name")[:WIDTH]:
        grounds[member_id].organisations.append(name)


def _share_connections(me: int, close: list[int], grounds: dict[int, Ground]) -> None:
    near = set(close[:NEIGHBOURS])
    if not near:
        return
    rows = Connection.objects.accepted().filter(Q(requester_id__in=near) | Q(addressee_id__in=near))
    for one, other in rows.order_by("-pk").values_list("requester_id", "addressee_id")[: WIDTH * 2]:
        for neighbour, member_id in ((one, other), (other, one)):
            if neighbour in near and member_id != me:
                grounds[member_id].connections.append(neighbour)


def _share_skills(me: int, grounds: dict[int, Ground]) -> None:
    rows = MemberSkill.objects.filter(
        skill__members__profile_id=me,
        profile__skills_shown_to__in=("everyone", "members"),
        profile__is_listed=True,
    ).exclude(profile_id=me)
    for member_id, label in rows.order_by("-pk").values_list("profile_id", "skill__label")[:WIDTH]:
        grounds[member_id].skills.append(label)


def _are_followed(grounds: dict[int, Ground]) -> None:
    for member_id in Follow.objects.order_by("-pk").values_list("followed_id", flat=True)[:WIDTH]:
        grounds[member_id].followers += 1


def _people(member_ids: Iterable[int]) -> dict[int, Any]:
    """Return active members with their profiles, by id."""
    rows = Profile.objects.filter(pk__in=list(member_ids), member__is_active=True)
    people: dict[int, Any] = {}
    for profile in rows.select_related("member"):
        profile.member.profile = profile
        people[profile.pk] = profile.member
    return people
