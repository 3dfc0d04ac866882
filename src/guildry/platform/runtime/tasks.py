"""Background upkeep of secrets."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.runtime import actions


@task()
def purge_secrets() -> int:
    return actions.purge_secrets(SYSTEM)
