"""Background upkeep of the trail."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.audit import actions


@task()
def bind_pages() -> int:
    return actions.bind_pages(SYSTEM)
