"""What members do with a post other than writing: react, keep, put aside; and whom a text mentions."""

from django.conf import settings
from django.db import models

from guildry.community.timeline.models.posts import Post
from guildry.community.timeline.models.threads import Comment
from guildry.community.timeline.rules import ReactionKind
from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.stepwise import growing

KINDS = [(kind.value, kind.label) for kind in ReactionKind]


@growing
class Reaction(models.Model):
    """One member's reaction to one post."""

    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="reactions"), inventory.LINK)
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False),
        inventory.LINK,
    )
    kind = classified(models.CharField(max_length=10, choices=KINDS), inventory.CONTENT)
    reacted_at = classified(models.DateTimeField(), inventory.CONTENT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="one_reaction_each")]
        indexes = [
            models.Index(fields=["member", "post"], name="reactions_of_member"),
            models.Index(fields=["post", "id"], name="reactions_to_post"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.member_id} to post {self.post_id}"


class Save(models.Model):
    """A post a member keeps for later; nobody else knows."""

    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="saves"), inventory.OWN_CONTENT)
    saved_at = classified(models.DateTimeField(), inventory.BEHAVIOUR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="saved_once")]
        indexes = [models.Index(fields=["member", "id", "post"], name="saves_of_member")]

    def __str__(self) -> str:
        return f"post {self.post_id} saved by {self.member_id}"


class Dismissal(models.Model):
    """A post a member does not want to see For you."""

    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    post = classified(
        models.ForeignKey(Post, models.CASCADE, related_name="dismissals"), inventory.PREFERENCE
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"post {self.post_id} dismissed by {self.member_id}"


@inventory.belongs("member", goes_with=("member", "post__author", "comment__author"))
class Mention(models.Model):
    """A member named in a post, or in a comment on it."""

    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="mentions"), inventory.LINK)
    comment = classified(
        models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="mentions"),
        inventory.LINK,
    )
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )

    def __str__(self) -> str:
        return f"{self.member_id} in post {self.post_id}"
