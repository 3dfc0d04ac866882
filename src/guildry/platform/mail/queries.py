"""Stored mail, for the mailbox page."""

from urllib.parse import urlsplit

from django.conf import settings

from guildry.kernel import paging
from guildry.kernel.paging import Page
from guildry.platform.mail import rules
from guildry.platform.mail.models import OutgoingMail

PAGE = 30


def is_mailbox_open() -> bool:
    """Tell whether this installation shows its mail instead of sending it."""
    return rules.is_mailbox_open(settings.MAIL, [urlsplit(settings.ORIGIN).hostname, *settings.FURTHER_HOSTS])


def mail_server() -> rules.Server | None:
    """Return where mail leaves the house, None where it is only kept; raises ValueError for an address that is none."""
    return rules.server_of(settings.MAIL)


def stored_mail(*, to: str = "", cursor: str = "") -> Page[OutgoingMail]:
    """Return one page of mail, the newest first, to one address when given."""
    mail = OutgoingMail.objects.order_by("-id")
    if to:
        mail = mail.filter(to=to.strip().lower())
    if cursor:
        (last,) = paging.decode_cursor(cursor, int)
        mail = mail.filter(id__lt=last)
    return paging.page_of(list(mail[: PAGE + 1]), PAGE, "id")


def mail_by_id(mail_id: int) -> OutgoingMail | None:
    return OutgoingMail.objects.filter(pk=mail_id).first()
