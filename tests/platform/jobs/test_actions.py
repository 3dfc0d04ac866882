"""Jobs commit with their cause, belong to one worker at a time, and outlive whoever runs them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from guildry.kernel import clock, hints
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import ScheduledJob
from guildry.platform.jobs import actions, queries, rules
from guildry.platform.jobs.actions import Ran
from guildry.platform.jobs.models import Job, Slot
from tests.platform.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_job_disappears_with_its_transaction_and_hints_only_after_the_commit() -> None:
    heard: list[str] = []
    stop = hints.listen(actions.ENQUEUED, lambda: heard.append("hint"))

    with transaction.atomic():
        tasks.note.enqueue(1)
        transaction.set_rollback(True)
    with transaction.atomic():
        tasks.note.enqueue(2)
        assert heard == []
    stop()

    assert heard == ["hint"]
    assert [job.arguments for job in Job.objects.all()] == ["[[2],{}]"]


def test_a_job_runs_and_its_result_can_be_asked_for(run_jobs: Callable[[], int]) -> None:
    doubled, awaited = tasks.double.enqueue(21), tasks.later.enqueue(value=1)
    before = tasks.double.get_result(doubled.id).status

    assert run_jobs() == 2

    doubled.refresh()
    assert (before, doubled.status, doubled.return_value) == (
        TaskResultStatus.READY,
        TaskResultStatus.SUCCESSFUL,
        42,
    )
    assert tasks.later.get_result(awaited.id).return_value == 2


def test_an_unknown_result_is_refused() -> None:
    for key in ("999999", "not-a-number"):
        with pytest.raises(TaskResultDoesNotExist):
            tasks.double.get_result(key)


def test_arguments_that_are_not_json_are_refused_and_nothing_is_stored() -> None:
    with pytest.raises(TypeError):
        tasks.note.enqueue(object())

    assert Job.objects.count() == 0


def test_a_task_can_ask_which_attempt_it_is(run_jobs: Callable[[], int]) -> None:
    result = tasks.say_attempt.enqueue()

    run_jobs()

    assert tasks.say_attempt.get_result(result.id).return_value == 1


def test_urgent_jobs_run_first_and_later_ones_wait(calls: list[object], run_jobs: Callable[[], int]) -> None:
    now = clock.now()
    tasks.note.enqueue("second")
    tasks.note.using(run_after=now + timedelta(hours=1)).enqueue("third")
    tasks.note_first.enqueue("first")

    ran_now = run_jobs()
    with clock.at(now + timedelta(hours=2)):
        ran_later = run_jobs()

    assert (ran_now, ran_later, calls) == (2, 1, ["first", "second", "third"])


def test_a_claimed_job_is_nobody_elses() -> None:
    tasks.note.enqueue(1)

    mine = actions.claim_jobs(SYSTEM, worker="a", limit=10)
    others = actions.claim_jobs(SYSTEM, worker="b", limit=10)

    assert (len(mine), others) == (1, [])
    assert (mine[0].attempts, Job.objects.get().worker) == (1, "a")


def test_a_job_that_was_tried_before_is_claimed_alone() -> None:
    for value in range(4):
        tasks.note.enqueue(value)
    tried = Job.objects.order_by("id")[2]
    Job.objects.filter(pk=tried.pk).update(attempts=1)

    batches = [
        [(job.arguments, job.attempts) for job in actions.claim_jobs(SYSTEM, worker="a", limit=10)]
        for _ in range(4)
    ]

    assert batches == [
        [("[[0],{}]", 1), ("[[1],{}]", 1)],
        [("[[2],{}]", 2)],
        [("[[3],{}]", 1)],
        [],
    ]


def test_a_failing_job_is_tried_again_with_growing_pauses_then_given_up(calls: list[object]) -> None:
    tasks.fail.enqueue("no ink")
    moment, pauses = clock.now(), []

    for _ in range(5):
        with clock.at(moment):
            actions.run_pending_jobs(SYSTEM)
        job = Job.objects.get()
        pauses.append((job.run_at - moment).total_seconds())
        moment = max(moment, job.run_at)

    assert calls == ["no ink"] * 3
    assert pauses[:2] == [2.0, 4.0]
    assert (job.state, job.attempts) == (Job.State.DEAD, 3)
    assert job.error.startswith("builtins.ValueError: no ink\nTraceback")
    assert queries.backlog().dead == 1


def test_a_failed_result_names_the_exception() -> None:
    result = tasks.fail.enqueue("no ink")
    actions.run_pending_jobs(SYSTEM)

    result.refresh()

    assert (result.status, result.errors[0].exception_class) == (TaskResultStatus.READY, ValueError)


def test_a_task_that_left_the_program_fails_with_its_name() -> None:
    actions.enqueue_job(SYSTEM, task="tests.platform.jobs.tasks.gone", arguments="[[],{}]")

    (ran,) = actions.run_pending_jobs(SYSTEM)

    assert "gone" in ran.error


def test_a_dead_job_can_be_revived(calls: list[object]) -> None:
    for reason in ("a", "b"):
        tasks.fail.enqueue(reason)
    Job.objects.update(state=Job.State.DEAD, attempts=3)
    first = Job.objects.order_by("id")[0]

    assert actions.retry_dead_jobs(SYSTEM, jobs=[first.pk]) == 1
    assert actions.retry_dead_jobs(SYSTEM) == 1

    assert [(job.state, job.attempts) for job in Job.objects.all()] == [(Job.State.READY, 0)] * 2


def test_the_job_of_a_vanished_worker_is_tried_again_and_in_the_end_given_up(calls: list[object]) -> None:
    tasks.fail.enqueue("x")
    now = clock.now()
    recovered = []
    for _ in range(3):
        with clock.at(now):
            actions.claim_jobs(SYSTEM, worker="vanished", limit=1)
            recovered.append(actions.recover_expired_jobs(SYSTEM))
        now += rules.LEASE + timedelta(seconds=1)
        with clock.at(now):
            recovered.append(actions.recover_expired_jobs(SYSTEM))
        now += timedelta(hours=1)

    job = Job.objects.get()
    assert recovered == [0, 1, 0, 1, 0, 1]
    assert (job.state, job.error) == (Job.State.DEAD, "vanished vanished while it ran this job.")
    assert calls == []


def test_extending_a_lease_keeps_the_job_until_it_is_lost() -> None:
    tasks.note.enqueue(1)
    now = clock.now()
    (job,) = actions.claim_jobs(SYSTEM, worker="a", limit=1)

    with clock.at(now + timedelta(seconds=20)):
        kept = actions.extend_leases(SYSTEM, worker="a", jobs=[job.pk])
    with clock.at(now + timedelta(seconds=40)):
        recovered = actions.recover_expired_jobs(SYSTEM)
    with clock.at(now + timedelta(seconds=60)):
        recovered_late = actions.recover_expired_jobs(SYSTEM)
        lost = actions.extend_leases(SYSTEM, worker="a", jobs=[job.pk])

    assert (kept, recovered, recovered_late, lost) == (1, 0, 1, 0)


def test_a_worker_that_lost_its_lease_records_nothing() -> None:
    tasks.note.enqueue(1)
    (job,) = actions.claim_jobs(SYSTEM, worker="slow", limit=1)
    Job.objects.update(worker="quick")

    actions.record_runs(SYSTEM, worker="slow", runs=[Ran(job), Ran(job, error="late")])

    assert Job.objects.get().state == Job.State.RUNNING


def test_a_released_job_has_lost_no_attempt() -> None:
    tasks.note.enqueue(1)
    (job,) = actions.claim_jobs(SYSTEM, worker="a", limit=1)

    assert actions.release_jobs(SYSTEM, worker="a", jobs=[job.pk]) == 1
    assert actions.release_jobs(SYSTEM, worker="a", jobs=[job.pk]) == 0

    (again,) = actions.claim_jobs(SYSTEM, worker="b", limit=1)
    assert again.attempts == 1


def test_one_call_with_a_unique_key_waits_at_a_time(calls: list[object], run_jobs: Callable[[], int]) -> None:
    once = tasks.note.using(unique_key="only")
    first, second = once.enqueue(1), once.enqueue(2)
    run_jobs()
    third = once.enqueue(3)
    run_jobs()

    assert first.id == second.id != third.id
    assert calls == [1, 3]


def test_a_job_carries_the_trace_of_its_cause(calls: list[object]) -> None:
    with structlog.contextvars.bound_contextvars(trace_id="abc"):
        tasks.note.enqueue(1)

    assert Job.objects.get().trace_id == "abc"


def test_a_scheduled_job_is_enqueued_once_a_slot_however_many_schedulers_run(
    calls: list[object], run_jobs: Callable[[], int]
) -> None:
    scheduled = ScheduledJob("test.note", "tests.platform.jobs.tasks.say_attempt", timedelta(minutes=1))
    now = clock.now().replace(second=5, microsecond=0)

    fired = []
    for minute in (0, 0, 1, 1, 1, 5):
        with clock.at(now + timedelta(minutes=minute)):
            fired.append(actions.fire_schedule(SYSTEM, scheduled=scheduled))

    assert fired == [False, False, True, False, False, True]
    with clock.at(now + timedelta(minutes=6)):
        assert run_jobs() == 1
    assert Slot.objects.get().number == rules.slot_of(now, scheduled.every) + 5


def test_finished_jobs_are_forgotten_after_their_time(run_jobs: Callable[[], int]) -> None:
    tasks.double.enqueue(1)
    run_jobs()
    tasks.double.enqueue(2)

    early = actions.forget_finished_jobs(SYSTEM)
    with clock.at(clock.now() + rules.KEEP_DONE + timedelta(minutes=1)):
        late = actions.forget_finished_jobs(SYSTEM)

    assert (early, late, Job.objects.count()) == (0, 1, 1)


def test_the_backlog_counts_states_and_the_longest_wait() -> None:
    now = clock.now()
    with clock.at(now - timedelta(seconds=90)):
        tasks.note.enqueue(1)
    tasks.note.enqueue(2)
    tasks.note.using(run_after=now + timedelta(hours=1)).enqueue(3)

    with clock.at(now):
        backlog = queries.backlog()

    assert (backlog.ready, backlog.running, backlog.dead) == (3, 0, 0)
    assert backlog.oldest_seconds == pytest.approx(90, abs=1)
