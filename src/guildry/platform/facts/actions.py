"""Storing facts, sealing them into one order, and delivering them to their subscribers."""

import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice, takewhile
from typing import Any

import structlog
from django.db import connection, models, transaction
from django.db.models import F

from guildry.kernel import bus, clock, hints, ids, runtime, tracing
from guildry.kernel.bus import Act, Delivery, Fact
from guildry.kernel.chain import Link, digest_after
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.facts import queries, rules
from guildry.platform.facts.models import AT_ONCE, Head, Receipt, StoredFact
from guildry.platform.facts.queries import Due
from guildry.platform.lifecycle.actions import Leadership

STORED, SEALED, DUE = "facts.stored", "facts.sealed", "facts.due"
BATCH = queries.MOST_UNSEALED
TOGETHER = 50
# A transaction of deliveries keeps other writers from SQLite, so it ends soon whatever the subscribers do.
LONGEST_TOGETHER = 0.025

log = structlog.get_logger("guildry.facts")
leadership = Leadership("facts relay", seconds=5)
_delivering = threading.Lock()

Place = tuple[int, str]
NOWHERE: Place = (0, "")
# Where this process sealed last: whoever has sealed alone since need not read the head before moving it.
_last_head = NOWHERE


def _insert(model: type[models.Model], *columns: str) -> str:
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608 - own tables


# Every action stores a fact and every fact is sealed, and building these anew would cost four times their execution.
_WRITTEN = ("key", "name", "payload", "actor_id", "trace_id", "created_at", "act")
_COLUMNS = [column for column in StoredFact._meta.concrete_fields if column.name in _WRITTEN]
_STORE = _insert(StoredFact, *_WRITTEN)
_SEAL = f"UPDATE {StoredFact._meta.db_table} SET seq = %s, digest = %s WHERE id = %s"  # noqa: S608 - own table
_MOVE_HEAD = f"UPDATE {Head._meta.db_table} SET seq = %s, digest = %s, signature = %s WHERE id = 1 AND seq = %s AND digest = %s"  # noqa: S608 - own table
_AT_ONCE = connection.ops.adapt_datetimefield_value(AT_ONCE)
_RECEIPT = _insert(Receipt, "fact_id", "subscriber", "state", "attempts", "due_at", "error")


@dataclass
class Outcome:
    """What one round of delivery did; `failed` holds one line for each delivery to be tried again or given up."""

    delivered: int = 0
    failed: list[str] = field(default_factory=list)


