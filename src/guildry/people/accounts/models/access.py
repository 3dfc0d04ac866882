"""Ways in: sessions of browsers, codes sent by mail, and tokens of programs."""

from django.db import models

from guildry.kernel import clock, ids, inventory
from guildry.kernel.inventory import classified
from guildry.kernel.secrets import HashedField, Life, OneTime, SealedForOwnerField, SealedJSONField
from guildry.people.accounts.models.members import Member


class Session(models.Model):
    """One browser; the key exists only in its cookie, and so does the key that opens `data`."""

    key_digest = HashedField(unique=True, life=Life("expires_at"))
    member = classified(
        models.ForeignKey(Member, models.CASCADE, null=True, related_name="sessions"), inventory.LINK
    )
    member_stamp = HashedField(max_length=128, blank=True, db_default="", life=Life("expires_at"))
    data = SealedForOwnerField(blank=True)
    device = classified(models.CharField(max_length=60, blank=True, db_default=""), inventory.SECURITY)
    address = classified(models.CharField(max_length=48, blank=True, db_default=""), inventory.SECURITY)
    created_at = classified(models.DateTimeField(default=clock.now), inventory.SECURITY)
    last_seen_at = classified(models.DateTimeField(default=clock.now), inventory.SECURITY)
    expires_at = classified(models.DateTimeField(db_index=True), inventory.SECURITY)

    class Meta:
        indexes = [models.Index(fields=["member", "-last_seen_at"], name="session_member_seen")]

    def __str__(self) -> str:
        return self.device


@inventory.belongs("member", "email")
class OneTimeCode(OneTime):
    """A short code sent to an address, kept only as a keyed digest; right once, wrong five times, then spent."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", "Sign in"
        JOIN = "join", "Join"
        CHANGE_EMAIL = "change_email", "Change e-mail address"

    id = classified(models.UUIDField(primary_key=True, default=ids.uuid7), inventory.LINK)
    purpose = classified(models.CharField(max_length=20, choices=Purpose), inventory.SYSTEM)
    email = classified(models.EmailField(db_index=True), inventory.CONTACT)
    member = classified(
        models.ForeignKey(Member, models.CASCADE, null=True, related_name="one_time_codes"), inventory.LINK
    )
    code_digest = HashedField(life=Life("expires_at", "used_at", attempts="attempts"))
    link_digest = HashedField(unique=True, life=Life("expires_at", "used_at"))
    payload = SealedJSONField(default=dict, blank=True)
    created_at = classified(models.DateTimeField(default=clock.now), inventory.SECURITY)

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class AccessToken(models.Model):
    """A member's own key for programs: shown once, kept as a digest, limited by scopes and a last day."""

    member = classified(
        models.ForeignKey(Member, models.CASCADE, related_name="access_tokens"), inventory.LINK
    )
    name = classified(models.CharField(max_length=60), inventory.PREFERENCE)
    prefix = classified(models.CharField(max_length=16), inventory.SECURITY)
    digest = HashedField(unique=True, life=Life("expires_at", "revoked_at"))
    scopes = classified(models.JSONField(default=list), inventory.PREFERENCE)
    created_at = classified(models.DateTimeField(default=clock.now), inventory.SECURITY)
    expires_at = classified(models.DateTimeField(), inventory.SECURITY)
    last_used_at = classified(models.DateTimeField(null=True, blank=True), inventory.SECURITY)
    revoked_at = classified(models.DateTimeField(null=True, blank=True), inventory.SECURITY)

    def __str__(self) -> str:
        return self.name


class Persona(models.Model):
    """A member of the made-up cast whom anybody may step into; real communities have none."""

    member = classified(models.OneToOneField(Member, models.CASCADE, related_name="persona"), inventory.LINK)
    label = classified(models.CharField(max_length=60), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.label
