"""Storing facts, sealing them into one order, and delivering them to their subscribers."""

import threading
import time
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from typing import Any

import structlog
from django.db import connection, models, transaction
from django.db.models import F

from guildry.kernel import bus, clock, hints, ids
from guildry.kernel.bus import Delivery, Fact
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.facts import queries, rules
from guildry.platform.facts.models import AT_ONCE, Head, Receipt, StoredFact
from guildry.platform.facts.queries import Due
from guildry.platform.lifecycle.actions import Leadership

STORED, SEALED = "facts.stored", "facts.sealed"
BATCH = queries.MOST_UNSEALED
TOGETHER = 50
# A transaction of deliveries keeps other writers from SQLite, so it ends soon whatever the subscribers do.
LONGEST_TOGETHER = 0.025

log = structlog.get_logger("guildry.facts")
leadership = Leadership("facts relay", seconds=5)
_delivering = threading.Lock()


def _insert(model: type[models.Model], *columns: str) -> str:
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608 - own tables


# Every action stores a fact and every fact is sealed, and building these anew would cost four times their execution.
_WRITTEN = ("key", "name", "payload", "actor_id", "trace_id", "created_at")
_COLUMNS = [column for column in StoredFact._meta.concrete_fields if column.name in _WRITTEN]
_STORE = _insert(StoredFact, *_WRITTEN)
_SEAL = f"UPDATE {StoredFact._meta.db_table} SET seq = %s, digest = %s WHERE id = %s"  # noqa: S608 - own table
_MOVE_HEAD = f"UPDATE {Head._meta.db_table} SET seq = %s, digest = %s, signature = %s WHERE id = 1"  # noqa: S608 - own table
_AT_ONCE = connection.ops.adapt_datetimefield_value(AT_ONCE)
_RECEIPT = _insert(Receipt, "fact_id", "subscriber", "state", "attempts", "due_at", "error")


@dataclass
class Outcome:
    """What one round of delivery did; `failed` holds one line for each delivery to be tried again or given up."""

    delivered: int = 0
    failed: list[str] = field(default_factory=list)


def store_fact(actor: Actor, *, fact: Fact) -> None:
    """Write a fact in the running transaction; raises RuntimeError outside one."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{fact.name} was published outside a transaction.")
    trace_id = structlog.contextvars.get_contextvars().get("trace_id", "")
    stored = ids.uuid7(), fact.name, bus.encode(fact), actor.pk, trace_id, clock.now()
    adapted = [
        column.get_db_prep_save(value, connection) for column, value in zip(_COLUMNS, stored, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, adapted)
    transaction.on_commit(_hint_stored)


def seal_facts(actor: Actor, *, limit: int = BATCH) -> int:
    """Give committed facts their place in the one order and their digest; returns how many were sealed.

    The row of the head is locked, so two sealers can never give the same place or leave a gap.
    """
    if not queries.has_unsealed():
        return 0
    with transaction.atomic():
        seq, digest = queries.locked_head() or _first_head()
        seals: list[tuple[int, str, int]] = []
        receipts: list[tuple[int, str, str, int, Any, str]] = []
        for pk, link in queries.unsealed_facts()[:limit]:
            seq += 1
            digest = rules.digest_after(digest, replace(link, seq=seq))
            seals.append((seq, digest, pk))
            receipts.extend(
                (pk, subscriber.name, Receipt.State.PENDING.value, 0, _AT_ONCE, "")
                for subscriber in bus.subscribers_of(link.name)
            )
        _write_seals(seals, receipts, (seq, digest, queries.signature_of(seq, digest)))
        transaction.on_commit(_hint_sealed)
    return len(seals)


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
    """Seal what was stored if this process leads; returns whether there was any."""
    return leadership.holds() and bool(seal_facts(SYSTEM))


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
    hints.send(SEALED)
    return revived


def forget_old_receipts(actor: Actor) -> int:
    """Delete receipts of deliveries long done; facts themselves stay."""
    oldest = clock.now() - rules.KEEP_RECEIPTS
    done = Receipt.objects.filter(state=Receipt.State.DELIVERED, delivered_at__lt=oldest)
    return done.delete()[0]


def _first_head() -> tuple[int, str]:
    Head.objects.bulk_create([Head()], ignore_conflicts=True)
    return queries.locked_head() or (0, "")


def _write_seals(seals: list[Any], receipts: list[Any], head: tuple[int, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_SEAL, seals)
        cursor.execute(_MOVE_HEAD, head)
        if receipts:
            cursor.executemany(_RECEIPT, receipts)


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
    subscriber = next((s for s in bus.subscribers_of(due.name) if s.name == due.subscriber), None)
    if subscriber is None:
        _give_up(due, f"{due.subscriber} no longer subscribes to {due.name}.")
        return False
    with structlog.contextvars.bound_contextvars(trace_id=due.trace_id, fact=due.name, seq=due.seq):
        try:
            delivery = Delivery(bus.decode(due.name, due.payload), due.seq, str(due.key), due.actor_id)
            with transaction.atomic(), clock.telling(due.created_at):
                subscriber.handle(delivery)
        except Exception as error:
            if connection.needs_rollback:
                raise
            failures.append((due, error))
            return False
    return True


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
    log.error("delivery given up", subscriber=due.subscriber, fact=due.name, reason=reason)
    Receipt.objects.filter(pk=due.receipt).update(
        state=Receipt.State.DEAD, attempts=due.attempts + 1, error=reason[:500]
    )


def _hint_stored() -> None:
    hints.send(STORED)


def _hint_sealed() -> None:
    hints.send(SEALED)
