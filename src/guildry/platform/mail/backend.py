"""Django's way out for mail: whatever a library sends goes the way of our own letters."""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from guildry.kernel.permissions import SYSTEM
from guildry.platform.mail import actions


class Mailbox(BaseEmailBackend):
    """Stores each message once a recipient; attachments are not supported and refused."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise NotImplementedError("Mail with attachments is not sent.")
            for recipient in message.recipients():
                actions.store_mail(
                    SYSTEM,
                    to=recipient,
                    subject=str(message.subject),
                    text=str(message.body),
                    html=_html_of(message),
                    sender=message.from_email,
                    headers={name: str(value) for name, value in message.extra_headers.items()},
                )
        return len(email_messages)


def _html_of(message: Any) -> str:
    alternatives = getattr(message, "alternatives", ())
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