def store_fact(actor: Actor, *, fact: Fact, act: Act | None = None) -> None:
    """Write a fact, and the act it is, in the running transaction; raises RuntimeError outside one."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{fact.name} was published outside a transaction.")
    trace_id = structlog.contextvars.get_contextvars().get("trace_id", "")
    kept = bus.encode_act(act, fact) if act else None
    stored = ids.uuid7(), fact.name, bus.encode(fact), actor.pk, trace_id, clock.now(), kept
    adapted = [
        column.get_db_prep_save(value, connection) for column, value in zip(_COLUMNS, stored, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, adapted)
    moment = tracing.moment("fact", fact.name, span_id=tracing.of_fact(stored[0]))
    # Nobody but the trail waits for most acts, so their seal comes with the next turn and not beside the next act.
    is_urgent = act is None or bool(bus.subscribers_of(fact.name))
    transaction.on_commit(partial(_stored, moment, is_urgent=is_urgent))


def seal_facts(actor: Actor, *, limit: int = BATCH) -> int:
    """Give committed facts their place in the one order and their digest; returns how many were sealed.

    Whoever moves the head of the chain holds its row, so two sealers can never give the same place or leave a gap.
    """
    # Read before what waits: had another thread sealed that in between, its new head would fit and seal it twice.
    last_head = _last_head
    if not (facts := queries.unsealed_facts()[:limit]):
        return 0
    if not _seal_after(last_head, facts):
        with transaction.atomic():
            # Somebody else sealed before: what waits is known for certain only while the head is held.
            head = queries.locked_head() or _first_head()
            facts = queries.unsealed_facts()[:limit]
            _seal_after(head, facts)
    return len(facts)


def deliver_due(actor: Actor, *, limit: int = BATCH) -> Outcome:
    """Deliver what is due, in order, with receipts in the same transaction; one failure stops no other.

    Threads take turns. Deliveries made for the first time share a transaction, each within a savepoint.
    """
    outcome = Outcome()
    with _delivering:
        waiting = queries.due_receipts(limit)
        while waiting:
            fresh = list(takewhile(lambda due: not due.attempts, islice(waiting, TOGETHER)))
            waiting = waiting[_deliver_together(fresh or waiting[:1], outcome) :]
    return outcome


def deliver_pending(actor: Actor) -> Outcome:
    """Seal and deliver until nothing is left to do now, including facts that deliveries caused."""
    total = Outcome()
    while True:
        sealed = seal_facts(SYSTEM)
        outcome = deliver_due(SYSTEM)
        total.delivered += outcome.delivered
        total.failed += outcome.failed
        if not (sealed or outcome.delivered):
            return total


def seal_stored(actor: Actor) -> bool:
    """Seal what was stored if this process leads; returns whether there may be more to seal."""
    return leadership.holds() and seal_facts(SYSTEM) == BATCH


def seal_the_rest(actor: Actor) -> int:
    """Seal all that was stored, if this process leads, before it goes; returns how many facts that were."""
    total = 0
    while leadership.holds() and (sealed := seal_facts(SYSTEM)):
        total += sealed
    return total


def relay_facts(actor: Actor) -> bool:
    """Deliver some of what was sealed if this process leads; returns whether there may be more to do."""
    return leadership.holds() and deliver_due(SYSTEM, limit=100).delivered > 0


def resign_relay(actor: Actor) -> None:
    """Let another process relay at once."""
    leadership.resign()


def retry_dead_deliveries(actor: Actor) -> int:
    """Try given-up deliveries again; returns how many there were."""
    revived = Receipt.objects.filter(state=Receipt.State.DEAD).update(
        state=Receipt.State.PENDING, attempts=0, due_at=clock.now()
    )
    hints.send(DUE)
    return revived


def forget_old_receipts(actor: Actor) -> int:
    """Delete receipts of deliveries long done; facts themselves stay."""
    oldest = clock.now() - runtime.value("retention.receipts")
    done = Receipt.objects.filter(state=Receipt.State.DELIVERED, delivered_at__lt=oldest)
    return done.delete()[0]


def _first_head() -> Place:
    Head.objects.bulk_create([Head()], ignore_conflicts=True)
    return queries.locked_head() or NOWHERE


def _seal_after(head: Place, facts: list[tuple[int, Link]]) -> bool:
    """Seal facts unless the chain no longer ends at this head."""
    (seq, digest), seals, receipts = head, [], []
    for pk, link in facts:
        seq += 1
        digest = digest_after(digest, replace(link, seq=seq))
        seals.append((seq, digest, pk))
        for subscriber in bus.subscribers_of(link.name, is_act=link.act is not None):
            receipts.append((pk, subscriber.name, Receipt.State.PENDING.value, 0, _AT_ONCE, ""))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, (seq, digest, queries.signature_of(seq, digest), *head))
        if cursor.rowcount != 1:
            return False
        cursor.executemany(_SEAL, seals)
        if receipts:
            cursor.executemany(_RECEIPT, receipts)
        transaction.on_commit(partial(_sealed, (seq, digest), is_awaited=bool(receipts)))
    return True


def _sealed(head: Place, *, is_awaited: bool) -> None:
    global _last_head
    _last_head = head
    hints.send(SEALED)
    if is_awaited:
        hints.send(DUE)


def _deliver_together(receipts: list[Due], outcome: Outcome) -> int:
    """Deliver in one transaction until its time is over; returns how many need not be looked at again now.

    When the database takes back more than what one of several did, each is delivered by itself.
    """
    failures: list[tuple[Due, Exception]] = []
    try:
        with transaction.atomic():
            seen, delivered = _deliver_within(receipts, failures)
    except Exception as error:
        if len(receipts) > 1:
            return sum(_deliver_together([due], outcome) for due in receipts)
        failures, seen, delivered = [(receipts[0], error)], 1, 0
    outcome.delivered += delivered
    for due, failure in failures:
        _note_failure(due, failure)
        outcome.failed.append(f"{due.name} to {due.subscriber}: {failure!r}")
    return seen


def _deliver_within(receipts: list[Due], failures: list[tuple[Due, Exception]]) -> tuple[int, int]:
    """Return how many were looked at and how many are delivered once the running transaction commits."""
    keys = [due.receipt for due in receipts]
    waiting = Receipt.objects.filter(pk__in=keys, state=Receipt.State.PENDING)
    still = set(waiting.select_for_update().values_list("pk", flat=True))
    began, seen, delivered = time.monotonic(), 0, []
    for due in receipts:
        seen += 1
        if due.receipt in still and _hand_over(due, failures):
            delivered.append(due.receipt)
        if time.monotonic() - began > LONGEST_TOGETHER:
            break
    Receipt.objects.filter(pk__in=delivered).update(
        state=Receipt.State.DELIVERED, delivered_at=clock.now(), attempts=F("attempts") + 1, error=""
    )
    return seen, len(delivered)


def _hand_over(due: Due, failures: list[tuple[Due, Exception]]) -> bool:
    known = bus.subscribers_of(due.name, is_act=due.act is not None)
    subscriber = next((s for s in known if s.name == due.subscriber), None)
    if subscriber is None:
        _give_up(due, f"{due.subscriber} no longer subscribes to {due.name}.")
        return False
    with structlog.contextvars.bound_contextvars(fact=due.name, seq=due.seq):
        try:
            delivery = _delivery_of(due)
            with _span_of(due), transaction.atomic(), clock.telling(due.created_at):
                subscriber.handle(delivery)
        except Exception as error:
            if connection.needs_rollback:
                raise
            failures.append((due, error))
            return False
    return True


def _span_of(due: Due) -> AbstractContextManager[Any]:
    parent = tracing.of_fact(due.key)
    return tracing.span("delivery", due.subscriber, trace_id=due.trace_id, parent_id=parent)


def _delivery_of(due: Due) -> Delivery:
    fact, act = bus.decode(due.name, due.payload), bus.decode_act(due.act) if due.act else None
    return Delivery(fact, due.seq, str(due.key), due.actor_id, due.trace_id, act)


def _note_failure(due: Due, error: Exception) -> None:
    attempts = due.attempts + 1
    with structlog.contextvars.bound_contextvars(trace_id=due.trace_id, fact=due.name, seq=due.seq):
        log.error("delivery failed", subscriber=due.subscriber, attempt=attempts, exc_info=error)
        if attempts >= rules.MOST_ATTEMPTS:
            _give_up(due, repr(error))
            return
    Receipt.objects.filter(pk=due.receipt).update(
        attempts=attempts, error=repr(error)[:500], due_at=clock.now() + rules.pause_before(attempts)
    )


def _give_up(due: Due, reason: str) -> None:
    log.error("delivery given up", subscriber=due.subscriber, fact=due.name, error=reason)
    Receipt.objects.filter(pk=due.receipt).update(
        state=Receipt.State.DEAD, attempts=due.attempts + 1, error=reason[:500]
    )


def _stored(moment: tracing.Span, *, is_urgent: bool) -> None:
    tracing.record(moment)
    if is_urgent:
        hints.send(STORED)
