"""Background work of the edge."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.perimeter import actions


@task()
def purge_replies() -> None:
    actions.purge_replies(SYSTEM)
