"""Organisations, who belongs to them, and who was asked or asks to."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from guildry.kernel import bus, inventory, permissions
from guildry.kernel.inventory import classified
from guildry.kernel.secrets import HashedField, Life
from guildry.people.organisations import rules


class Kind(models.TextChoices):
    COMPANY = "company", "Company"
    AGENCY = "agency", "Agency"
    CHARITY = "charity", "Charity"
    CHAPTER = "chapter", "Guild chapter"


class Size(models.TextChoices):
    ONE = "1", "1 person"
    FEW = "2-10", "2 to 10 people"
    SMALL = "11-50", "11 to 50 people"
    MEDIUM = "51-250", "51 to 250 people"
    LARGE = "251-1000", "251 to 1,000 people"
    VERY_LARGE = "1000+", "More than 1,000 people"


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MANAGER = "manager", "Manager"
    MEMBER = "member", "Member"
    VIEWER = "viewer", "Viewer"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, viewer: Any) -> Self:
        """Open ones for everybody; closed ones for those who belonged there to the end, and for inspectors."""
        if viewer is None:
            return self.filter(state="open")
        if permissions.has(viewer, "organisations.inspect"):
            return self
        own = Membership.objects.filter(member_id=viewer.pk, is_current=True).values("organisation_id")
        return self.filter(Q(state="open") | Q(pk__in=own))


@inventory.belongs(stays="It is the organisation's, and shared by those who belong to it.", is_emptied=False)
class Organisation(models.Model):
    """A company, agency, charity or guild chapter; never a way to sign in."""

    Kind = Kind
    Size = Size

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    handle = classified(
        models.CharField(
            max_length=30,
            unique=True,
            validators=[
                RegexValidator(
                    r"^[a-z0-9][a-z0-9_]{1,29}\Z",
                    "Use 2 to 30 small letters, digits and underscores, beginning with a letter or digit.",
                )
            ],
            error_messages={"unique": "Another organisation has this handle. Choose a different one."},
        ),
        inventory.NAME,
    )
    name = classified(models.CharField(max_length=80), inventory.NAME)
    sort_key = classified(models.CharField(max_length=80, editable=False), inventory.NAME)
    kind = classified(models.CharField(max_length=10, choices=Kind), inventory.PROFILE)
    tagline = classified(
        models.CharField(max_length=140, blank=True, default="", db_default=""), inventory.PROFILE
    )
    story = classified(
        models.TextField(validators=[MaxLengthValidator(6000)], blank=True, default=""), inventory.PROFILE
    )
    place = classified(
        models.CharField(max_length=80, blank=True, default="", db_default=""), inventory.PROFILE
    )
    website = classified(
        models.URLField(max_length=200, blank=True, default="", db_default=""), inventory.PROFILE
    )
    size = classified(
        models.CharField(max_length=10, choices=Size, blank=True, default="", db_default=""),
        inventory.PROFILE,
    )
    founded = classified(
        models.PositiveSmallIntegerField(
            null=True, blank=True, validators=[MinValueValidator(rules.EARLIEST_YEAR)]
        ),
        inventory.PROFILE,
    )
    mark = classified(
        models.CharField(max_length=64, blank=True, default="", db_default=""), inventory.PROFILE
    )
    accepts_requests = classified(models.BooleanField(default=True, db_default=True), inventory.PREFERENCE)
    state = classified(
        models.CharField(max_length=6, choices=State, default="open", db_default="open"), inventory.SYSTEM
    )
    people_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)

    objects: ClassVar[Any] = OrganisationQuerySet.as_manager()
    # What the facts of an overseer carry while they hold it.
    act: bus.Act | None = None

    class Meta:
        indexes = [models.Index(fields=["state", "sort_key", "id"], name="organisations_by_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A member's time in an organisation; ended ones are kept, and only one at a time is current.

    `is_current` is true or null, never false, so that a plain unique constraint covers current rows only.
    """

    Role = Role

    organisation = classified(
        models.ForeignKey(Organisation, models.CASCADE, related_name="memberships"), inventory.LINK
    )
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships"),
        inventory.LINK,
    )
    role = classified(models.CharField(max_length=8, choices=Role), inventory.PROFILE)
    title = classified(
        models.CharField(max_length=80, blank=True, default="", db_default=""), inventory.PROFILE
    )
    is_current = classified(models.BooleanField(null=True, default=True, db_default=True), inventory.SYSTEM)
    started_at = classified(models.DateTimeField(), inventory.SYSTEM)
    ended_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member", "is_current"], name="one_current_membership"
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, ended_at=None)
                | Q(is_current__isnull=True, ended_at__isnull=False),
                name="membership_current_or_ended",
            ),
        ]
        indexes = [models.Index(fields=["member", "is_current"], name="memberships_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.organisation_id} as {self.role}"


class Oversight(models.Model):
    """Why somebody of the staff acts as an owner for a while, in an organisation where they have no such role."""

    organisation = classified(
        models.ForeignKey(Organisation, models.CASCADE, related_name="oversights"), inventory.LINK
    )
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="oversights"), inventory.LINK
    )
    reason = classified(models.CharField(max_length=bus.LONGEST_REASON), inventory.PRIVATE_CONTENT)
    began_at = classified(models.DateTimeField(), inventory.SYSTEM)
    ends_at = classified(models.DateTimeField(), inventory.SYSTEM)

    class Meta:
        indexes = [models.Index(fields=["member", "organisation", "ends_at"], name="oversight_in_force")]

    def __str__(self) -> str:
        return f"{self.member_id} over {self.organisation_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def addressed_to(self, member: Any) -> Self:
        """Those made out to the member, or to the address that the member proved by joining with it."""
        return self.filter(Q(member=member) | Q(email=member.email))


