"""Values change together or not at all, two people where it takes two, and never without a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from guildry.kernel import bus, clock, errors, runtime
from guildry.kernel.configuration import Examination, Finding, Given, Layer, Origin
from guildry.kernel.configuration.codes import Code
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.kernel.points import RELOADS
from guildry.kernel.states import IllegalTransition
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from guildry.platform.facts.models import StoredFact
from guildry.platform.lifecycle import queries as lifecycle
from guildry.platform.runtime import actions, queries, rules
from guildry.platform.runtime.actions import chain, following
from guildry.platform.runtime.actions.changes import BadTime
from guildry.platform.runtime.actions.overrides import BadLifetime
from guildry.platform.runtime.models import Change, ChangeSet, Override, ProcessVersion, Stored
from tests.factories.runtime import LEAST, LIMIT, POLICY, TITLE, WAIT, make_staff

pytestmark = pytest.mark.django_db


def propose(actor: Member, changes: dict[str, str | None], **further: Any) -> ChangeSet:
    return actions.propose_changes(actor, changes=changes, reason="It was asked for.", **further)


def follow() -> None:
    assert actions.follow_changes(SYSTEM) is False


def fact_names() -> list[str]:
    return list(StoredFact.objects.order_by("id").values_list("name", flat=True))


def pin(monkeypatch: pytest.MonkeyPatch, key: str, text: str, value: Any) -> None:
    given = {key: {Layer.DOTENV: Given(text, Origin(Layer.DOTENV, ".env:3"))}}
    monkeypatch.setattr(runtime, "_outside", Examination(given, {key: value}, ()))


def test_a_change_is_stored_sealed_and_told(olu: Member) -> None:
    row = propose(olu, {LIMIT: " 20 ", WAIT: "5s"})

    assert (row.state, row.version, row.base_version, row.actor_id) == (rules.APPLIED, 1, 0, olu.pk)
    assert {item.key: item.text for item in Stored.objects.all()} == {LIMIT: "20", WAIT: "5s"}
    assert fact_names() == ["runtime.ChangesApplied"]
    assert queries.verify_chain() == (1, None)


def test_a_change_is_in_force_once_the_process_has_followed(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})
    assert runtime.value(LIMIT) == 10

    follow()

    assert runtime.value(LIMIT) == 20
    assert str(queries.convergence()) == "1/1 processes on v1"


def test_a_key_can_be_taken_out_of_the_store(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})

    propose(olu, {LIMIT: None})
    follow()

    assert runtime.value(LIMIT) == 10
    assert not Stored.objects.exists()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({LIMIT: "0"}, {(LIMIT, "E13")}),
        ({LIMIT: "ten", TITLE: "x", WAIT: "5"}, {(LIMIT, "E12"), (WAIT, "E23")}),
        ({"test.limits": "5"}, {("test.limits", "E09")}),
        ({"nothing": None}, {("nothing", "E09")}),
        ({"test.started": "x"}, {("test.started", "E24")}),
        ({"test.quiet": "1"}, {("test.quiet", "E24")}),
        ({LEAST: "20"}, {(LEAST, "E19")}),
        ({LIMIT: "4"}, {(LEAST, "E19")}),
    ],
)
def test_a_set_with_one_wrong_value_changes_nothing(
    changes: dict[str, str | None], expected: set[tuple[str, str]], olu: Member
) -> None:
    with pytest.raises(actions.ChangesRefused) as refusal:
        propose(olu, changes)

    assert {(entry.field, entry.code) for entry in refusal.value.errors} == expected
    assert (ChangeSet.objects.count(), queries.current_version(), fact_names()) == (0, 0, [])


def test_values_that_go_together_change_together(olu: Member) -> None:
    propose(olu, {LEAST: "20", LIMIT: "30"})
    follow()

    assert (runtime.value(LEAST), runtime.value(LIMIT)) == (20, 30)


def test_a_part_that_cannot_prepare_refuses_the_whole_set(olu: Member) -> None:
    def prepare(values: Any) -> Callable[[], None]:
        if values[LIMIT] == 13:
            raise ValueError("thirteen brings no luck")
        return lambda: None

    runtime.prepare_with(runtime.Preparation("luck", prepare))

    with pytest.raises(actions.ChangesRefused, match="thirteen"):
        propose(olu, {LIMIT: "13"})
    with pytest.raises(actions.ChangesRefused, match="thirteen"):
        actions.override_value(olu, key=LIMIT, text="13", lifetime=timedelta(hours=1), reason="Now.")

    assert not ChangeSet.objects.exists()


def test_what_is_pinned_is_changed_where_it_is_pinned(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(olu, {LIMIT: "20"})
    pin(monkeypatch, LIMIT, "40", 40)

    with pytest.raises(actions.ChangesRefused) as refusal:
        propose(olu, {LIMIT: "30"})
    follow()
    found = queries.explain(LIMIT)

    assert refusal.value.errors[0].detail == "is pinned by .env:3. change it there"
    assert runtime.value(LIMIT) == 40
    assert (found.value, found.locked_by, found.stored) == (40, ".env:3", "20")
    assert [given.origin.layer for given in found.layers] == [Layer.DOTENV, Layer.STORE, Layer.DEFAULT]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_change_without_a_reason_is_refused(reason: str, olu: Member) -> None:
    with pytest.raises(actions.BadReason):
        actions.propose_changes(olu, changes={LIMIT: "20"}, reason=reason)

    assert not ChangeSet.objects.exists()


def test_nothing_new_is_no_change(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})

    with pytest.raises(actions.NothingToChange):
        propose(olu, {LIMIT: "20", TITLE: None})


def test_whoever_looked_at_an_older_version_looks_again(olu: Member, ines: Member) -> None:
    propose(olu, {LIMIT: "20"}, base_version=0)

    with pytest.raises(actions.ChangesMoved):
        propose(ines, {TITLE: "New"}, base_version=0)

    assert queries.current_version() == 1


def test_only_those_who_run_the_site_change_it(ada: Member) -> None:
    auditor = make_staff("aud", StaffRole.AUDITOR)

    for actor in (ada, auditor):
        for act in (
            lambda: propose(actor, {LIMIT: "20"}),  # noqa: B023 - called at once
            lambda: actions.roll_back(actor, version=0, reason="x"),  # noqa: B023 - called at once
            lambda: actions.approve_changes(actor, change_set_id=1),  # noqa: B023 - called at once
            lambda: actions.decline_changes(actor, change_set_id=1, note="x"),  # noqa: B023 - called at once
            lambda: actions.withdraw_changes(actor, change_set_id=1),  # noqa: B023 - called at once
            lambda: actions.end_override(actor, override_id=1, reason="x"),  # noqa: B023 - called at once
            lambda: actions.override_value(actor, key=LIMIT, text="1", lifetime=timedelta(hours=1), reason="x"),  # noqa: B023 - called at once
            lambda: actions.rotate_secret(actor, key="secret.key", reason="x", channel="command"),  # noqa: B023 - called at once
        ):  # fmt: skip
            with pytest.raises(PermissionMissing):
                act()


# Two people


def test_a_key_that_takes_two_people_waits_for_somebody_else(olu: Member, ines: Member) -> None:
    row = propose(olu, {POLICY: "enforce", LIMIT: "20"})
    follow()
    assert (row.state, runtime.value(POLICY), runtime.value(LIMIT)) == (rules.WAITING, "report", 10)

    with pytest.raises(actions.OwnProposal):
        actions.approve_changes(olu, change_set_id=row.pk)
    approved = actions.approve_changes(ines, change_set_id=row.pk, note="Seen for a week.")
    follow()

    assert (approved.state, approved.decided_by, approved.version) == (rules.APPLIED, ines.pk, 1)
    assert (runtime.value(POLICY), runtime.value(LIMIT)) == ("enforce", 20)
    assert fact_names() == ["runtime.ChangesProposed", "runtime.ChangesApplied"]
    assert queries.verify_chain() == (1, None)


def test_what_was_declined_or_withdrawn_never_happens(olu: Member, ines: Member) -> None:
    first, second = propose(olu, {POLICY: "enforce"}), propose(olu, {POLICY: "enforce"})

    actions.decline_changes(ines, change_set_id=first.pk, note="Not this week.")
    actions.withdraw_changes(olu, change_set_id=second.pk)

    for row in (first, second):
        with pytest.raises(IllegalTransition):
            actions.approve_changes(ines, change_set_id=row.pk)
    assert queries.waiting() == []
    assert queries.current_version() == 0
    assert fact_names()[2:] == ["runtime.ChangesDeclined", "runtime.ChangesWithdrawn"]
    with pytest.raises(actions.BadReason):
        actions.decline_changes(ines, change_set_id=first.pk, note=" ")


def test_an_approval_of_what_has_moved_since_is_refused(olu: Member, ines: Member) -> None:
    row = propose(olu, {POLICY: "enforce", LIMIT: "20"})
    propose(olu, {LIMIT: "30"})

    with pytest.raises(actions.ChangesMoved):
        actions.approve_changes(ines, change_set_id=row.pk)

    assert queries.change_set(row.pk).state == rules.WAITING


def test_an_unknown_set_is_not_found(olu: Member) -> None:
    with pytest.raises(queries.ChangeSetUnknown):
        actions.approve_changes(olu, change_set_id=99)
    with pytest.raises(queries.ChangeSetUnknown):
        actions.roll_back(olu, version=9, reason="Back.")


# Schedules


def test_a_scheduled_change_waits_for_its_time(olu: Member) -> None:
    due_at = clock.now() + timedelta(hours=2)
    row = propose(olu, {LIMIT: "20"}, due_at=due_at)
    follow()
    assert (row.state, runtime.value(LIMIT)) == (rules.SCHEDULED, 10)

    with clock.at(due_at):
        follow()

    assert runtime.value(LIMIT) == 20
    assert queries.change_set(row.pk).state == rules.APPLIED


def test_a_scheduled_change_of_two_people_waits_for_both(olu: Member, ines: Member) -> None:
    due_at = clock.now() + timedelta(hours=2)
    row = propose(olu, {POLICY: "enforce"}, due_at=due_at)

    approved = actions.approve_changes(ines, change_set_id=row.pk)

    assert (row.state, approved.state) == (rules.WAITING, rules.SCHEDULED)
    with clock.at(due_at):
        assert actions.apply_due_changes(SYSTEM) == 1
        assert actions.apply_due_changes(SYSTEM) == 0
    assert queries.change_set(row.pk).state == rules.APPLIED
    with pytest.raises(IllegalTransition):
        actions.approve_changes(ines, change_set_id=row.pk)


def test_a_scheduled_change_that_no_longer_fits_fails_and_says_why(olu: Member) -> None:
    due_at = clock.now() + timedelta(hours=2)
    moved = propose(olu, {LIMIT: "20"}, due_at=due_at)
    broken = propose(olu, {LEAST: "8"}, due_at=due_at)
    propose(olu, {LIMIT: "7"})

    with clock.at(due_at):
        assert actions.apply_due_changes(SYSTEM) == 2

    assert [queries.change_set(row.pk).state for row in (moved, broken)] == [rules.FAILED, rules.FAILED]
    assert "Somebody changed" in queries.change_set(moved.pk).decision
    assert "is above the limit" in queries.change_set(broken.pk).decision
    assert queries.current_version() == 1


@pytest.mark.parametrize("ahead", [timedelta(seconds=-1), timedelta(days=91)])
def test_a_time_that_has_passed_or_is_far_away_is_refused(ahead: timedelta, olu: Member) -> None:
    with pytest.raises(BadTime):
        propose(olu, {LIMIT: "20"}, due_at=clock.now() + ahead)


def test_somebody_else_may_have_applied_what_is_due(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    row = propose(olu, {LIMIT: "20"})
    monkeypatch.setattr(queries, "due_ids", lambda: [row.pk])

    assert actions.apply_due_changes(SYSTEM) == 0


# Taking back


def test_a_rollback_is_a_change_of_its_own_and_restores_every_byte(olu: Member) -> None:
    propose(olu, {LIMIT: "20", TITLE: "Böard\n#1"})
    before = queries.effective(queries.snapshot()).values
    propose(olu, {LIMIT: "30", TITLE: None, WAIT: "9s"})
    propose(olu, {LEAST: "6"})

    row = actions.roll_back(olu, version=1, reason="It was better before.")
    follow()

    assert queries.effective(queries.snapshot()).values == before
    assert (row.kind, row.restores, row.version) == (ChangeSet.Kind.ROLLBACK, 1, 4)
    assert queries.stored_at(4) == {LIMIT: "20", TITLE: "Böard\n#1"} == queries.stored_at(1)
    assert queries.verify_chain() == (4, None)
    with pytest.raises(actions.NothingToChange):
        actions.roll_back(olu, version=1, reason="Again.")


def test_a_rollback_of_a_key_for_two_people_takes_two(olu: Member, ines: Member) -> None:
    actions.approve_changes(ines, change_set_id=propose(olu, {POLICY: "enforce"}).pk)

    row = actions.roll_back(olu, version=0, reason="Too strict.")

    assert row.state == rules.WAITING


@pytest.mark.parametrize("field", ["after", "reason"])
def test_a_touched_history_is_noticed(field: str, olu: Member) -> None:
    for text in ("20", "30", "40"):
        propose(olu, {LIMIT: text})

    if field == "after":
        Change.objects.filter(change_set__version=2).update(after="31")
    else:
        ChangeSet.objects.filter(version=2).update(reason="Nothing happened.")

    assert queries.verify_chain() == (1, 2)


def test_a_history_cut_short_is_noticed(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})
    propose(olu, {TITLE: "x"})
    Stored.objects.all().delete()
    ChangeSet.objects.filter(version=2).delete()

    assert queries.verify_chain() == (1, 2)


def test_history_comes_in_pages_and_by_key(olu: Member) -> None:
    for text in ("20", "30", "40"):
        propose(olu, {LIMIT: text})
    propose(olu, {TITLE: "x"})

    first = queries.history(size=2)
    second = queries.history(first.next_cursor, size=2)

    assert [row.version for row in first.items] == [4, 3]
    assert [row.version for row in second.items] == [2, 1]
    assert second.next_cursor == ""
    assert [row.version for row in queries.history(key=TITLE).items] == [4]


# Overrides


def test_an_override_wins_until_it_expires(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(olu, {LIMIT: "20"})
    pin(monkeypatch, LIMIT, "40", 40)
    override = actions.override_value(
        olu, key=LIMIT, text="50", lifetime=timedelta(hours=1), reason="A flood."
    )
    follow()
    assert runtime.value(LIMIT) == 50
    assert queries.explain(LIMIT).origin.layer == Layer.OVERRIDE

    with clock.at(override.expires_at):
        follow()

    assert runtime.value(LIMIT) == 40
    assert queries.verify_chain() == (2, None)
    assert queries.change_set(override.change_set_id).reason == "A flood. (for 1h)"


def test_an_override_can_be_ended_and_replaced(olu: Member) -> None:
    hour = timedelta(hours=1)
    first = actions.override_value(olu, key=LIMIT, text="50", lifetime=hour, reason="A flood.")
    second = actions.override_value(olu, key=LIMIT, text="60", lifetime=hour, reason="A larger flood.")
    assert [row.pk for row in queries.active_overrides()] == [second.pk]

    actions.end_override(olu, override_id=second.pk, reason="It is dry.")
    follow()

    assert runtime.value(LIMIT) == 10
    assert fact_names() == ["runtime.OverrideSet", "runtime.OverrideSet", "runtime.OverrideEnded"]
    for override in (first, second):
        with pytest.raises(actions.OverrideUnknown):
            actions.end_override(olu, override_id=override.pk, reason="Again.")
    assert queries.stored_at(queries.current_version()) == {}


@pytest.mark.parametrize(
    ("key", "text", "code"), [(LIMIT, "0", "E13"), (LIMIT, "4", "invalid"), ("test.started", "x", "invalid")]
)
def test_an_override_that_does_not_fit_is_refused(key: str, text: str, code: str, olu: Member) -> None:
    with pytest.raises(actions.ChangesRefused) as refusal:
        actions.override_value(olu, key=key, text=text, lifetime=timedelta(hours=1), reason="Now.")

    assert refusal.value.errors[0].code == code
    assert not Override.objects.exists()


@pytest.mark.parametrize("lifetime", [timedelta(seconds=59), timedelta(hours=25)])
def test_an_override_lasts_from_a_minute_to_a_day(lifetime: timedelta, olu: Member) -> None:
    with pytest.raises(BadLifetime):
        actions.override_value(olu, key=LIMIT, text="50", lifetime=lifetime, reason="Now.")
    with pytest.raises(actions.BadReason):
        actions.override_value(olu, key=LIMIT, text="50", lifetime=timedelta(hours=1), reason=" ")


def test_an_override_of_a_key_for_two_people_takes_the_right_to_approve(olu: Member, ines: Member) -> None:
    hour = timedelta(hours=1)

    actions.override_value(olu, key=POLICY, text="enforce", lifetime=hour, reason="An attack.")
    follow()

    assert runtime.value(POLICY) == "enforce"


# Following


def test_a_value_a_process_cannot_use_leaves_the_old_one_and_is_told(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})
    follow()

    def prepare(values: Any) -> Callable[[], None]:
        if values[LIMIT] == 30:
            raise ValueError("no room for 30")
        return lambda: None

    propose(olu, {LIMIT: "30"})
    runtime.prepare_with(runtime.Preparation("room", prepare))
    follow()

    assert runtime.value(LIMIT) == 20
    row = ProcessVersion.objects.get()
    assert (row.process, row.version, row.refused_version, row.error) == (
        lifecycle.own_name(), 1, 2, "no room for 30",
    )  # fmt: skip
    assert str(queries.convergence()) == "0/1 processes on v2"
    runtime._preparations.clear()
    with clock.at(clock.now() + rules.TRY_AGAIN_AFTER):
        follow()
    assert runtime.value(LIMIT) == 30


def test_layers_that_do_not_go_together_are_not_taken_up(
    olu: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(olu, {LEAST: "9"})
    follow()
    pin(monkeypatch, LIMIT, "7", 7)
    propose(olu, {TITLE: "x"})

    follow()

    assert (runtime.value(TITLE), runtime.value(LEAST)) == ("Guild", 9)
    assert "is above the limit" in ProcessVersion.objects.get().error


def test_a_stored_text_that_no_longer_fits_its_key_does_not_stop_the_rest(olu: Member) -> None:
    propose(olu, {LIMIT: "20", TITLE: "x"})
    Stored.objects.filter(key=LIMIT).update(text="700")

    assert [finding.code for finding in queries.effective(queries.snapshot()).findings] == [Code.RANGE]


def test_a_store_that_is_away_changes_nothing(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(olu, {LIMIT: "20"})
    follow()

    def gone() -> list[int]:
        raise following.InterfaceError("away")

    monkeypatch.setattr(queries, "due_ids", gone)
    for _ in range(2):
        follow()

    assert runtime.value(LIMIT) == 20


def test_processes_say_now_and_then_what_they_have(olu: Member, django_assert_num_queries: Any) -> None:
    actions.start_following(SYSTEM)
    seen_at = ProcessVersion.objects.get().seen_at

    with django_assert_num_queries(2):
        follow()
    assert ProcessVersion.objects.get().seen_at == seen_at
    with clock.at(clock.now() + rules.HEARTBEAT):
        follow()
        assert ProcessVersion.objects.get().seen_at > seen_at
    with clock.at(clock.now() + rules.HEARTBEAT + rules.GONE_AFTER):
        assert str(queries.convergence()) == "0/0 processes on v0"
    actions.stop_following(SYSTEM)
    assert not ProcessVersion.objects.exists()


def test_rows_of_processes_long_gone_are_swept_by_the_next_that_starts(db: None) -> None:
    long_ago = clock.now() - timedelta(hours=1)
    ProcessVersion.objects.create(process="old", version=1, applied_at=long_ago, seen_at=long_ago)

    actions.start_following(SYSTEM)

    assert [row.process for row in ProcessVersion.objects.all()] == [lifecycle.own_name()]


def test_a_reload_takes_what_files_say_and_keeps_what_is_stored(
    olu: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(olu, {LIMIT: "20", TITLE: "x"})
    follow()
    given = {TITLE: {Layer.DOTENV: Given("y", Origin(Layer.DOTENV, ".env:1"))}}
    values = {TITLE: "y", "test.started": "later"}
    monkeypatch.setattr(runtime, "_outside", Examination({}, {"test.started": "now"}, ()))
    found = Examination(given, values, ())
    monkeypatch.setattr(runtime, "_again", lambda: (found, {"metrics.token": ("a", "b")}))

    said = RELOADS["configuration"].run()

    assert said == "files and environment are in force; test.started only at the next start"

    assert (runtime.value(TITLE), runtime.value(LIMIT)) == ("y", 20)
    assert runtime.secrets_of("metrics.token") == ("a", "b")


def test_a_reload_of_something_wrong_changes_nothing(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding(".env", 1, 1, "TEST_TITLE", Code.AMBIGUOUS, "is not clear.", "quote it")
    monkeypatch.setattr(runtime, "_again", lambda: (Examination({}, {}, (finding,)), {}))
    before = runtime.outside()

    with pytest.raises(following.ReloadRefused) as refusal:
        actions.reload(SYSTEM)

    assert refusal.value.errors[0].detail == ".env:1:1 E08 is not clear. quote it"
    assert runtime.outside() is before


def test_a_snapshot_is_of_one_version(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(olu, {LIMIT: "20"})
    versions = iter([0, 1, 1, 1])
    monkeypatch.setattr(queries.layers, "current_version", lambda: next(versions))

    assert queries.snapshot().version == 1
    assert next(versions, None) is None


def test_every_act_is_in_the_audit_trail_with_its_reason(
    olu: Member, ines: Member, deliver: Callable[[], int]
) -> None:
    propose(olu, {LIMIT: "20"})
    row = propose(olu, {POLICY: "enforce"})
    actions.decline_changes(ines, change_set_id=row.pk, note="Not yet.")
    actions.override_value(olu, key=LIMIT, text="5", lifetime=timedelta(hours=1), reason="A flood.")

    deliver()

    reasons = list(Entry.objects.order_by("pk").values_list("reason", flat=True))
    assert reasons == ["It was asked for.", "It was asked for.", "Not yet.", "A flood. (for 1h)"]


def test_processes_are_woken_after_the_commit(
    olu: Member, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("guildry.kernel.hints.send", sent.append)

    with django_capture_on_commit_callbacks(execute=True):
        propose(olu, {LIMIT: "20"})

    assert chain.CHANGED in sent


def test_rows_say_what_they_are(olu: Member) -> None:
    row = propose(olu, {LIMIT: "20"})
    override = actions.override_value(olu, key=LIMIT, text="5", lifetime=timedelta(hours=1), reason="Now.")
    follow()

    assert str(row) == f"changes {row.pk} (applied)"
    assert str(Stored.objects.get()) == str(Change.objects.earliest("pk")) == LIMIT
    assert str(override).startswith(f"{LIMIT} until ")
    assert str(chain.Head.objects.get()) == "version 2"
    assert str(ProcessVersion.objects.get()).endswith(" on 2")
    assert issubclass(actions.ChangesMoved, errors.Conflict)
    assert bus.FACTS["runtime.ChangesApplied"]
