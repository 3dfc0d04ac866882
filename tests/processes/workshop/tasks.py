"""Work for the workers."""

import time

from django_tasks import task


@task()
def work(number: int) -> None:
    from tests.processes.workshop import actions

    actions.note("worked", str(number))
    actions.leave_mark(f"job {number}")
    time.sleep(0.002)


@task()
def work_long(seconds: float) -> None:
    from tests.processes.workshop import actions

    actions.note("began", str(seconds))
    time.sleep(seconds)
    actions.note("ended", str(seconds))


@task()
def tick() -> None:
    from guildry.kernel import clock
    from tests.processes.workshop import actions

    actions.note("ticked", str(int(clock.now().timestamp())))


@task(most_attempts=2)
def spoil(password: str) -> None:
    secret = f"local copy of {password}"
    raise ValueError(f"spoiled, {len(secret)} letters")
