"""Tickets that open a socket once, and who is present for as long as their process says so."""

from django.conf import settings
from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.secrets import HashedField, Life


class Ticket(models.Model):
    """Opens one namespace once; kept as a digest, with the session or token it was made by."""

    digest = HashedField(unique=True, life=Life("expires_at"))
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    session_id = classified(models.BigIntegerField(null=True), inventory.LINK)
    token_id = classified(models.BigIntegerField(null=True), inventory.LINK)
    expires_at = classified(models.DateTimeField(db_index=True), inventory.SECURITY)

    def __str__(self) -> str:
        return f"ticket {self.pk}"


class PresenceLease(models.Model):
    """A realtime process that says it lives; when it stops saying so, its members are gone."""

    process = classified(models.CharField(max_length=80, primary_key=True), inventory.SYSTEM)
    expires_at = classified(models.DateTimeField(db_index=True), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.process


class Presence(models.Model):
    """A member with a socket at a process."""

    lease = classified(
        models.ForeignKey(PresenceLease, models.CASCADE, related_name="present"), inventory.SYSTEM
    )
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.BEHAVIOUR
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "lease"], name="present_once")]

    def __str__(self) -> str:
        return f"member {self.member_id} at {self.lease_id}"
