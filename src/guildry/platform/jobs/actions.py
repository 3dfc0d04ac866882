"""The life of a job: enqueued in a transaction, claimed under a lease, finished, retried or given up."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

import msgspec
import structlog
from django.db import transaction
from django.db.models import F, Value
from django.utils.module_loading import import_string
from django_tasks.base import TaskContext
from django_tasks.utils import get_module_path

from guildry.kernel import clock, hints, runtime, tracing
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.kernel.points import ScheduledJob
from guildry.platform.jobs import rules
from guildry.platform.jobs.models import Job, Slot
from guildry.platform.lifecycle.queries import own_name

ENQUEUED = "jobs.enqueued"
NOTHING = "null"

_CLAIMED = ("pk", "task", "arguments", "most_attempts", "trace_id")

log = structlog.get_logger("guildry.jobs")


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """What a worker needs of a job it holds; `attempts` counts the one that is about to begin."""

    pk: int
    task: str
    arguments: str
    most_attempts: int
    trace_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Ran:
    """How one run of a job ended: `error` is empty after success, else the exception and its traceback."""

    job: ClaimedJob
    result: str = NOTHING
    error: str = ""


def enqueue_job(
    actor: Actor,
    *,
    task: str,
    arguments: str,
    queue: str = "default",
    priority: int = 0,
    run_at: datetime | None = None,
    most_attempts: int = rules.MOST_ATTEMPTS,
    unique_key: str | None = None,
) -> Job:
    """Add a job in the running transaction; with a unique key that already waits, return the waiting one.

    A job asked for while the past is told is due at present.
    """
    now = clock.present()
    job = Job(
        task=task,
        arguments=arguments,
        queue=queue,
        rank=-priority,
        run_at=max(run_at or now, now),
        most_attempts=most_attempts,
        unique_key=unique_key,
        trace_id=tracing.current()[0],
        created_at=now,
    )
    if unique_key is None:
        job.save(force_insert=True)
    else:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        job = Job.objects.get(unique_key=unique_key)
    moment = tracing.moment("enqueued", task, span_id=tracing.of_job(job.pk), job=job.pk)
    transaction.on_commit(partial(_enqueued, moment))
    return job


def claim_jobs(actor: Actor, *, worker: str, limit: int, lease: timedelta = rules.LEASE) -> list[ClaimedJob]:
    """Take due jobs under a lease, most urgent first; no other worker gets them before it expires.

    A job that was tried before is taken alone, so that one that kills its worker costs no other an attempt.
    """
    now = clock.now()
    due = Job.objects.filter(state=Job.State.READY, run_at__lte=now)
    if not due.exists():
        return []
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("rank", "run_at", "id")
        found = [ClaimedJob(*row) for row in rows.values_list(*_CLAIMED, F("attempts") + 1)[:limit]]
        jobs = list(takewhile(lambda job: job.attempts == 1, found)) or found[:1]
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
            state=Job.State.RUNNING,
            worker=worker,
            lease_until=now + lease,
            started_at=now,
            attempts=F("attempts") + 1,
            unique_key=None,
        )
    return jobs


def run_job(actor: Actor, *, job: ClaimedJob) -> Ran:
    """Call the task of a claimed job in this thread and return how it ended; records nothing."""
    step = tracing.span("job", job.task, trace_id=job.trace_id, parent_id=tracing.of_job(job.pk))
    with structlog.contextvars.bound_contextvars(job=job.pk, task=job.task), step as told:
        told |= {"job": job.pk, "attempt": job.attempts}
        try:
            task = import_string(job.task)
            args, kwargs = msgspec.json.decode(job.arguments)
            if task.takes_context:
                args = [TaskContext(task_result=task.get_backend().get_result(str(job.pk))), *args]
            value: Any = task.call(*args, **kwargs)
            return Ran(job, msgspec.json.encode(value).decode() if value is not None else NOTHING)
        except Exception as error:
            told["error"] = type(error).__name__
            log.exception("job failed", attempt=job.attempts, of=job.most_attempts)
            shown = "".join(traceback.format_exception(error))
            return Ran(job, error=f"{get_module_path(type(error))}: {error}\n{shown}")


def record_runs(actor: Actor, *, worker: str, runs: Iterable[Ran]) -> None:
    """Write how claimed jobs ended, in one transaction; a job whose lease was lost meanwhile is left alone."""
    runs = list(runs)
    plain = [ran.job.pk for ran in runs if not ran.error and ran.result == NOTHING]
    with transaction.atomic():
        if plain:
            _held(worker, plain).update(**_done(NOTHING))
        for ran in runs:
            if ran.error:
                _retry_or_give_up(worker, [ran.job], ran.error)
            elif ran.result != NOTHING:
                _held(worker, [ran.job.pk]).update(**_done(ran.result))


def extend_leases(actor: Actor, *, worker: str, jobs: Iterable[int], lease: timedelta = rules.LEASE) -> int:
    """Keep jobs for another lease; returns how many are still this worker's."""
    return _held(worker, list(jobs)).update(lease_until=clock.now() + lease)


