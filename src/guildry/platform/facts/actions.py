"""Storing facts, sealing them into one order, and delivering them to their subscribers."""

from dataclasses import dataclass, field

import structlog
from django.db import connection, transaction

from guildry.kernel import bus, clock, hints, ids
from guildry.kernel.bus import Delivery, Fact, Subscriber
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.facts import queries, rules
from guildry.platform.facts.models import Head, Receipt, StoredFact
from guildry.platform.lifecycle.actions import Leadership

STORED, SEALED = "facts.stored", "facts.sealed"
BATCH = 500

# Every action stores a fact, and building this statement anew each time would cost four times its execution.
_WRITTEN = ("key", "name", "payload", "actor_id", "trace_id", "created_at")
_COLUMNS = [column for column in StoredFact._meta.concrete_fields if column.name in _WRITTEN]
_STORE = (
    f"INSERT INTO {StoredFact._meta.db_table} ({', '.join(map(connection.ops.quote_name, _WRITTEN))}) "  # noqa: S608 - own table
    "VALUES (%s, %s, %s, %s, %s, %s)"
)

log = structlog.get_logger("guildry.facts")
leadership = Leadership("facts relay", seconds=5)


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
        Head.objects.bulk_create([Head()], ignore_conflicts=True)
        head = Head.objects.select_for_update().get()
        facts = list(StoredFact.objects.filter(seq=None).order_by("id")[:limit])
        for fact in facts:
            fact.seq = head.seq = head.seq + 1
            fact.digest = head.digest = rules.digest_after(head.digest, queries.link_of(fact))
        head.signature = queries.signature_of(head.seq, head.digest)
        _write_seals(facts)
        head.save()
        Receipt.objects.bulk_create(
            Receipt(fact=fact, subscriber=subscriber.name)
            for fact in facts
            for subscriber in bus.subscribers_of(fact.name)
        )
        transaction.on_commit(_hint_sealed)
    return len(facts)


def deliver_due(actor: Actor, *, limit: int = BATCH) -> Outcome:
    """Deliver what is due, each delivery in a transaction of its own with its receipt; one failure stops no other."""
    outcome = Outcome()
    for receipt in queries.due_receipts(limit):
        _deliver(receipt, outcome)
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
    """Seal what was stored if this process leads, however much delivery is behind; returns whether there was any."""
    return leadership.holds() and bool(seal_facts(SYSTEM))


def seal_the_rest(actor: Actor) -> int:
    """Seal all that was stored, if this process leads, before it goes; returns how many facts that were."""
    total = 0
    while leadership.holds() and (sealed := seal_facts(SYSTEM)):
        total += sealed
    return total


def relay_facts(actor: Actor) -> bool:
    """Do one round of sealing and delivery if this process leads; returns whether there may be more to do."""
    if not leadership.holds():
        return False
    sealed = seal_facts(SYSTEM)
    outcome = deliver_due(SYSTEM, limit=100)
    return bool(sealed or outcome.delivered)


def resign_relay(actor: Actor) -> None:
    """Let another process relay at once."""
    leadership.resign()


def retry_dead_deliveries(actor: Actor) -> int:
    """Try given-up deliveries again; returns how many there were."""
    revived = Receipt.objects.filter(state=Receipt.State.DEAD).update(
        state=Receipt.State.PENDING, attempts=0, due_at=clock.now()
    )
    hints.send(STORED)
    return revived


def forget_old_receipts(actor: Actor) -> int:
    """Delete receipts of deliveries long done; facts themselves stay."""
    oldest = clock.now() - rules.KEEP_RECEIPTS
    done = Receipt.objects.filter(state=Receipt.State.DELIVERED, delivered_at__lt=oldest)
    return done.delete()[0]


def _write_seals(facts: list[StoredFact]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {StoredFact._meta.db_table} SET seq = %s, digest = %s WHERE id = %s",  # noqa: S608 - own table
            [(fact.seq, fact.digest, fact.pk) for fact in facts],
        )


def _deliver(receipt: Receipt, outcome: Outcome) -> None:
    fact = receipt.fact
    subscriber = next((s for s in bus.subscribers_of(fact.name) if s.name == receipt.subscriber), None)
    if subscriber is None:
        _give_up(receipt, f"{receipt.subscriber} no longer subscribes to {fact.name}.")
        return
    with structlog.contextvars.bound_contextvars(trace_id=fact.trace_id, fact=fact.name, seq=fact.seq):
        try:
            outcome.delivered += _hand_over(receipt, subscriber)
        except Exception as error:
            log.exception("delivery failed", subscriber=receipt.subscriber, attempt=receipt.attempts + 1)
            _note_failure(receipt, error)
            outcome.failed.append(f"{fact.name} to {receipt.subscriber}: {error!r}")


def _hand_over(receipt: Receipt, subscriber: Subscriber) -> bool:
    fact = receipt.fact
    delivery = Delivery(bus.decode(fact.name, fact.payload), fact.seq or 0, str(fact.key), fact.actor_id)
    waiting = Receipt.objects.filter(pk=receipt.pk, state=Receipt.State.PENDING)
    with transaction.atomic():
        if not waiting.select_for_update().exists():
            return False
        with clock.at(fact.created_at):
            subscriber.handle(delivery)
        waiting.update(
            state=Receipt.State.DELIVERED, delivered_at=clock.now(), attempts=receipt.attempts + 1, error=""
        )
    return True


def _note_failure(receipt: Receipt, error: Exception) -> None:
    attempts = receipt.attempts + 1
    if attempts >= rules.MOST_ATTEMPTS:
        _give_up(receipt, repr(error))
        return
    Receipt.objects.filter(pk=receipt.pk).update(
        attempts=attempts, error=repr(error)[:500], due_at=clock.now() + rules.pause_before(attempts)
    )


def _give_up(receipt: Receipt, reason: str) -> None:
    log.error("delivery given up", subscriber=receipt.subscriber, fact=receipt.fact.name, reason=reason)
    Receipt.objects.filter(pk=receipt.pk).update(
        state=Receipt.State.DEAD, attempts=receipt.attempts + 1, error=reason[:500]
    )


def _hint_stored() -> None:
    hints.send(STORED)


def _hint_sealed() -> None:
    hints.send(SEALED)
