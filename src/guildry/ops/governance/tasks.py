"""Background work of governance."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.ops.governance import actions, queries


@task()
def apply_retention() -> None:
    """Take away what is old enough, every night."""
    actions.apply_retention(SYSTEM)


@task()
def make_copy(request_id: int) -> None:
    """Make a copy of a member's data that was asked for."""
    actions.make_copy(SYSTEM, request_id=request_id)


@task()
def expire_copies() -> None:
    """Delete copies nobody collected."""
    actions.expire_copies(SYSTEM)


@task()
def carry_out(request_id: int) -> None:
    """Erase a member whose erasure was approved, and prove it."""
    actions.carry_out(SYSTEM, request_id=request_id)


@task()
def carry_on() -> None:
    """Take up the erasures that were approved and are not done, as after a hold or a failure."""
    for request_id in queries.unfinished_erasures():
        actions.carry_out(SYSTEM, request_id=request_id)
