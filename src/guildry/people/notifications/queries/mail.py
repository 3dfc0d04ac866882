"""What waits to be mailed."""

from guildry.kernel import clock
from guildry.people.notifications.models import Notification, Tray
from guildry.people.notifications.rules import MailState


def due_mail(limit: int = 200) -> list[int]:
    """Return the notifications whose mail is due, the longest waiting first."""
    rows = Notification.objects.filter(mail_state=MailState.WAITING, mail_due_at__lte=clock.now())
    return list(rows.order_by("mail_due_at", "pk").values_list("pk", flat=True)[:limit])


def due_digests(limit: int = 200) -> list[int]:
    """Return the members whose digest is due, the longest waiting first."""
    rows = Tray.objects.filter(digest_due_at__lte=clock.now())
    return list(rows.order_by("digest_due_at", "pk").values_list("pk", flat=True)[:limit])
