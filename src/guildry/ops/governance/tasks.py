"""Background work of governance."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.ops.governance import actions


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
