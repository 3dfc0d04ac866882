"""Django's way out for mail."""

from django.core.mail.backends.locmem import EmailBackend as Mailbox

__all__ = ["Mailbox"]
