"""Background work on files."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.files import actions


@task()
def inspect_waiting() -> None:
    actions.inspect_waiting(SYSTEM)


@task()
def purge_files() -> None:
    actions.purge_files(SYSTEM)
