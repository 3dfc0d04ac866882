"""Notifications for tests: told as the program tells them, and the settings of one member."""

from typing import Any

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions
from guildry.people.notifications.models import Choice, Notification, Tray


def tell(
    recipient: Member,
    text: str = "Something happened",
    *,
    actor: Any = SYSTEM,
    kind: str = "network.follow",
    source: str = "",
    url: str = "/network/",
) -> Notification:
    """Tell one member something, as often as it is called, and return its row whether it was shown or not."""
    source = source or f"test:{Notification.objects.count()}"
    actions.notify(actor, recipients=[recipient.pk], kind=kind, source=source, text=text, url=url)
    found: Notification = Notification.objects.get(recipient=recipient, kind=kind, source=source)
    return found


def choose(member: Member, kind: str, *, app: bool = True, mail: str = "off") -> Choice:
    return Choice.objects.create(member=member, kind=kind, app=app, mail=mail)


def set_tray(member: Member, **fields: Any) -> Tray:
    """Store a member's tray with these fields, however it stood before."""
    tray, _ = Tray.objects.update_or_create(member=member, defaults=fields)
    return tray
