"""What members are told, how much of it is unread, and what they chose."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.stepwise import growing
from guildry.people.notifications import rules
from guildry.people.notifications.rules import Digest, Mail, MailState, Reason


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(member.value, member.value.replace("_", " ")) for member in kind]


def _moment(**options: Any) -> Any:
    return classified(models.DateTimeField(**options), inventory.SYSTEM)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Any) -> Self:
        """What a member was told is theirs alone."""
        return self.none() if viewer is None else self.filter(recipient_id=viewer.pk, is_shown=True)

    def unread(self) -> Self:
        return self.filter(read_at=None)


@growing
@inventory.belongs("recipient", goes_with=("recipient", "actor"))
class Notification(models.Model):
    """One thing one member was told, or was not: then `reason` says why. `source` names what it is about."""

    recipient = classified(
        models.ForeignKey(
            settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False
        ),
        inventory.LINK,
    )
    kind = classified(models.CharField(max_length=60), inventory.SHOWN)
    source = classified(models.CharField(max_length=120), inventory.SYSTEM)
    actor = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"),
        inventory.LINK,
    )
    text = classified(models.CharField(max_length=rules.TEXT_LENGTH), inventory.OWN_CONTENT)
    url = classified(models.CharField(max_length=300), inventory.SHOWN)
    is_shown = classified(models.BooleanField(default=True, db_default=True), inventory.SYSTEM)
    reason = classified(
        models.CharField(max_length=12, choices=_choices(Reason), blank=True, default="", db_default=""),
        inventory.SYSTEM,
    )
    created_at = classified(models.DateTimeField(), inventory.SHOWN)
    seen_at = classified(models.DateTimeField(null=True, blank=True), inventory.SHOWN)
    read_at = classified(models.DateTimeField(null=True, blank=True), inventory.SHOWN)
    trace_id = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.SYSTEM)
    mail_state = classified(
        models.CharField(
            max_length=9, choices=_choices(MailState), default=MailState.NONE, db_default=MailState.NONE
        ),
        inventory.SYSTEM,
    )
    mail_due_at = _moment(null=True, blank=True)
    mailed_at = _moment(null=True, blank=True)
    mail_reason = classified(
        models.CharField(max_length=12, choices=_choices(Reason), blank=True, default="", db_default=""),
        inventory.SYSTEM,
    )

    objects: ClassVar[Any] = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "source"], name="one_notification_once")
        ]
        indexes = [
            models.Index(
                fields=["recipient", "is_shown", "created_at", "id"], name="notifications_of_member"
            ),
            models.Index(
                fields=["recipient", "is_shown", "read_at", "created_at", "id"], name="notifications_unread"
            ),
            models.Index(fields=["mail_state", "mail_due_at"], name="notifications_to_mail"),
            models.Index(fields=["created_at"], name="notifications_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id}"


class Tray(models.Model):
    """What all of a member's notifications come to: how many are unread, and when mail about them may go."""

    member = classified(
        models.OneToOneField(
            settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notification_tray"
        ),
        inventory.LINK,
    )
    unread_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SYSTEM)
    digest = classified(
        models.CharField(
            max_length=6, choices=_choices(Digest), default=Digest.DAILY, db_default=Digest.DAILY
        ),
        inventory.PREFERENCE,
    )
    digest_due_at = _moment(null=True, blank=True, db_index=True)
    quiet_from = classified(models.TimeField(null=True, blank=True), inventory.PREFERENCE)
    quiet_until = classified(models.TimeField(null=True, blank=True), inventory.PREFERENCE)
    paused_until = classified(models.DateTimeField(null=True, blank=True), inventory.PREFERENCE)

    def __str__(self) -> str:
        return f"tray of {self.member_id}"

    def hours(self, zone_name: str) -> rules.Hours:
        """Return when mail must wait, by the member's own clock."""
        return rules.Hours(rules.zone_of(zone_name), self.quiet_from, self.quiet_until, self.paused_until)


class Choice(models.Model):
    """What a member chose for one kind of notification; without a row its defaults hold."""

    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices"),
        inventory.LINK,
    )
    kind = classified(models.CharField(max_length=60), inventory.PREFERENCE)
    app = classified(models.BooleanField(default=True, db_default=True), inventory.PREFERENCE)
    mail = classified(models.CharField(max_length=7, choices=_choices(Mail)), inventory.PREFERENCE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}: {self.mail}"

    @property
    def channels(self) -> rules.Channels:
        return rules.Channels(self.app, Mail(self.mail))
