"""Worker threads: claim jobs in batches, run them, record them in batches, keep their leases alive."""

import threading
import time
from collections import deque
from datetime import timedelta

import structlog
from django.db import close_old_connections, connections

from guildry.kernel import clock, hints
from guildry.kernel.loops import Loop
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import SCHEDULED_JOBS
from guildry.platform.jobs import actions, rules
from guildry.platform.jobs.actions import ClaimedJob, Ran
from guildry.platform.lifecycle.queries import own_name, wants_work

log = structlog.get_logger("guildry.jobs")
RECORD_AFTER = 0.02


class Worker:
    """A pool of threads that share one claim; `stop` gives back what was not begun and waits for what was."""

    def __init__(
        self, threads: int, *, batch: int = 100, poll: float = 0.5, lease: timedelta = rules.LEASE
    ) -> None:
        self.name, self.batch, self.poll, self.lease = own_name(), batch, poll, lease
        self._count = threads
        self._lock = threading.Lock()
        self._awake = threading.Condition()
        self._claimed: deque[ClaimedJob] = deque()
        self._running: dict[int, float] = {}
        self._finished: list[Ran] = []
        self._first_finished = self._extended_at = 0.0
        self._hints = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._keeper = Loop("jobs keeper", self._keep, every=min(1.0, lease.total_seconds() / 4))

    def start(self) -> None:
        self._stopping.clear()
        self._deaf = hints.listen(actions.ENQUEUED, self._wake)
        self._threads = [
            threading.Thread(target=self._run, name=f"jobs {number}", daemon=True)
            for number in range(self._count)
        ]
        for thread in self._threads:
            thread.start()
        self._keeper.start()

    def stop(self) -> None:
        self._stopping.set()
        self._deaf()
        self._wake()
        self._give_back()
        for thread in self._threads:
            thread.join()
        self._keeper.stop()
        self._record()
        connections.close_all()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                job = self._next()
                if job is not None:
                    self._do(job)
            except Exception:
                log.exception("the job worker could not reach its database")
                self._stopping.wait(1.0)
        connections.close_all()

    def _do(self, job: ClaimedJob) -> None:
        ran = actions.run_job(SYSTEM, job=job)
        with self._lock:
            if not self._finished:
                self._first_finished = time.monotonic()
            self._finished.append(ran)
            self._running.pop(job.pk)
            due = not self._claimed or time.monotonic() - self._first_finished > RECORD_AFTER
        if due:
            self._record()

    def _next(self) -> ClaimedJob | None:
        hinted = self._hints
        if wants_work():
            if job := self._claim():
                return job
        else:
            self._give_back()
        with self._awake:
            if hinted == self._hints and not self._stopping.is_set():
                self._awake.wait(self.poll)
        return None

    def _claim(self) -> ClaimedJob | None:
        with self._lock:
            if not self._claimed:
                close_old_connections()
                self._claimed.extend(
                    actions.claim_jobs(SYSTEM, worker=self.name, limit=self.batch, lease=self.lease)
                )
                if len(self._claimed) > 1:
                    self._wake()
            if self._claimed:
                job = self._claimed.popleft()
                self._running[job.pk] = time.monotonic()
                return job
        return None

    def _give_back(self) -> None:
        """Let others have at once what was claimed and not begun."""
        with self._lock:
            left = [self._claimed.popleft().pk for _ in range(len(self._claimed))]
        if left:
            actions.release_jobs(SYSTEM, worker=self.name, jobs=left)

    def probe(self) -> str:
        """Say how many jobs run here; raises RuntimeError when a thread is gone."""
        alive = sum(thread.is_alive() for thread in self._threads)
        if alive < self._count:
            raise RuntimeError(f"{alive} of {self._count} threads are alive")
        return f"{len(self._running)} running, {len(self._claimed)} claimed"

    def _record(self) -> None:
        with self._lock:
            runs, self._finished = self._finished, []
        if not runs:
            return
        try:
            actions.record_runs(SYSTEM, worker=self.name, runs=runs)
        except Exception:
            with self._lock:
                self._finished = runs + self._finished
            raise

    def _keep(self) -> bool:
        """Record what is finished, give back what waits behind a long job, and extend the leases of the rest."""
        self._record()
        now = time.monotonic()
        with self._lock:
            stuck = len(self._running) >= self._count and all(now - at > 1 for at in self._running.values())
            left = [self._claimed.popleft().pk for _ in range(len(self._claimed))] if stuck else []
            held = [
                *self._running,
                *(job.pk for job in self._claimed),
                *(ran.job.pk for ran in self._finished),
            ]
        if left:
            actions.release_jobs(SYSTEM, worker=self.name, jobs=left)
        if held and now - self._extended_at > self.lease.total_seconds() / 4:
            actions.extend_leases(SYSTEM, worker=self.name, jobs=held, lease=self.lease)
            self._extended_at = now
        return False

    def _wake(self) -> None:
        with self._awake:
            self._hints += 1
            self._awake.notify_all()


class Schedule:
    """Fires scheduled jobs; asks the database about each slot only once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def tick(self) -> bool:
        """Fire what has come into a new slot and recover jobs of vanished workers, while this process wants work."""
        if not wants_work():
            return False
        for scheduled in SCHEDULED_JOBS:
            slot = rules.slot_of(clock.now(), scheduled.every)
            if self._seen.get(scheduled.name) != slot:
                actions.fire_schedule(SYSTEM, scheduled=scheduled)
                self._seen[scheduled.name] = slot
        actions.recover_expired_jobs(SYSTEM)
        return False
