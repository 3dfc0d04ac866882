"""Background upkeep of the jobs themselves."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.jobs import actions


@task()
def forget_finished_jobs() -> int:
    return actions.forget_finished_jobs(SYSTEM)
