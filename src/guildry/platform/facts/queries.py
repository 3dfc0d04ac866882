"""Reading facts in their order, and how far behind delivery is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from guildry.kernel import bus, clock, crypto, hints, ids
from guildry.kernel.bus import Fact
from guildry.kernel.chain import Link
from guildry.kernel.compiled import CompiledQuery
from guildry.platform.facts.models import Head, Receipt, StoredFact

MOST_UNSEALED = 500
LONGEST = 200
SIGNED = "facts.head"


@dataclass(frozen=True)
class SealedFact:
    """A fact with its place in the one order."""

    seq: int
    key: str
    fact: Fact
    actor_id: int | None
    created_at: datetime
    trace_id: str


@dataclass(frozen=True)
class Backlog:
    """How far delivery is behind: counts, and the age in seconds of the oldest fact or delivery that waits."""

    unsealed: int
    waiting: int
    dead: int
    oldest_seconds: float
    retrying: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be made: its receipt, and the fact it is about."""

    receipt: int
    subscriber: str
    attempts: int
    name: str
    payload: str
    seq: int
    key: UUID
    actor_id: int | None
    trace_id: str
    created_at: datetime
    act: str | None


_OF_FACT = ("name", "payload", "seq", "key", "actor_id", "trace_id", "created_at", "act")
_DUE = ("pk", "subscriber", "attempts", *(f"fact__{column}" for column in _OF_FACT))
_LINKED = ("pk", "key", "name", "payload", "actor_id", "trace_id", "created_at", "act")

_UNSEALED = CompiledQuery(
    "facts.unsealed",
    lambda: StoredFact.objects.filter(seq=None).order_by("id").values_list(*_LINKED)[:MOST_UNSEALED],
)
_HEAD = CompiledQuery("facts.head", lambda: Head.objects.select_for_update().values_list("seq", "digest")[:1])


class Place(NamedTuple):
    """Where a fact stands in the one order, what it is called for ever, and the trace it belongs to."""

    seq: int
    key: str
    trace_id: str


@dataclass(frozen=True)
class Stretch:
    """Some facts of a stretch of the order with their places, up to where it goes, and whether more follow it."""

    facts: list[tuple[Place, Fact]]
    until: int
    has_more: bool


_FOLLOWING = CompiledQuery(
    "facts.following",
    lambda after: (
        StoredFact.objects.filter(seq__gt=after)
        .order_by("seq")
        .values_list("seq", "name", "payload", "key", "trace_id")[:LONGEST]
    ),
    after=int,
)
_NEWEST = CompiledQuery(
    "facts.newest",
    lambda: StoredFact.objects.filter(seq__isnull=False).order_by("-seq").values_list("seq")[:1],
)


def facts_following(seq: int, names: Collection[str]) -> Stretch:
    """Return what follows a place in the order, decoding the facts of these names only."""
    rows = _FOLLOWING(after=seq)
    wanted = [
        (Place(place, str(key), trace_id), bus.decode(name, payload))
        for place, name, payload, key, trace_id in rows
        if name in names
    ]
    return Stretch(wanted, rows[-1][0] if rows else seq, len(rows) == LONGEST)


def facts_after(
    seq: int, limit: int = 500, *, names: Collection[str] | None = None, until: int | None = None
) -> list[SealedFact]:
    """Return sealed facts in their order, without a gap, beginning after `seq`, at most up to and with `until`.

    With `names` only facts of these names come.
    """
    rows = StoredFact.objects.filter(seq__gt=seq).order_by("seq")
    rows = rows if names is None else rows.filter(name__in=sorted(names))
    rows = rows if until is None else rows.filter(seq__lte=until)
    return [
        SealedFact(
            row.seq or 0,
            str(row.key),
            bus.decode(row.name, row.payload),
            row.actor_id,
            row.created_at,
            row.trace_id,
        )
        for row in rows[:limit]
    ]


