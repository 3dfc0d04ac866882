"""The shared vocabulary of skills, and who has which."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.people.profiles.models.profiles import Profile


class Skill(models.Model):
    """One entry of the taxonomy; ids come from the shipped file, which alone knows its other names."""

    class Source(models.TextChoices):
        ESCO = "esco", "ESCO"
        ONET = "onet", "O*NET"

    id = classified(models.PositiveIntegerField(primary_key=True), inventory.REFERENCE)
    key = classified(models.CharField(max_length=100, unique=True), inventory.REFERENCE)
    label = classified(models.CharField(max_length=100), inventory.REFERENCE)
    source = classified(models.CharField(max_length=4, choices=Source), inventory.REFERENCE)
    uri = classified(models.CharField(max_length=120), inventory.REFERENCE)
    description = classified(models.CharField(max_length=200, blank=True), inventory.REFERENCE)

    def __str__(self) -> str:
        return self.label


class SkillRelease(models.Model):
    """Which version of the shipped file the table holds."""

    checksum = classified(models.CharField(max_length=64, unique=True), inventory.SYSTEM)
    loaded_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.checksum[:12]


class MemberSkill(models.Model):
    """A skill a member says they have; `position` is the member's own order."""

    profile = classified(models.ForeignKey(Profile, models.CASCADE, related_name="skills"), inventory.LINK)
    skill = classified(models.ForeignKey(Skill, models.CASCADE, related_name="members"), inventory.PROFILE)
    position = classified(models.PositiveSmallIntegerField(), inventory.PROFILE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["skill", "profile"], name="one_skill_once")]
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.profile_id} has skill {self.skill_id}"
