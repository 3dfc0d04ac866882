"""How many rows the demo community has of each kind, against what the packs and the manifest say."""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet

from guildry.community.timeline.models import (
    Comment,
    Draft,
    HashtagFollow,
    Poll,
    PollVote,
    Post,
    PostImage,
    Reaction,
    Save,
)
from guildry.kernel.seeding import World
from guildry.ops.seeds import rules
from guildry.ops.seeds.models import LoadedPack
from guildry.ops.seeds.queries.packs import cast, packs
from guildry.people.accounts.models import Member, Persona, StaffGrant
from guildry.people.network.models import Connection, Follow
from guildry.people.organisations.models import Membership, Organisation
from guildry.people.profiles.models import (
    Experience,
    Language,
    MemberSkill,
    PortfolioItem,
    Profile,
    Qualification,
)

MANIFEST = Path(__file__).parents[1] / "manifest.toml"


@dataclass(frozen=True)
class Difference:
    """A total that is not what the manifest says."""

    pack: str
    total: str
    wanted: int
    found: int

    def __str__(self) -> str:
        return f"{self.pack}: {self.total} is {self.found:,}, {self.wanted:,} in the manifest."


@cache
def manifest() -> dict[str, dict[str, int]]:
    """Return the totals that the demo community must have, by the pack after which they are complete."""
    return tomllib.loads(MANIFEST.read_text())


def declared_totals(now: datetime) -> dict[str, dict[str, int]]:
    """Return what the packs say themselves, from what is written in them."""
    people, guilds = cast()
    world = World(now=now, cast=people, guilds=guilds)
    return {pack.name: dict(pack.totals(world)) for pack in packs() if pack.totals}


def counted_totals() -> dict[str, dict[str, int]]:
    """Return what rows come to, by the same packs."""
    return {name: count() for name, count in _COUNTERS.items()}


def differences() -> list[Difference]:
    """Return every total of a loaded pack that differs from the manifest, in the order of the packs."""
    loaded = set(LoadedPack.objects.exclude(loaded_at=None).values_list("name", flat=True))
    found = []
    for name in (pack.name for pack in packs() if pack.name in loaded):
        if name in _COUNTERS:
            found += _differences(name, manifest().get(name, {}), _COUNTERS[name]())
    return found


def _differences(pack: str, wanted: Mapping[str, int], found: Mapping[str, int]) -> list[Difference]:
    return [
        Difference(pack, total, wanted.get(total, 0), found.get(total, 0))
        for total in sorted({*wanted, *found})
        if wanted.get(total, 0) != found.get(total, 0)
    ]


def whole_manifest(now: datetime) -> str:
    """Return the manifest anew: what packs declare, and what arises from it, as counted here."""
    declared = declared_totals(now)
    counted = counted_totals()
    return rules.rendered({name: {**counted[name], **declared.get(name, {})} for name in counted})


def _by(rows: QuerySet[Any], column: str, prefix: str) -> dict[str, int]:
    return {
        f"{prefix} {value}": count
        for value, count in rows.order_by().values_list(column).annotate(Count("pk"))
    }


def _accounts() -> dict[str, int]:
    hats = Counter(f"hat {hat}" for worn in Member.objects.values_list("hats", flat=True) for hat in worn)
    roles = _by(StaffGrant.objects.filter(revoked_at=None), "role", "staff")
    return {"members": Member.objects.count(), "personas": Persona.objects.count(), **hats, **roles}


def _organisations() -> dict[str, int]:
    current = Membership.objects.filter(is_current=True)
    return {
        "organisations": Organisation.objects.count(), **_by(Organisation.objects.all(), "kind", "organisations"),
        "memberships": current.count(), **_by(current, "role", "memberships"),
    }  # fmt: skip


def _profiles() -> dict[str, int]:
    return {
        "skills": MemberSkill.objects.count(), "experience": Experience.objects.count(),
        "qualifications": Qualification.objects.count(), "portfolio": PortfolioItem.objects.count(),
        "languages": Language.objects.count(), "for hire": Profile.objects.exclude(availability="").count(),
    }  # fmt: skip


def _network() -> dict[str, int]:
    return {"follows": Follow.objects.count(), **_by(Connection.objects.all(), "state", "connections")}


def _timeline() -> dict[str, int]:
    posts = Post.objects.filter(deleted_at=None)
    return {
        "posts": posts.filter(repost_of=None).count(), "reposts": posts.exclude(repost_of=None).count(),
        "polls": Poll.objects.count(), "votes": PollVote.objects.count(), "pictures": PostImage.objects.count(),
        "comments": Comment.objects.filter(deleted_at=None).count(), **_by(Reaction.objects.all(), "kind", "reactions"),
        "drafts": Draft.objects.count(), "saves": Save.objects.count(), "interests": HashtagFollow.objects.count(),
    }  # fmt: skip


_COUNTERS: dict[str, Callable[[], dict[str, int]]] = {
    "accounts": _accounts,
    "organisations.later": _organisations,
    "profiles.later": _profiles,
    "network.later": _network,
    "timeline.later": _timeline,
}
