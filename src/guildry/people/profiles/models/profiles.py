"""What a member shows of themselves, section by section."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from guildry.kernel import inventory, permissions, points
from guildry.kernel.inventory import classified
from guildry.kernel.money import EXPONENTS, Money
from guildry.people.profiles import rules

AUDIENCES = [(audience.value, audience.label) for audience in rules.Audience]
CURRENCIES = [(currency, currency) for currency in EXPONENTS]


class Availability(models.TextChoices):
    OPEN = "open", "Open to work"
    SOON = "soon", "Free soon"
    LIMITED = "limited", "A few hours a week"
    BUSY = "busy", "Not taking work"


class Level(models.TextChoices):
    NATIVE = "native", "Native"
    FLUENT = "fluent", "Fluent"
    PROFESSIONAL = "professional", "Professional"
    CONVERSATIONAL = "conversational", "Conversational"
    BASIC = "basic", "Basic"


def _shown_to(section: str) -> Any:
    default = rules.DEFAULT_AUDIENCES[section].value
    field = models.CharField(max_length=11, choices=AUDIENCES, default=default, db_default=default)
    return classified(field, inventory.PREFERENCE)


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, viewer: Any) -> Self:
        """Profiles of active members that no block stands before; who may see a section is asked per section."""
        rows = self.filter(member__is_active=True)
        if viewer is None or viewer.pk is None or permissions.has(viewer, "profiles.inspect"):
            return rows
        apart = {member_id for circle in points.CIRCLES for member_id in circle.apart(viewer.pk)}
        return rows.exclude(pk__in=apart) if apart else rows

    def showing(self, section: str, viewer: Any) -> Self:
        """Those of them whose section the viewer may see."""
        field = f"{section}_shown_to"
        if viewer is None:
            return self.filter(**{field: rules.Audience.EVERYONE})
        if permissions.has(viewer, "profiles.inspect"):
            return self
        close = {member_id for circle in points.CIRCLES for member_id in circle.close(viewer.pk)}
        wide = Q(**{f"{field}__in": [rules.Audience.EVERYONE, rules.Audience.MEMBERS]}) | Q(pk=viewer.pk)
        return self.filter(wide | Q(**{field: rules.Audience.CONNECTIONS, "pk__in": close}))


class Profile(models.Model):
    """One member's profile; the last fields repeat the account so that the directory reads one table."""

    Availability = Availability

    member = classified(
        models.OneToOneField(
            settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile"
        ),
        inventory.LINK,
    )
    story = classified(
        models.TextField(validators=[MaxLengthValidator(6000)], blank=True, default=""), inventory.PROFILE
    )
    place = classified(
        models.CharField(max_length=80, blank=True, default="", db_default=""), inventory.PROFILE
    )
    availability = classified(
        models.CharField(max_length=7, choices=Availability, blank=True, default="", db_default=""),
        inventory.PROFILE,
    )
    available_on = classified(models.DateField(null=True, blank=True), inventory.PROFILE)
    hours_per_week = classified(
        models.PositiveSmallIntegerField(
            null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(80)]
        ),
        inventory.PROFILE,
    )
    day_rate_minor = classified(models.PositiveBigIntegerField(null=True, blank=True), inventory.PROFILE)
    hour_rate_minor = classified(models.PositiveBigIntegerField(null=True, blank=True), inventory.PROFILE)
    currency = classified(
        models.CharField(max_length=3, choices=CURRENCIES, default="GBP", db_default="GBP"), inventory.PROFILE
    )
    story_shown_to = _shown_to("story")
    place_shown_to = _shown_to("place")
    availability_shown_to = _shown_to("availability")
    rates_shown_to = _shown_to("rates")
    skills_shown_to = _shown_to("skills")
    experience_shown_to = _shown_to("experience")
    qualifications_shown_to = _shown_to("qualifications")
    portfolio_shown_to = _shown_to("portfolio")
    languages_shown_to = _shown_to("languages")
    links_shown_to = _shown_to("links")
    is_listed = classified(models.BooleanField(default=True, db_default=True), inventory.PREFERENCE)
    is_indexable = classified(models.BooleanField(default=False, db_default=False), inventory.PREFERENCE)
    sort_key = classified(
        models.CharField(max_length=80, blank=True, editable=False, default="", db_default=""), inventory.NAME
    )
    search_text = classified(
        models.CharField(max_length=300, blank=True, editable=False, default="", db_default=""),
        inventory.NAME,
    )
    hats = classified(
        models.CharField(max_length=120, blank=True, editable=False, default="", db_default=""),
        inventory.PROFILE,
    )
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    edited_at = classified(models.DateTimeField(), inventory.SYSTEM)

    objects: ClassVar[Any] = ProfileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["is_listed", "sort_key", "member"], name="profiles_by_name")]

    def __str__(self) -> str:
        return f"profile of {self.member_id}"

    @property
    def day_rate(self) -> Money | None:
        return None if self.day_rate_minor is None else Money(self.day_rate_minor, self.currency)

    @property
    def hour_rate(self) -> Money | None:
        return None if self.hour_rate_minor is None else Money(self.hour_rate_minor, self.currency)


