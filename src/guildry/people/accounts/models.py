"""Members and what proves and limits who they are."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import functions

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.permissions import StaffRole


class Hat(models.TextChoices):
    """What members do here; they put these on themselves."""

    FREELANCER = "freelancer", "Freelancer"
    CLIENT = "client", "Client"
    JOB_SEEKER = "job_seeker", "Job seeker"
    MENTOR = "mentor", "Mentor"
    VOLUNTEER = "volunteer", "Volunteer"
    ORGANISER = "organiser", "Organiser"
    ADVERTISER = "advertiser", "Advertiser"


class MemberManager(BaseUserManager["Member"]):
    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email__iexact=username)


class Member(AbstractBaseUser):
    """One account of one person; name, handle, headline and portrait are what others see beside all they do."""

    handle = classified(
        models.CharField(
            max_length=30, unique=True, validators=[RegexValidator(r"^[a-z0-9][a-z0-9_]{1,29}$")]
        ),
        inventory.NAME,
    )
    email = classified(models.EmailField(unique=True), inventory.CONTACT)
    name = classified(models.CharField(max_length=80), inventory.NAME)
    headline = classified(models.CharField(max_length=140, blank=True, db_default=""), inventory.PROFILE)
    portrait = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.PROFILE)
    hats = classified(models.JSONField(default=list, blank=True), inventory.PROFILE)
    active_hat = classified(
        models.CharField(max_length=20, blank=True, choices=Hat, db_default=""), inventory.PREFERENCE
    )
    time_zone = classified(
        models.CharField(max_length=64, db_default="UTC", default="UTC"), inventory.PREFERENCE
    )
    locale = classified(
        models.CharField(max_length=12, db_default="en-gb", default="en-gb"), inventory.PREFERENCE
    )
    theme = classified(models.CharField(max_length=8, blank=True, db_default=""), inventory.PREFERENCE)
    is_active = classified(models.BooleanField(default=True, db_default=True), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(db_default=functions.Now()), inventory.SYSTEM)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("handle", "name")

    class Meta:
        db_table = "accounts_member"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def staff_roles(self) -> frozenset[StaffRole]:
        """The staff roles in force, read once per loaded member."""
        grants: Any = self.staff_grants.filter(revoked_at=None)
        return frozenset(StaffRole(role) for role in grants.values_list("role", flat=True))


classified(Member._meta.get_field("password"), inventory.SECRET)
classified(Member._meta.get_field("last_login"), inventory.SECURITY)


class StaffGrant(models.Model):
    """A staff role given to a member by somebody else; revoked, never deleted."""

    member = classified(
        models.ForeignKey(Member, models.CASCADE, related_name="staff_grants"), inventory.LINK
    )
    role = classified(
        models.CharField(max_length=20, choices=[(role.value, role.label) for role in StaffRole]),
        inventory.SYSTEM,
    )
    granted_by = classified(
        models.ForeignKey(Member, models.SET_NULL, null=True, related_name="grants_made"), inventory.LINK
    )
    granted_at = classified(models.DateTimeField(db_default=functions.Now()), inventory.SYSTEM)
    revoked_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(member=models.F("granted_by")), name="nobody_grants_themselves"
            ),
        ]
