"""Stored mail, for the mailbox page."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection

from guildry.kernel import paging, runtime
from guildry.kernel.paging import Page
from guildry.platform.mail import rules
from guildry.platform.mail.models import OutgoingMail

PAGE = 30


def is_mailbox_open() -> bool:
    """Tell whether this installation shows its mail instead of sending it."""
    return rules.is_mailbox_open(settings.MAIL, [urlsplit(settings.ORIGIN).hostname, *settings.FURTHER_HOSTS])


def sender() -> str:
    """Return whom mail of the site comes from."""
    return rules.sender_of(settings.DEFAULT_FROM_EMAIL, runtime.value("mail.from_name"))


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


def connection_to(server: rules.Server, *, seconds: int) -> Any:
    """Return a connection to a mail server, not opened yet, that waits so long at most for each answer."""
    return get_connection(
        settings.MAIL_TRANSPORT,
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_ssl=server.is_implicit_tls,
        use_tls=bool(server.user) and not server.is_implicit_tls,
        timeout=seconds,
    )


def server_answers() -> str:
    """Greet the mail server and sign in as for sending, or say that mail stays in the mailbox; raises what SMTP raises."""
    server = rules.server_of(settings.MAIL)
    if server is None:
        return "not configured; mail stays in the mailbox"
    connection = connection_to(server, seconds=5)
    try:
        connection.open()
    finally:
        connection.close()
    return f"{server.host} lets this site in"
