"""Background upkeep of facts."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts import actions


@task()
def forget_old_receipts() -> int:
    return actions.forget_old_receipts(SYSTEM)
