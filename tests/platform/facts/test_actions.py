"""Facts are stored with their cause, sealed into one order, and delivered at least once with one effect."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import pytest
import structlog
from django.db import connection, transaction

from guildry.kernel import bus, clock, hints
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.audit.queries import verify_chain
from guildry.platform.facts import actions, queries, rules
from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.lifecycle.actions import hold_lease
from tests.platform.facts.conftest import Subscribe
from tests.platform.facts.events import BellRang, EchoHeard

pytestmark = pytest.mark.django_db


def ring(*bells: int) -> None:
    for bell in bells:
        bus.publish(BellRang(bell), actor=SYSTEM)


def ring_for_good(*bells: int) -> None:
    with transaction.atomic():
        ring(*bells)


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        ring(1)

    assert StoredFact.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_fact_disappears_with_its_transaction_and_hints_only_after_the_commit() -> None:
    heard: list[str] = []
    stop = hints.listen(actions.STORED, lambda: heard.append("hint"))

    with transaction.atomic():
        ring(1)
        transaction.set_rollback(True)
    with transaction.atomic():
        ring(2)
        assert heard == []
    stop()

    assert heard == ["hint"]
    assert [fact.payload for fact in StoredFact.objects.all()] == ['{"bell_id":2}']


@pytest.mark.django_db(transaction=True)
def test_the_sealer_is_woken_by_an_act_only_when_more_than_the_trail_waits_for_it(
    subscribe: Subscribe,
) -> None:
    heard: list[int] = []
    stop = hints.listen(actions.STORED, lambda: heard.append(StoredFact.objects.count()))

    with transaction.atomic():
        bus.publish(BellRang(1), actor=SYSTEM, act=bus.Act("Too loud"))
    subscribe(BellRang, lambda d: None, "test.a")
    with transaction.atomic():
        bus.publish(BellRang(2), actor=SYSTEM, act=bus.Act("Too loud"))
    stop()

    assert heard == [2]


def test_a_stored_fact_says_who_when_and_on_which_trace(ada: Member) -> None:
    moment = clock.now() - timedelta(days=3)

    with clock.at(moment), structlog.contextvars.bound_contextvars(trace_id="abc"):
        bus.publish(BellRang(7), actor=ada)

    fact = StoredFact.objects.get()
    assert (fact.name, fact.actor_id, fact.trace_id, fact.created_at) == (
        "facts.BellRang",
        ada.pk,
        "abc",
        moment,
    )
    assert fact.seq is None


def test_facts_get_consecutive_places_in_their_order() -> None:
    ring(1, 2, 3)
    actions.seal_facts(SYSTEM, limit=2)
    ring(4)

    sealed = [actions.seal_facts(SYSTEM), actions.seal_facts(SYSTEM)]

    assert sealed == [2, 0]
    assert [(f.seq, f.fact) for f in queries.facts_after(0)] == [(n, BellRang(n)) for n in (1, 2, 3, 4)]
    assert [f.seq for f in queries.facts_after(2, limit=1)] == [3]
    assert queries.last_seq() == 4


def test_a_fact_that_commits_late_is_sealed_last() -> None:
    """Auto-increment ids are given before the commit, so a smaller id can become visible later."""
    ring(1, 2)
    late = StoredFact.objects.get(payload='{"bell_id":1}')
    late_row = {f.attname: getattr(late, f.attname) for f in StoredFact._meta.fields}
    late.delete()
    actions.seal_facts(SYSTEM)
    StoredFact.objects.create(**late_row)

    actions.seal_facts(SYSTEM)

    assert [f.fact for f in queries.facts_after(0)] == [BellRang(2), BellRang(1)]


def test_every_subscriber_gets_each_fact_once(
    subscribe: Subscribe, deliver: Callable[[], int], ada: Member
) -> None:
    seen: list[tuple[str, int, int | None]] = []
    subscribe(BellRang, lambda d: seen.append(("a", d.seq, d.actor_id)), "test.a")
    subscribe(BellRang, lambda d: seen.append(("b", d.seq, d.actor_id)), "test.b")
    bus.publish(BellRang(1), actor=ada)

    counts = [deliver(), deliver()]

    assert counts == [2, 0]
    assert sorted(seen) == [("a", 1, ada.pk), ("b", 1, ada.pk)]


def test_a_delivery_happens_at_the_moment_of_its_fact(
    subscribe: Subscribe, deliver: Callable[[], int]
) -> None:
    moments: list[object] = []
    subscribe(BellRang, lambda d: moments.append(clock.now()), "test.a")
    past = clock.now() - timedelta(days=30)
    with clock.at(past):
        ring(1)

    deliver()

    assert moments == [past]


def test_a_fact_caused_by_a_delivery_is_delivered_too(
    subscribe: Subscribe, deliver: Callable[[], int]
) -> None:
    heard: list[int] = []
    subscribe(BellRang, lambda d: bus.publish(EchoHeard(9), actor=SYSTEM), "test.a")
    subscribe(EchoHeard, lambda d: heard.append(d.seq), "test.b")
    ring(1)

    assert deliver() == 2
    assert heard == [2]


def test_a_failing_subscriber_stops_no_other_and_no_later_fact(subscribe: Subscribe) -> None:
    seen: list[int] = []

    def fail_at_first(delivery: Delivery) -> None:
        if delivery.seq == 1:
            raise ValueError("not this one")
        seen.append(delivery.seq)

    subscribe(BellRang, fail_at_first, "test.picky")
    subscribe(BellRang, lambda d: seen.append(d.seq * 10), "test.calm")
    ring(1, 2)

    outcome = actions.deliver_pending(SYSTEM)

    assert outcome.delivered == 3
    assert outcome.failed == ["facts.BellRang to test.picky: ValueError('not this one')"]
    assert sorted(seen) == [2, 10, 20]


def test_what_a_failed_delivery_wrote_is_undone(subscribe: Subscribe) -> None:
    def write_then_fail(delivery: Delivery) -> None:
        bus.publish(EchoHeard(1), actor=SYSTEM)
        raise ValueError

    subscribe(BellRang, write_then_fail, "test.a")
    ring(1)

    actions.deliver_pending(SYSTEM)

    assert StoredFact.objects.filter(name="facts.EchoHeard").count() == 0


def test_a_failed_delivery_is_tried_again_after_a_pause(
    subscribe: Subscribe, deliver: Callable[[], int]
) -> None:
    calls: list[int] = []

    def fail_once(delivery: Delivery) -> None:
        calls.append(delivery.seq)
        if len(calls) == 1:
            raise ValueError

    subscribe(BellRang, fail_once, "test.a")
    ring(1)
    actions.deliver_pending(SYSTEM)
    at_once = deliver()

    with clock.at(clock.now() + timedelta(seconds=2)):
        later = deliver()

    assert (at_once, later, calls) == (0, 1, [1, 1])


def test_a_hopeless_delivery_is_given_up_seen_and_can_be_revived(
    subscribe: Subscribe, deliver: Callable[[], int]
) -> None:
    mended: list[int] = []

    def fail_until_mended(delivery: Delivery) -> None:
        if not mended:
            raise ValueError("broken")

    subscribe(BellRang, fail_until_mended, "test.a")
    ring(1)
    for attempt in range(rules.MOST_ATTEMPTS + 3):
        with clock.at(clock.now() + timedelta(hours=2 * attempt)):
            actions.deliver_pending(SYSTEM)
    (dead,) = queries.dead_deliveries()
    assert (dead.attempts, dead.subscriber, dead.error) == (
        rules.MOST_ATTEMPTS,
        "test.a",
        "ValueError('broken')",
    )
    assert queries.backlog().dead == 1

    mended.append(1)
    revived = actions.retry_dead_deliveries(SYSTEM)

    assert revived == 1
    assert deliver() == 1
    assert queries.dead_deliveries() == []


def test_a_subscriber_that_left_the_program_is_given_up_at_once(subscribe: Subscribe) -> None:
    subscribe(BellRang, lambda d: None, "test.a")
    ring(1)
    actions.seal_facts(SYSTEM)
    bus._subscribers[BellRang.name].pop("test.a")

    outcome = actions.deliver_due(SYSTEM)

    assert outcome.delivered == 0
    assert "no longer subscribes" in queries.dead_deliveries()[0].error


def test_a_receipt_that_somebody_else_settled_is_left_alone(subscribe: Subscribe) -> None:
    calls: list[int] = []
    subscribe(BellRang, lambda d: calls.append(d.seq), "test.a")
    ring(1)
    actions.seal_facts(SYSTEM)
    (stale,) = queries.due_receipts(10)
    actions.deliver_due(SYSTEM)

    outcome = actions.Outcome()
    actions._deliver_together([stale], outcome)

    assert (calls, outcome) == ([1], actions.Outcome())


def test_only_the_leader_relays(subscribe: Subscribe) -> None:
    from guildry.platform.lifecycle.models import Lease

    subscribe(BellRang, lambda d: None, "test.a")
    actions.resign_relay(SYSTEM)
    ring(1)
    Lease.objects.create(name="facts relay", holder="another", expires_at=clock.now() + timedelta(minutes=1))

    assert actions.seal_stored(SYSTEM) is False
    actions.seal_facts(SYSTEM)
    assert actions.relay_facts(SYSTEM) is False
    assert queries.backlog().waiting == 1

    Lease.objects.all().delete()
    actions.resign_relay(SYSTEM)
    assert actions.relay_facts(SYSTEM) is True
    assert actions.relay_facts(SYSTEM) is False
    assert Receipt.objects.get().state == Receipt.State.DELIVERED
    actions.resign_relay(SYSTEM)
    assert Lease.objects.count() == 0


def test_old_receipts_are_forgotten_and_facts_are_not(
    subscribe: Subscribe, deliver: Callable[[], int]
) -> None:
    subscribe(BellRang, lambda d: None, "test.a")
    ring(1)
    deliver()

    early = actions.forget_old_receipts(SYSTEM)
    with clock.at(clock.now() + rules.KEEP_RECEIPTS + timedelta(minutes=1)):
        late = actions.forget_old_receipts(SYSTEM)

    assert (early, late) == (0, 1)
    assert StoredFact.objects.count() == 1


def test_facts_are_sealed_by_the_leader_however_much_delivery_is_behind(subscribe: Subscribe) -> None:
    subscribe(BellRang, lambda d: None, "test.a")
    actions.resign_relay(SYSTEM)
    ring(1)

    may_be_more = actions.seal_stored(SYSTEM)
    actions.resign_relay(SYSTEM)

    assert may_be_more is False
    assert (queries.last_seq(), queries.backlog().waiting) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_seal_is_hinted_after_its_commit() -> None:
    ring_for_good(1)
    heard: list[str] = []
    stop = hints.listen(actions.SEALED, lambda: heard.append("hint"))

    actions.seal_facts(SYSTEM)
    stop()

    assert heard == ["hint"]


@pytest.mark.django_db(transaction=True)
def test_the_relay_is_woken_only_by_facts_that_somebody_subscribes_to(subscribe: Subscribe) -> None:
    heard: list[str] = []
    stop = hints.listen(actions.DUE, lambda: heard.append("hint"))

    ring_for_good(1)
    actions.seal_facts(SYSTEM)
    before = list(heard)
    subscribe(BellRang, lambda d: None, "test.a")
    ring_for_good(2)
    actions.seal_facts(SYSTEM)
    stop()

    assert (before, heard) == ([], ["hint"])


@pytest.mark.django_db(transaction=True)
def test_a_full_round_of_sealing_is_followed_by_another() -> None:
    actions.resign_relay(SYSTEM)
    ring_for_good(*range(actions.BATCH + 1))

    rounds = [actions.seal_stored(SYSTEM), actions.seal_stored(SYSTEM)]
    actions.resign_relay(SYSTEM)

    assert rounds == [True, False]
    assert queries.last_seq() == actions.BATCH + 1


@pytest.mark.django_db(transaction=True)
def test_sealing_goes_on_where_another_process_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    ring_for_good(1)
    actions.seal_facts(SYSTEM)
    before = actions._last_head
    ring_for_good(2)
    actions.seal_facts(SYSTEM)
    monkeypatch.setattr(actions, "_last_head", before)
    ring_for_good(3)

    assert actions.seal_facts(SYSTEM) == 1

    assert [(f.seq, f.fact) for f in queries.facts_after(0)] == [(n, BellRang(n)) for n in (1, 2, 3)]
    assert verify_chain() == (3, None)


@pytest.mark.django_db(transaction=True)
def test_many_deliveries_share_a_transaction_and_few_queries(
    subscribe: Subscribe,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "LONGEST_TOGETHER", 60.0)
    ring_for_good(0)
    actions.seal_facts(SYSTEM)
    for name in ("test.a", "test.b", "test.c"):
        subscribe(BellRang, lambda d: None, name)
    ring_for_good(*range(100))

    # What waits; then, between begin and commit, the head, the seals and the receipts.
    with django_assert_num_queries(1 + 5):
        actions.seal_facts(SYSTEM)
    savepoints, groups = 2 * 300, 300 // actions.TOGETHER
    # What is due; then for each group, between begin and commit, what still waits and what was delivered.
    with django_assert_num_queries(1 + groups * 4 + savepoints):
        actions.deliver_due(SYSTEM)

    assert queries.backlog().waiting == 0


def test_each_subscriber_hears_facts_in_their_order(subscribe: Subscribe, deliver: Callable[[], int]) -> None:
    heard: dict[str, list[int]] = {"test.a": [], "test.b": []}
    for name, seqs in heard.items():
        subscribe(BellRang, lambda d, seqs=seqs: seqs.append(d.seq), name)
    ring(*range(120))

    assert deliver() == 240
    assert heard == {name: list(range(1, 121)) for name in heard}


def test_a_slow_subscriber_does_not_hold_a_transaction_for_long(
    subscribe: Subscribe, deliver: Callable[[], int]
) -> None:
    began: set[str] = set()

    def dawdle(delivery: Delivery) -> None:
        time.sleep(actions.LONGEST_TOGETHER)
        began.add(str(connection.savepoint_ids[0]))

    subscribe(BellRang, dawdle, "test.slow")
    ring(1, 2, 3)

    assert deliver() == 3
    assert len(began) == 3


def test_a_transaction_that_the_database_takes_back_is_made_again_one_by_one(subscribe: Subscribe) -> None:
    heard: list[tuple[str, int]] = []

    def hear(delivery: Delivery) -> None:
        heard.append(("calm", delivery.seq))

    def lose(delivery: Delivery) -> None:
        heard.append(("lost", delivery.seq))
        bus.publish(EchoHeard(delivery.seq), actor=SYSTEM)
        if delivery.seq == 2:
            connection.needs_rollback = True
            raise ValueError("deadlock")

    subscribe(BellRang, hear, "test.calm")
    subscribe(BellRang, lose, "test.lost")
    ring(1, 2, 3)
    actions.seal_facts(SYSTEM)

    outcome = actions.deliver_due(SYSTEM)

    assert (outcome.delivered, outcome.failed) == (5, ["facts.BellRang to test.lost: ValueError('deadlock')"])
    assert sorted(Receipt.objects.values_list("fact__seq", "subscriber", "attempts", "state")) == [
        (1, "test.calm", 1, "delivered"),
        (1, "test.lost", 1, "delivered"),
        (2, "test.calm", 1, "delivered"),
        (2, "test.lost", 1, "pending"),
        (3, "test.calm", 1, "delivered"),
        (3, "test.lost", 1, "delivered"),
    ]
    echoes = StoredFact.objects.filter(name="facts.EchoHeard").values_list("payload", flat=True)
    assert sorted(echoes) == ['{"bell_id":1}', '{"bell_id":3}']


@pytest.mark.django_db(transaction=True)
def test_whoever_catches_up_waits_for_the_relay(subscribe: Subscribe) -> None:
    calls: list[int] = []
    entered, go_on = threading.Event(), threading.Event()

    def hold(delivery: Delivery) -> None:
        calls.append(delivery.seq)
        entered.set()
        assert go_on.wait(10)

    subscribe(BellRang, hold, "test.held")
    ring_for_good(1)
    actions.seal_facts(SYSTEM)

    def relay() -> None:
        actions.deliver_due(SYSTEM)
        connection.close()

    other = threading.Thread(target=relay)
    other.start()
    assert entered.wait(10)
    threading.Timer(0.1, go_on.set).start()
    outcome = actions.deliver_pending(SYSTEM)
    other.join()

    assert (calls, outcome.delivered) == ([1], 0)
    assert queries.backlog().waiting == 0


def test_what_is_left_is_sealed_before_the_process_goes_if_it_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.resign_relay(SYSTEM)
    ring(*range(3))
    monkeypatch.setattr(actions, "seal_facts", partial(actions.seal_facts, limit=2))

    sealed = actions.seal_the_rest(SYSTEM)
    ring(3)
    actions.resign_relay(SYSTEM)
    hold_lease(SYSTEM, name="facts relay", holder="another process", seconds=60)
    left = actions.seal_the_rest(SYSTEM)

    assert (sealed, left) == (3, 0)
    assert list(StoredFact.objects.order_by("id").values_list("seq", flat=True)) == [1, 2, 3, None]