class Experience(models.Model):
    """Something a member did somewhere, month by month."""

    profile = classified(
        models.ForeignKey(Profile, models.CASCADE, related_name="experiences"), inventory.LINK
    )
    title = classified(models.CharField(max_length=80), inventory.PROFILE)
    organisation_name = classified(
        models.CharField(max_length=80, blank=True, default="", db_default=""), inventory.PROFILE
    )
    organisation = classified(
        models.ForeignKey(
            "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="experiences"
        ),
        inventory.PROFILE,
    )
    place = classified(
        models.CharField(max_length=80, blank=True, default="", db_default=""), inventory.PROFILE
    )
    started_on = classified(models.DateField(), inventory.PROFILE)
    ended_on = classified(models.DateField(null=True, blank=True), inventory.PROFILE)
    description = classified(
        models.TextField(validators=[MaxLengthValidator(2000)], blank=True, default=""), inventory.PROFILE
    )

    class Meta:
        ordering = ("-started_on", "-pk")

    def __str__(self) -> str:
        return self.title


class Qualification(models.Model):
    """A degree, certificate or licence; nobody but its holder vouches for it."""

    profile = classified(
        models.ForeignKey(Profile, models.CASCADE, related_name="qualifications"), inventory.LINK
    )
    title = classified(models.CharField(max_length=120), inventory.PROFILE)
    awarded_by = classified(
        models.CharField(max_length=120, blank=True, default="", db_default=""), inventory.PROFILE
    )
    awarded_on = classified(models.DateField(null=True, blank=True), inventory.PROFILE)
    expires_on = classified(models.DateField(null=True, blank=True), inventory.PROFILE)
    reference = classified(
        models.URLField(max_length=200, blank=True, default="", db_default=""), inventory.PROFILE
    )

    class Meta:
        ordering = ("-awarded_on", "-pk")

    def __str__(self) -> str:
        return self.title


class PortfolioItem(models.Model):
    """A piece of work: words, a link, and a stored file when there is something to look at."""

    profile = classified(models.ForeignKey(Profile, models.CASCADE, related_name="portfolio"), inventory.LINK)
    title = classified(models.CharField(max_length=120), inventory.PROFILE)
    description = classified(
        models.TextField(validators=[MaxLengthValidator(2000)], blank=True, default=""), inventory.CONTENT
    )
    url = classified(
        models.URLField(max_length=200, blank=True, default="", db_default=""), inventory.PROFILE
    )
    file = classified(
        models.CharField(max_length=64, blank=True, default="", db_default=""), inventory.CONTENT
    )
    file_name = classified(
        models.CharField(max_length=120, blank=True, default="", db_default=""), inventory.CONTENT
    )
    is_image = classified(models.BooleanField(default=False, db_default=False), inventory.CONTENT)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title


class Language(models.Model):
    """A language a member works in, by its ISO 639 code."""

    Level = Level

    profile = classified(models.ForeignKey(Profile, models.CASCADE, related_name="languages"), inventory.LINK)
    code = classified(models.CharField(max_length=3), inventory.PROFILE)
    level = classified(models.CharField(max_length=14, choices=Level), inventory.PROFILE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "code"], name="one_language_once")]
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.code


class Link(models.Model):
    """Where else a member can be found."""

    profile = classified(models.ForeignKey(Profile, models.CASCADE, related_name="links"), inventory.LINK)
    label = classified(models.CharField(max_length=40), inventory.PROFILE)
    url = classified(models.URLField(max_length=200), inventory.PROFILE)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.label