def last_seq() -> int:
    """Return the place of the newest sealed fact, 0 before the first."""
    return next((seq for (seq,) in _NEWEST()), 0)


def end_of_chain() -> tuple[int, str]:
    """Return place and digest of the newest sealed fact, 0 and empty before the first."""
    newest = (
        StoredFact.objects.filter(seq__isnull=False).order_by("-seq").values_list("seq", "digest").first()
    )
    return (newest[0] or 0, newest[1]) if newest else (0, "")


def on_sealed(wake: Callable[[], None]) -> Callable[[], None]:
    """Have `wake` called, from any thread, whenever facts were sealed; returns how to stop that.

    It is a hint that may be lost when another process seals, so look with `facts_after` now and then as well.
    """
    return hints.listen("facts.sealed", wake)


def unsealed_facts() -> list[tuple[int, Link]]:
    """Return the oldest facts that wait for their place, each with its id; they are linked at place 0."""
    return [(pk, Link(0, str(key), *rest)) for pk, key, *rest in _UNSEALED()]


def locked_head() -> tuple[int, str] | None:
    """Return place and digest of the last fact and keep other sealers out; None before the first."""
    return next(iter(_HEAD()), None)


def due_receipts(limit: int) -> list[Due]:
    """Return deliveries to be made now, new ones in the order of facts, then those to be tried again."""
    due = Receipt.objects.filter(state=Receipt.State.PENDING, due_at__lte=clock.now())
    return [Due(*row) for row in due.order_by("due_at", "fact").values_list(*_DUE)[:limit]]


def dead_deliveries(limit: int = 100) -> list[Receipt]:
    """Return deliveries that were given up, newest first."""
    return list(
        Receipt.objects.filter(state=Receipt.State.DEAD).select_related("fact").order_by("-id")[:limit]
    )


def backlog() -> Backlog:
    """Return how far delivery is behind; a fact of the past waits from when it was told, which its key remembers."""
    unsealed = StoredFact.objects.filter(seq=None)
    pending = Receipt.objects.filter(state=Receipt.State.PENDING)
    oldest = [
        *unsealed.order_by("id").values_list("key", flat=True)[:1],
        *pending.order_by("fact").values_list("fact__key", flat=True)[:1],
    ]
    age = (clock.present() - min(map(ids.made_at, oldest))).total_seconds() if oldest else 0.0
    retrying, dead = pending.filter(attempts__gt=0).count(), Receipt.objects.filter(state=Receipt.State.DEAD)
    return Backlog(unsealed.count(), pending.count(), dead.count(), max(0.0, age), retrying)


def unsealed_backlog() -> tuple[int, float]:
    """Return how many facts wait for their seal, and for how many seconds the oldest has."""
    waiting = StoredFact.objects.filter(seq=None)
    oldest = waiting.order_by("id").values_list("key", flat=True).first()
    age = (clock.present() - ids.made_at(oldest)).total_seconds() if oldest else 0.0
    return waiting.count(), max(0.0, age)


def sealed_row(seq: int) -> StoredFact | None:
    """Return the fact at a place of the chain as it is stored."""
    return StoredFact.objects.filter(seq=seq).first()


def digests_of(seqs: Collection[int]) -> dict[int, str]:
    """Return the digest at each of these places of the chain."""
    wanted = sorted(seqs)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        rows = StoredFact.objects.filter(seq__in=wanted[start : start + 500])
        found.update((seq or 0, digest) for seq, digest in rows.values_list("seq", "digest"))
    return found


def link_of(fact: StoredFact) -> Link:
    return Link(
        fact.seq or 0,
        str(fact.key),
        fact.name,
        fact.payload,
        fact.actor_id,
        fact.trace_id,
        fact.created_at,
        fact.act,
    )


def signature_of(seq: int, digest: str) -> str:
    """Return what only a holder of the site's key can put at the end of the chain."""
    return crypto.keyed_digest(SIGNED, f"{seq}:{digest}")