@inventory.belongs("member", "email")
class Invitation(models.Model):
    """An offer of membership to a member or an e-mail address; only the digest of its token is stored."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        REVOKED = "revoked", "Withdrawn"

    organisation = classified(
        models.ForeignKey(Organisation, models.CASCADE, related_name="invitations"), inventory.LINK
    )
    member = classified(
        models.ForeignKey(
            settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="invitations"
        ),
        inventory.LINK,
    )
    email = classified(
        models.EmailField(blank=True, db_index=True, default="", db_default=""), inventory.CONTACT
    )
    role = classified(models.CharField(max_length=8, choices=Role), inventory.SYSTEM)
    note = classified(
        models.CharField(max_length=500, blank=True, default="", db_default=""), inventory.PRIVATE_CONTENT
    )
    invited_by = classified(
        models.ForeignKey(
            settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="invitations_made"
        ),
        inventory.LINK,
    )
    token_digest = HashedField(
        unique=True, null=True, blank=True, life=Life("expires_at", "answered_at", forgets=True)
    )
    state = classified(
        models.CharField(max_length=8, choices=State, default="pending", db_default="pending"),
        inventory.SYSTEM,
    )
    sent_count = classified(models.PositiveSmallIntegerField(default=0, db_default=0), inventory.SYSTEM)
    sent_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    expires_at = classified(models.DateTimeField(), inventory.SYSTEM)
    answered_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None) ^ Q(email=""), name="invitation_names_a_member_or_an_address"
            )
        ]
        indexes = [models.Index(fields=["organisation", "state", "id"], name="invitations_by_state")]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.organisation_id}"


class JoinRequest(models.Model):
    """A member asking to belong; `is_open` is true or null so that one member has one open request."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    organisation = classified(
        models.ForeignKey(Organisation, models.CASCADE, related_name="join_requests"), inventory.LINK
    )
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="join_requests"),
        inventory.LINK,
    )
    note = classified(
        models.CharField(max_length=500, blank=True, default="", db_default=""), inventory.PRIVATE_CONTENT
    )
    state = classified(
        models.CharField(max_length=9, choices=State, default="pending", db_default="pending"),
        inventory.SYSTEM,
    )
    is_open = classified(models.BooleanField(null=True, default=True, db_default=True), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    answered_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)
    answered_by = classified(
        models.ForeignKey(
            settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="requests_answered"
        ),
        inventory.LINK,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "member", "is_open"], name="one_open_request")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} asks to join {self.organisation_id}"
