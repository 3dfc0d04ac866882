"""Background upkeep of realtime."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.realtime import actions


@task()
def clear_expired() -> int:
    return actions.clear_expired(SYSTEM)
