"""Background work of organisations."""

from django_tasks import task

from guildry.kernel import bus
from guildry.kernel.permissions import SYSTEM
from guildry.people.organisations import actions


def queue_invitation(delivery: bus.Delivery) -> None:
    """Have an invitation sent in the background once it is sure to exist."""
    deliver_invitation.enqueue(delivery.fact.invitation_id)


@task()
def deliver_invitation(invitation_id: int) -> None:
    actions.send_invitation(SYSTEM, invitation_id=invitation_id)
