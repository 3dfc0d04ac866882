"""Reading facts in their order, how far behind delivery is, and whether the chain is whole."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from guildry.kernel import bus, clock, crypto, hints, ids
from guildry.kernel.bus import Fact
from guildry.kernel.compiled import CompiledQuery
from guildry.platform.facts import rules
from guildry.platform.facts.models import Head, Receipt, StoredFact
from guildry.platform.facts.rules import Damage, Finding, Link

MOST_UNSEALED = 500
LONGEST = 200
SIGNED = "facts.head"


LENGTH_OF_STAMP, LENGTH_OF_KEY = len("2026-01-01 00:00:00.000000"), 32
_quoted = connection.ops.quote_name
_CHAPTER = (
    f"SELECT seq, CAST({_quoted('key')} AS CHAR), name, payload, actor_id, trace_id, "  # noqa: S608 - own table
    f"CAST(created_at AS CHAR), act, digest FROM {StoredFact._meta.db_table} WHERE seq > %s "
    "ORDER BY seq LIMIT 5000"
)


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


def is_link_whole(seq: int) -> bool:
    """Tell whether the fact at a place is as it was sealed after the one before it."""
    near = {row.seq: row for row in StoredFact.objects.filter(seq__in=[seq - 1, seq])}
    if seq not in near or (seq > 1 and seq - 1 not in near):
        return False
    return _fits(near[seq - 1].digest if seq > 1 else "", near[seq], seq)


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


def verify_chain() -> tuple[int, Finding | None]:
    """Return how many facts are as they were sealed, and the first that is not."""
    previous, last = "", 0
    while chapter := _chapter(last):
        for seq, key, name, payload, actor_id, trace_id, at, act, digest in chapter:
            if seq != last + 1:
                return last, Finding(last + 1, Damage.DELETED)
            stamp = at if len(at) == LENGTH_OF_STAMP else f"{at}.000000"
            key = key if len(key) == LENGTH_OF_KEY else key.replace("-", "")
            if rules.digest_of(previous, seq, key, name, payload, actor_id, trace_id, stamp, act) != digest:
                return last, _name_damage(previous, StoredFact.objects.get(seq=seq))
            previous, last = digest, seq
    return last, _damage_of_head(previous, last)


def _chapter(after: int) -> list[tuple[Any, ...]]:
    """Return the next facts as the database keeps them: making objects of them would take most of the time."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAPTER, [after])
        return list(cursor.fetchall())


def _name_damage(previous: str, fact: StoredFact) -> Finding:
    link = link_of(fact)
    rows = list(StoredFact.objects.filter(seq__in=[link.seq - 2, link.seq - 1, link.seq + 1]))
    near = {row.seq: row for row in rows}
    before_last = near[link.seq - 2].digest if link.seq - 2 in near else ""
    if link.seq > 1 and _fits(before_last, fact, link.seq - 1):
        return Finding(link.seq - 1, Damage.INSERTED)
    if rightful := _fact_that_fits(previous, link.seq):
        at = rightful.seq or 0
        before = rightful.digest if at - 1 == link.seq else _digest_at(at - 1)
        return Finding(link.seq, Damage.REORDERED if _fits(before, fact, at) else Damage.INSERTED)
    following = near.get(link.seq + 1)
    if following and _fits(fact.digest, following, link.seq + 2):
        return Finding(link.seq, Damage.DELETED)
    return Finding(link.seq, Damage.EDITED)


def _fits(previous: str, fact: StoredFact, seq: int) -> bool:
    return rules.digest_after(previous, replace(link_of(fact), seq=seq)) == fact.digest


def _fact_that_fits(previous: str, seq: int) -> StoredFact | None:
    later: Iterable[StoredFact] = StoredFact.objects.filter(seq__gt=seq).order_by("seq").iterator(2000)
    return next((fact for fact in later if _fits(previous, fact, seq)), None)


def _digest_at(seq: int) -> str:
    return StoredFact.objects.values_list("digest", flat=True).get(seq=seq)


def _damage_of_head(digest: str, last: int) -> Finding | None:
    head = Head.objects.first() or Head(signature=signature_of(0, ""))
    if not crypto.is_digest_of(SIGNED, f"{head.seq}:{head.digest}", head.signature):
        return Finding(head.seq, Damage.HEAD_FORGED)
    if head.seq > last:
        return Finding(last + 1, Damage.CUT_SHORT)
    if head.seq < last:
        return Finding(head.seq + 1, Damage.INSERTED)
    return Finding(last, Damage.HEAD_FORGED) if head.digest != digest else None
