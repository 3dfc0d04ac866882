"""What members are still writing, or have timed for later."""

from datetime import datetime
from typing import Any, ClassVar, Self

import msgspec
from django.conf import settings
from django.db import models

from guildry.community.timeline.models.posts import AUDIENCES
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan
from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.permissions import Actor
from guildry.people.organisations.models import Organisation


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, viewer: Actor | None) -> Self:
        """Only the author's own."""
        return self.none() if viewer is None else self.filter(author_id=viewer.pk)


class Draft(models.Model):
    """A composition that is not published; with `scheduled_for` it will be, at that moment.

    `pictures` and `poll` hold what `rules.Picture` and `rules.PollPlan` say. `refusal` is why the last attempt to
    publish it on schedule failed.
    """

    author = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    body = classified(models.TextField(blank=True), inventory.OWN_CONTENT)
    audience = classified(
        models.CharField(max_length=12, choices=AUDIENCES, default=Audience.EVERYONE), inventory.PREFERENCE
    )
    organisation = classified(
        models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+"),
        inventory.LINK,
    )
    pictures = classified(models.JSONField(default=list, blank=True), inventory.OWN_CONTENT)
    poll = classified(models.JSONField(null=True, blank=True), inventory.OWN_CONTENT)
    scheduled_for = classified(models.DateTimeField(null=True, blank=True), inventory.OWN_CONTENT)
    refusal = classified(models.CharField(max_length=300, blank=True, db_default=""), inventory.SYSTEM)
    version = classified(models.PositiveIntegerField(default=1, db_default=1), inventory.SHOWN)
    created_at = classified(models.DateTimeField(), inventory.OWN_CONTENT)
    saved_at = classified(models.DateTimeField(), inventory.OWN_CONTENT)

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scheduled_for"], name="drafts_due")]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.author_id}"

    @property
    def title(self) -> str:
        """The beginning of the text, to tell drafts apart."""
        first = next(filter(None, self.body.splitlines()), "")
        return first[:80] or (self.poll or {}).get("question", "") or "Without words so far"

    @property
    def composition(self) -> Composition:
        return Composition(
            body=self.body,
            audience=Audience(self.audience),
            organisation_id=self.organisation_id,
            pictures=tuple(msgspec.convert(self.pictures, list[Picture])),
            poll=msgspec.convert(self.poll, PollPlan | None),
        )

    def hold(self, composition: Composition, *, now: datetime) -> Self:
        """Take over a composition, without saving."""
        self.body = composition.body
        self.audience = composition.audience
        self.organisation_id = composition.organisation_id
        self.pictures = msgspec.to_builtins(composition.pictures)
        self.poll = msgspec.to_builtins(composition.poll)
        self.saved_at = now
        return self
