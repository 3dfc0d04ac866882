"""Tasks made up for the tests of jobs."""

import threading
from typing import Any

from django_tasks import TaskContext, task

calls: list[Any] = []


@task()
def note(value: Any) -> None:
    calls.append(value)


@task(priority=10, queue_name="urgent")
def note_first(value: Any) -> None:
    calls.append(value)


@task()
def double(value: int) -> int:
    return value * 2


@task(most_attempts=3)
def fail(reason: str) -> None:
    calls.append(reason)
    raise ValueError(reason)


@task(takes_context=True)
def say_attempt(context: TaskContext) -> int:
    return context.attempt


@task()
async def later(value: int) -> int:
    return value + 1


gate, at_gate = threading.Event(), threading.Event()


@task()
def wait_at_gate() -> None:
    at_gate.set()
    gate.wait(30)
