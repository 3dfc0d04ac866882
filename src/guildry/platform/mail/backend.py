"""Django's way out for mail: whatever a library sends goes the way of our own letters."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from guildry.kernel.permissions import SYSTEM
from guildry.platform.mail import actions


class Mailbox(BaseEmailBackend):
    """Stores each message once a recipient, in the transaction that is running."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            actions.store_message(SYSTEM, message=message)
        return len(email_messages)
