"""Background work of mail."""

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.platform.mail import actions


@task()
def deliver(mail_id: int) -> bool:
    return actions.deliver_mail(SYSTEM, mail_id=mail_id)


@task()
def purge() -> int:
    return actions.purge_mail(SYSTEM)
