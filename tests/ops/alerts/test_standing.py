"""Alerts open after enough bad readings, are looked after, silenced, and are over after enough good ones."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from guildry.kernel import clock, errors, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.kernel.states import IllegalTransition
from guildry.ops.alerts import actions, queries
from guildry.ops.alerts.models import Alert, Silence, Tally, Watch
from guildry.ops.alerts.queries.standing import PAGE
from guildry.ops.alerts.rules import State
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from guildry.platform.facts.models import StoredFact
from guildry.platform.mail.models import OutgoingMail
from tests.factories.alerts import open_alert, read, reading
from tests.factories.people import grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(ada: Member, ben: Member) -> Member:
    return grant(ben, StaffRole.OPERATOR, by=ada)


def facts() -> list[str]:
    return list(
        StoredFact.objects.filter(name__startswith="alerts.").order_by("id").values_list("name", flat=True)
    )


def test_an_alert_opens_at_the_third_bad_reading_and_only_once() -> None:
    assert [read(True), read(True), read(True), read(True)] == [0, 0, 1, 0]

    opened = Alert.objects.get()
    assert (opened.key, opened.state, opened.observed) == ("disk.free", State.OPEN, "10 MB free")
    assert facts() == ["alerts.AlertOpened"]


def test_a_value_that_flaps_opens_nothing() -> None:
    assert read(True, True, False, True, True, False) == 0
    assert not Alert.objects.exists()


def test_an_alert_is_over_at_the_third_good_reading() -> None:
    open_alert()

    assert [read(False), read(False), read(True), read(False), read(False), read(False)] == [0, 0, 0, 0, 0, 1]
    over = Alert.objects.get()
    assert (over.state, over.current_key, over.resolved_at is not None) == (State.RESOLVED, None, True)
    assert facts() == ["alerts.AlertOpened", "alerts.AlertResolved"]


def test_the_same_may_happen_again() -> None:
    open_alert()
    read(False, False, False)
    open_alert()

    assert Alert.objects.count() == 2


def test_settings_say_how_many_readings_it_takes() -> None:
    with runtime.overridden({"alerts.samples": 1, "alerts.recovery_samples": 2}):
        assert [read(True), read(False), read(False)] == [1, 0, 1]


def test_an_open_alert_shows_the_last_bad_reading() -> None:
    open_alert()

    actions.evaluate_thresholds(SYSTEM, readings=[reading(observed="3 MB free")])

    assert Alert.objects.get().observed == "3 MB free"


def test_each_kind_has_a_streak_of_its_own() -> None:
    read(True, True, key="queue.age")
    read(True, True, key="disk.free")

    assert {row.key: row.bad for row in Watch.objects.all()} == {"queue.age": 2, "disk.free": 2}
    assert not Alert.objects.exists()


def test_whoever_looks_after_an_alert_is_named_and_audited(
    operator: Member, deliver: Callable[[], int]
) -> None:
    found = open_alert()

    actions.acknowledge_alert(operator, alert_id=found.pk, note="A copy filled it")
    deliver()

    found.refresh_from_db()
    assert (found.state, found.note, found.acknowledged_by) == (
        State.ACKNOWLEDGED,
        "A copy filled it",
        operator,
    )
    entry = Entry.objects.get(name="alerts.AlertAcknowledged")
    assert (entry.reason, entry.subject) == ("A copy filled it", "alert:disk.free")


def test_an_alert_is_taken_once(operator: Member) -> None:
    found = open_alert()
    actions.acknowledge_alert(operator, alert_id=found.pk)

    with pytest.raises(IllegalTransition):
        actions.acknowledge_alert(operator, alert_id=found.pk)


def test_an_alert_that_is_looked_after_may_be_over(operator: Member) -> None:
    found = open_alert()
    actions.acknowledge_alert(operator, alert_id=found.pk)

    assert read(False, False, False) == 1


def test_a_silence_needs_a_reason_a_length_and_a_permission(operator: Member, ada: Member) -> None:
    found = open_alert()

    with pytest.raises(errors.Invalid):
        actions.silence_alert(operator, alert_id=found.pk, hours=1, reason=" ")
    with pytest.raises(errors.Invalid):
        actions.silence_alert(operator, alert_id=found.pk, hours=3, reason="Known")
    with pytest.raises(PermissionMissing):
        actions.silence_alert(ada, alert_id=found.pk, hours=1, reason="Known")
    assert not Silence.objects.exists()


def test_nobody_is_told_of_what_is_silenced(operator: Member, deliver: Callable[[], int]) -> None:
    found = open_alert()
    actions.silence_alert(operator, alert_id=found.pk, hours=1, reason="Known until the new disk")
    OutgoingMail.objects.all().delete()

    deliver()

    assert queries.is_silenced("disk.free")
    assert not OutgoingMail.objects.exists()


def test_a_silence_ends_by_itself_and_can_be_lifted_once(operator: Member) -> None:
    found = open_alert()
    silence = actions.silence_alert(operator, alert_id=found.pk, hours=1, reason="Known")

    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        assert not queries.is_silenced("disk.free")
    actions.lift_silence(operator, silence_id=silence.pk)
    assert not queries.is_silenced("disk.free")
    with pytest.raises(errors.Conflict):
        actions.lift_silence(operator, silence_id=silence.pk)


def test_members_see_no_alerts(ada: Member, operator: Member) -> None:
    found = open_alert()

    assert queries.current_alerts(ada) == []
    assert queries.current_alerts(None) == []
    assert queries.current_alerts(operator) == [found]
    with pytest.raises(errors.NotFound):
        queries.alert(ada, found.pk)


def test_what_stands_is_ordered_by_what_cannot_wait(operator: Member) -> None:
    first, second = open_alert("a.one"), open_alert("b.two")
    actions.acknowledge_alert(operator, alert_id=first.pk)

    assert [found.key for found in queries.current_alerts(operator)] == ["b.two", "a.one"]
    assert second.state == State.OPEN


def test_the_history_is_paged_without_loss(operator: Member) -> None:
    now = clock.now()
    Alert.objects.bulk_create(
        Alert(
            key=f"k.{number}", label="Old", severity="serious", state="resolved", observed="", threshold="",
            opened_at=now, resolved_at=now,
        )
        for number in range(PAGE + 2)
    )  # fmt: skip

    first = queries.history(operator)
    second = queries.history(operator, cursor=first.next_cursor)

    keys = [found.key for found in (*first.items, *second.items)]
    assert keys == [f"k.{number}" for number in reversed(range(PAGE + 2))]
    assert second.next_cursor == ""


def test_failures_are_tallied_by_minute_and_process_and_forgotten_after_a_day() -> None:
    now = clock.now()
    with clock.at(now):
        actions.note_failures(SYSTEM, process="one", count=2)
        actions.note_failures(SYSTEM, process="one", count=3)
        actions.note_failures(SYSTEM, process="two", count=1)
    assert sorted(Tally.objects.values_list("process", "count")) == [("one", 5), ("two", 1)]

    with clock.at(now + timedelta(days=2)):
        assert actions.forget_tallies(SYSTEM) == 2
