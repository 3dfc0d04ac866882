"""Files members brought in, and what became of them."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.platform.files.rules import State


class FileQuerySet(models.QuerySet["StoredFile"]):
    def clean(self) -> "FileQuerySet":
        return self.filter(state=State.CLEAN)

    def visible_to(self, viewer: Any) -> "FileQuerySet":
        """A member sees their own files here; everybody else needs a signed address."""
        return self.filter(owner_id=viewer.pk) if viewer is not None and viewer.pk else self.none()


class StoredFile(models.Model):
    """One file. `media_type`, `byte_size`, `width` and `height` describe what is served, not what was sent."""

    key = classified(models.CharField(max_length=32, unique=True), inventory.LINK)
    owner = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    use = classified(models.CharField(max_length=40), inventory.SYSTEM)
    state = classified(
        models.CharField(
            max_length=12,
            choices=[(state, state.capitalize()) for state in State.ALL],
            db_default=State.QUARANTINED,
        ),
        inventory.SYSTEM,
    )
    name = classified(models.CharField(max_length=120), inventory.CONTENT)
    media_type = classified(models.CharField(max_length=100), inventory.SYSTEM)
    byte_size = classified(models.PositiveBigIntegerField(), inventory.SYSTEM)
    width = classified(models.PositiveIntegerField(null=True, blank=True), inventory.SYSTEM)
    height = classified(models.PositiveIntegerField(null=True, blank=True), inventory.SYSTEM)
    widths = classified(models.JSONField(default=list, blank=True), inventory.SYSTEM)
    alt = classified(models.CharField(max_length=300, blank=True, db_default=""), inventory.CONTENT)
    focus_x = classified(
        models.PositiveSmallIntegerField(default=50, db_default=50, validators=[MaxValueValidator(100)]),
        inventory.CONTENT,
    )
    focus_y = classified(
        models.PositiveSmallIntegerField(default=50, db_default=50, validators=[MaxValueValidator(100)]),
        inventory.CONTENT,
    )
    digest = classified(models.CharField(max_length=64, db_index=True), inventory.SYSTEM)
    reason = classified(models.CharField(max_length=200, blank=True, db_default=""), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(db_index=True), inventory.SYSTEM)

    objects = FileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "use", "id"], name="files_of_owner")]
