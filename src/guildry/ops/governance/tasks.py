"""Background work of governance."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.ops.governance import actions


@task()
def apply_retention() -> None:
    """Take away what is old enough, every night."""
    actions.apply_retention(SYSTEM)
