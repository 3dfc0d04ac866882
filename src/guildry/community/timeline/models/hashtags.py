"""Hashtags, the posts that carry them, and who follows them."""

from django.conf import settings
from django.db import models

from guildry.community.timeline.models.posts import Post
from guildry.kernel import inventory
from guildry.kernel.inventory import classified


class Hashtag(models.Model):
    """A word members write with # before it, folded; the fingerprint is equal only for equal words."""

    name = classified(models.CharField(max_length=64), inventory.REFERENCE)
    fingerprint = classified(models.CharField(max_length=32, unique=True), inventory.REFERENCE)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"#{self.name}"


class PostHashtag(models.Model):
    """A hashtag in a post."""

    hashtag = classified(models.ForeignKey(Hashtag, models.CASCADE, related_name="+"), inventory.LINK)
    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="tagged"), inventory.LINK)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hashtag", "post"], name="hashtag_once_a_post")]

    def __str__(self) -> str:
        return f"hashtag {self.hashtag_id} in post {self.post_id}"


class HashtagFollow(models.Model):
    """A member who wants to see more about a hashtag."""

    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    hashtag = classified(models.ForeignKey(Hashtag, models.CASCADE, related_name="+"), inventory.PREFERENCE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "hashtag"], name="follow_hashtag_once")]

    def __str__(self) -> str:
        return f"{self.member_id} follows hashtag {self.hashtag_id}"
