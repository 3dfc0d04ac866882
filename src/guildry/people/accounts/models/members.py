"""Members, and the staff roles granted to them."""

from functools import cached_property
from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models

from guildry.kernel import clock, inventory
from guildry.kernel.inventory import classified
from guildry.kernel.permissions import StaffRole
from guildry.people.accounts import rules


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


@inventory.belongs(
    "id",
    stays="What others said to them keeps its other side, which is a pseudonym from then on.",
    emptied={
        "handle": lambda name: f"erased_{name}",
        "email": lambda name: f"{name}@erased.invalid",
        "name": "Erased member",
        "password": lambda name: f"!{name}",
        "is_active": False,
        "locale": "en-gb",
        "time_zone": "UTC",
    },
)
class Member(AbstractBaseUser):
    """One account of one person; name, handle, headline and portrait are what others see beside all they do."""

    handle = classified(
        models.CharField(
            max_length=30,
            unique=True,
            validators=[
                RegexValidator(
                    rules.HANDLE, "Use 2 to 30 small letters, digits or _, starting with a letter or digit."
                )
            ],
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
    suspension_reason = classified(
        models.CharField(max_length=200, blank=True, db_default=""), inventory.PRIVATE_CONTENT
    )
    has_staff_grant = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(default=clock.now), inventory.SYSTEM)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle", "name"]

    class Meta:
        db_table = "accounts_member"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def staff_roles(self) -> frozenset[StaffRole]:
        """The staff roles in force; ordinary members cost no query, staff one."""
        return self._roles[0]

    @property
    def withheld_roles(self) -> frozenset[StaffRole]:
        """Granted staff roles that rest until the member has a second factor."""
        return self._roles[1]

    @cached_property
    def _roles(self) -> tuple[frozenset[StaffRole], frozenset[StaffRole]]:
        if not self.has_staff_grant:
            return frozenset(), frozenset()
        factors = Authenticator.objects.filter(user_id=models.OuterRef("member_id"), type__in=SECOND_FACTORS)
        grants = StaffGrant.objects.filter(member_id=self.pk, revoked_at=None)
        rows = list(grants.values_list("role", models.Exists(factors)))
        return rules.roles_in_force(
            frozenset(StaffRole(role) for role, _ in rows),
            has_second_factor=any(protected for _, protected in rows),
        )


# Recovery codes stand in for a lost factor; alone they are none.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

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
    granted_at = classified(models.DateTimeField(default=clock.now), inventory.SYSTEM)
    reason = classified(
        models.CharField(max_length=200, blank=True, db_default=""), inventory.PRIVATE_CONTENT
    )
    revoked_by = classified(
        models.ForeignKey(Member, models.SET_NULL, null=True, related_name="grants_revoked"), inventory.LINK
    )
    revoked_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(member=models.F("granted_by")), name="nobody_grants_themselves"
            ),
        ]