def release_jobs(actor: Actor, *, worker: str, jobs: Iterable[int]) -> int:
    """Give claimed jobs back that were not begun."""
    released = _held(worker, list(jobs)).update(
        state=Job.State.READY, worker="", lease_until=None, attempts=F("attempts") - 1
    )
    if released:
        hints.send(ENQUEUED)
    return released


def recover_expired_jobs(actor: Actor) -> int:
    """Take jobs from workers that vanished: try them again later, or give up after their last attempt."""
    now = clock.now()
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lte=now)
    if not lost.exists():
        return 0
    with transaction.atomic():
        rows = lost.select_for_update(skip_locked=True).values_list("worker", *_CLAIMED, "attempts")
        alike: dict[tuple[str, int, int], list[ClaimedJob]] = {}
        for worker, *row in rows[:500]:
            job = ClaimedJob(*row)
            alike.setdefault((worker, job.attempts, job.most_attempts), []).append(job)
        for (worker, _, _), jobs in alike.items():
            _retry_or_give_up(worker, jobs, f"{worker} vanished while it ran this job.")
    count = sum(map(len, alike.values()))
    log.warning("jobs recovered from vanished workers", count=count)
    return count


def fire_schedule(actor: Actor, *, scheduled: ScheduledJob) -> bool:
    """Enqueue a scheduled job if its slot was not fired yet by anybody; the first slot seen is left out."""
    number = rules.slot_of(clock.now(), scheduled.every)
    with transaction.atomic():
        if not Slot.objects.filter(name=scheduled.name, number__lt=number).update(number=number):
            Slot.objects.bulk_create([Slot(name=scheduled.name, number=number)], ignore_conflicts=True)
            return False
        import_string(scheduled.task).using(unique_key=f"schedule:{scheduled.name}").enqueue()
    return True


def retry_dead_jobs(actor: Actor, *, jobs: Iterable[int] = ()) -> int:
    """Try given-up jobs again, all of them or those with the given ids; returns how many."""
    dead = Job.objects.filter(state=Job.State.DEAD)
    if wanted := list(jobs):
        dead = dead.filter(pk__in=wanted)
    revived = dead.update(
        state=Job.State.READY, attempts=0, run_at=clock.now(), lease_until=None, finished_at=None
    )
    hints.send(ENQUEUED)
    return revived


def forget_finished_jobs(actor: Actor, *, limit: int = 5000) -> int:
    """Delete finished jobs whose time to be kept is over; returns how many."""
    over = Job.objects.filter(state__in=[Job.State.DONE, Job.State.DEAD], lease_until__lte=clock.now())
    return Job.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:limit])).delete()[0]


def run_pending_jobs(actor: Actor) -> list[Ran]:
    """Run everything that is due, in this thread, until nothing is; what tests and small tools use."""
    ran: list[Ran] = []
    while jobs := claim_jobs(SYSTEM, worker=own_name(), limit=100):
        for job in jobs:
            ran.append(run_job(SYSTEM, job=job))
            record_runs(SYSTEM, worker=own_name(), runs=ran[-1:])
    return ran


def _held(worker: str, jobs: list[int]) -> Any:
    return Job.objects.filter(pk__in=jobs, worker=worker, state=Job.State.RUNNING)


def _done(result: str) -> dict[str, Any]:
    now = clock.now()
    return {
        "state": Job.State.DONE,
        "result": Value(result),
        "error": "",
        "finished_at": now,
        "lease_until": now + runtime.value("retention.done_jobs"),
    }


def _retry_or_give_up(worker: str, jobs: list[ClaimedJob], error: str) -> None:
    """Record a failure of jobs that have had as many attempts as each other."""
    now, first = clock.now(), jobs[0]
    changes: dict[str, Any] = {"error": error[-8000:]}
    if first.attempts < first.most_attempts:
        pause = rules.pause_before(first.attempts)
        changes |= {"state": Job.State.READY, "run_at": now + pause, "worker": "", "lease_until": None}
    else:
        for job in jobs:
            log.error("job given up", job=job.pk, task=job.task, attempts=job.attempts)
        changes |= {
            "state": Job.State.DEAD,
            "finished_at": now,
            "lease_until": now + runtime.value("retention.dead_jobs"),
        }
    _held(worker, [job.pk for job in jobs]).update(**changes)


def _enqueued(moment: tracing.Span) -> None:
    tracing.record(moment)
    hints.send(ENQUEUED)
