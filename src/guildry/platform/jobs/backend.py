"""The django-tasks backend: every call becomes a row in the transaction that asks for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from guildry.kernel.permissions import SYSTEM
from guildry.platform.jobs import actions, queries, rules
from guildry.platform.jobs.models import Job

STATUS = {
    Job.State.READY: TaskResultStatus.READY,
    Job.State.RUNNING: TaskResultStatus.RUNNING,
    Job.State.DONE: TaskResultStatus.SUCCESSFUL,
    Job.State.DEAD: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedTask(Task):
    """A task that is tried `most_attempts` times; at most one call with a `unique_key` waits at any moment."""

    most_attempts: int = rules.MOST_ATTEMPTS
    unique_key: str | None = None

    def using(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | None = None,
        backend: str | None = None,
        unique_key: str | None = None,
    ) -> "LeasedTask":
        """Return the same task with other terms for its next call."""
        wanted: dict[str, Any] = {
            "priority": priority,
            "queue_name": queue_name,
            "run_after": run_after,
            "backend": backend,
            "unique_key": unique_key,
        }
        return replace(self, **{name: value for name, value in wanted.items() if value is not None})


class Leased(BaseTaskBackend):
    """Stores jobs in the database of the business data, so that both commit or neither does."""

    task_class = LeasedTask
    supports_defer = supports_async_task = supports_get_result = supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        result = _result(task, "", TaskResultStatus.READY, list(args), dict(kwargs))
        job = actions.enqueue_job(
            SYSTEM,
            task=task.module_path,
            arguments=msgspec.json.encode([result.args, result.kwargs]).decode(),
            queue=task.queue_name,
            priority=task.priority,
            run_at=task.run_after,
            most_attempts=getattr(task, "most_attempts", rules.MOST_ATTEMPTS),
            unique_key=getattr(task, "unique_key", None),
        )
        object.__setattr__(result, "id", str(job.pk))
        object.__setattr__(result, "enqueued_at", job.created_at)
        return result

    def get_result(self, result_id: str) -> TaskResult:
        job = queries.job(int(result_id)) if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        args, kwargs = msgspec.json.decode(job.arguments)
        result = _result(import_string(job.task), result_id, STATUS[Job.State(job.state)], args, kwargs)
        facts: dict[str, Any] = {
            "enqueued_at": job.created_at,
            "started_at": job.started_at,
            "last_attempted_at": job.started_at,
            "finished_at": job.finished_at,
            "_return_value": msgspec.json.decode(job.result) if job.result else None,
        }
        for name, value in facts.items():
            object.__setattr__(result, name, value)
        result.worker_ids.extend([job.worker] * job.attempts)
        if job.error:
            result.errors.append(TaskError(exception_class_path=job.error.split(":")[0], traceback=job.error))
        return result


def _result(
    task: Task, key: str, status: TaskResultStatus, args: list[Any], kwargs: dict[str, Any]
) -> TaskResult:
    return TaskResult(
        task=task,
        id=key,
        status=status,
        enqueued_at=None,
        started_at=None,
        finished_at=None,
        last_attempted_at=None,
        args=args,
        kwargs=kwargs,
        backend=task.backend,
        errors=[],
        worker_ids=[],
    )
