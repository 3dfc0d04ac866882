"""Mail on its way out, and what became of it."""

from django.db import models

from guildry.kernel import clock, inventory
from guildry.kernel.inventory import classified
from guildry.kernel.secrets import SealedField
from guildry.platform.mail.rules import Item, Letter

__all__ = ["Item", "Letter", "OutgoingMail"]


@inventory.belongs("to")
class OutgoingMail(models.Model):
    """One message to one address, written in the transaction of whoever sends it; text always, HTML beside it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        KEPT = "kept", "Kept in the mailbox"
        REFUSED = "refused", "Refused by the mail server"

    to = classified(models.EmailField(), inventory.CONTACT)
    sender = classified(models.CharField(max_length=254), inventory.SYSTEM)
    subject = classified(models.CharField(max_length=200), inventory.PRIVATE_CONTENT)
    text = SealedField()
    html = SealedField(blank=True)
    headers = classified(models.JSONField(default=dict, blank=True), inventory.SYSTEM)
    has_secret = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    state = classified(models.CharField(max_length=10, choices=State), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(default=clock.now, db_index=True), inventory.SYSTEM)
    sent_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.subject
