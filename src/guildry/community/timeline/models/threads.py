"""Comments, threaded under a post."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from guildry.community.timeline import rules
from guildry.community.timeline.models.posts import Post
from guildry.kernel import clock, inventory
from guildry.kernel.inventory import classified
from guildry.kernel.permissions import Actor
from guildry.kernel.stepwise import growing
from guildry.people.network.models import Block


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, viewer: Actor | None) -> Self:
        """Comments in reading order as the viewer sees them under a post they may read.

        A deleted one stays as a gap while answers hang on it.
        """
        shown = self.filter(Q(deleted_at=None, author__is_active=True) | Q(reply_count__gt=0))
        if viewer is None or viewer.pk is None:
            return shown
        return shown.exclude(
            Exists(Block.objects.filter(blocker_id=viewer.pk, blocked_id=OuterRef("author_id")))
            | Exists(Block.objects.filter(blocker_id=OuterRef("author_id"), blocked_id=viewer.pk))
        )


@growing
@inventory.belongs(
    "author",
    stays="The gap stays, without a word in it, where others answered.",
    emptied={"deleted_at": lambda _: clock.now()},
)
class Comment(models.Model):
    """A comment on a post or an answer to one; `path` sorts a thread in reading order.

    `reply_count` counts the answers that are still shown below it.
    """

    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="comments"), inventory.LINK)
    author = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    parent = classified(
        models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies"),
        inventory.LINK,
    )
    path = classified(models.CharField(max_length=rules.MAX_DEPTH * 6), inventory.SYSTEM)
    body = classified(models.TextField(), inventory.CONTENT)
    html = classified(models.TextField(), inventory.CONTENT)
    reply_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SYSTEM)
    version = classified(models.PositiveIntegerField(default=1, db_default=1), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.CONTENT)
    edited_at = classified(models.DateTimeField(null=True, blank=True), inventory.CONTENT)
    deleted_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "path"], name="one_comment_a_place")]

    def __str__(self) -> str:
        return f"comment {self.pk} on post {self.post_id}"

    @property
    def depth(self) -> int:
        return rules.depth_of(self.path)
