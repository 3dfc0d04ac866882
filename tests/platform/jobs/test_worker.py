"""A worker shares its claim among threads, records what ended, keeps its leases and gives back what it did not begin."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import ScheduledJob
from guildry.platform.jobs import actions, worker
from guildry.platform.jobs.models import Job, Slot
from guildry.platform.jobs.worker import Schedule, Worker
from tests.platform.jobs import tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work() -> Iterator[Callable[..., Worker]]:
    """Start workers and stop them after the test."""
    started: list[Worker] = []

    def start(threads: int = 1, **terms: object) -> Worker:
        started.append(Worker(threads, poll=0.05, **terms))  # type: ignore[arg-type]
        started[-1].start()
        return started[-1]

    yield start
    tasks.gate.set()
    for each in started:
        each.stop()


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def states() -> list[str]:
    return sorted(Job.objects.values_list("state", flat=True))


def test_everything_due_is_done_and_recorded(work: Callable[..., Worker], calls: list[object]) -> None:
    for value in range(25):
        tasks.note.enqueue(value)
    tasks.double.enqueue(21)

    work(batch=10)
    until(lambda: states() == ["done"] * 26)

    assert calls == list(range(25))
    assert Job.objects.get(task__endswith="double").result == "42"


def test_a_hint_wakes_an_idle_worker(calls: list[object]) -> None:
    sleepy = Worker(1, poll=60)
    sleepy.start()
    time.sleep(0.3)

    tasks.note.enqueue("now")
    until(lambda: calls == ["now"])

    sleepy.stop()
    assert states() == ["done"]


def test_a_failing_job_stops_no_other(work: Callable[..., Worker], calls: list[object]) -> None:
    tasks.fail.enqueue("no ink")
    tasks.note.enqueue(1)

    work()
    until(lambda: states() == ["done", "ready"])

    assert calls == ["no ink", 1]
    assert Job.objects.get(state="ready").attempts == 1


def test_stopping_waits_for_the_running_job_and_gives_back_the_rest(calls: list[object]) -> None:
    tasks.gate.clear()
    tasks.wait_at_gate.enqueue()
    for value in range(3):
        tasks.note.enqueue(value)
    busy = Worker(1)
    busy.start()
    until(lambda: tasks.at_gate.is_set())

    stopping = threading.Thread(target=busy.stop)
    stopping.start()
    until(lambda: states() == ["ready"] * 3 + ["running"])
    tasks.gate.set()
    stopping.join(30)

    assert states() == ["done"] + ["ready"] * 3
    assert set(Job.objects.filter(state="ready").values_list("attempts", "worker")) == {(0, "")}


def test_a_long_job_keeps_its_lease_and_holds_up_nobody(
    work: Callable[..., Worker], calls: list[object]
) -> None:
    tasks.gate.clear()
    tasks.wait_at_gate.enqueue()
    tasks.note.enqueue("behind it")
    work(lease=timedelta(seconds=0.8))
    until(lambda: tasks.at_gate.is_set())

    until(lambda: states() == ["ready", "running"])
    time.sleep(1.2)
    recovered = actions.recover_expired_jobs(SYSTEM)
    tasks.gate.set()

    until(lambda: states() == ["done", "done"])
    assert recovered == 0
    assert calls == ["behind it"]


def test_a_worker_finds_its_database_again(
    work: Callable[..., Worker], calls: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, refusals = actions.claim_jobs, iter([OSError("the database went away")])

    def claim_after_a_while(*args: object, **terms: object) -> object:
        if error := next(refusals, None):
            raise error
        return claim(*args, **terms)  # type: ignore[arg-type]

    monkeypatch.setattr(worker.actions, "claim_jobs", claim_after_a_while)
    tasks.note.enqueue(1)

    work()
    until(lambda: states() == ["done"])

    assert calls == [1]


def test_what_could_not_be_recorded_is_recorded_later(
    work: Callable[..., Worker], calls: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    record, refusals = actions.record_runs, iter([OSError("the database went away")])

    def record_after_a_while(*args: object, **terms: object) -> None:
        if error := next(refusals, None):
            raise error
        record(*args, **terms)  # type: ignore[arg-type]

    monkeypatch.setattr(worker.actions, "record_runs", record_after_a_while)
    tasks.note.enqueue(1)

    work()
    until(lambda: states() == ["done"])

    assert calls == [1]


def test_the_schedule_fires_each_slot_once_and_recovers_what_was_lost(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., object]
) -> None:
    scheduled = ScheduledJob("test.note", "tests.platform.jobs.tasks.say_attempt", timedelta(minutes=1))
    monkeypatch.setattr(worker, "SCHEDULED_JOBS", [scheduled])
    schedule, now = Schedule(), clock.now()

    for minutes in (0, 0, 1, 1, 2):
        with clock.at(now + timedelta(minutes=minutes)):
            assert schedule.tick() is False
    with clock.at(now + timedelta(minutes=2)), django_assert_num_queries(1):
        schedule.tick()

    assert Job.objects.count() == 1
    assert Slot.objects.count() == 1


def test_a_process_that_refuses_work_begins_nothing_and_gives_back_what_it_claimed(
    work: Callable[..., Worker], calls: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = threading.Event()
    monkeypatch.setattr(worker, "wants_work", wanted.is_set)
    monkeypatch.setattr(worker, "SCHEDULED_JOBS", [])
    for value in range(3):
        tasks.note.enqueue(value)
    busy = work()
    busy._claimed.extend(actions.claim_jobs(SYSTEM, worker=busy.name, limit=3, lease=busy.lease))

    until(lambda: states() == ["ready"] * 3)
    idle, ticked = list(calls), Schedule().tick()
    wanted.set()
    until(lambda: states() == ["done"] * 3)

    assert (idle, ticked, sorted(calls)) == ([], False, [0, 1, 2])


def test_a_worker_says_what_it_does_and_when_a_thread_is_gone(work: Callable[..., Worker]) -> None:
    running = work(threads=2)

    busy = running.probe()
    running._threads[0] = threading.Thread()

    assert busy == "0 running, 0 claimed"
    with pytest.raises(RuntimeError, match="1 of 2 threads are alive"):
        running.probe()
    running._threads.pop(0)
    running._count = 1
