"""Polls of posts and the votes in them."""

from django.conf import settings
from django.db import models

from guildry.community.timeline.models.posts import Post
from guildry.community.timeline.rules import PollPlan
from guildry.kernel import inventory
from guildry.kernel.inventory import classified


class Poll(models.Model):
    """A question with a few answers, open for a while."""

    post = classified(models.OneToOneField(Post, models.CASCADE, related_name="poll"), inventory.LINK)
    question = classified(models.CharField(max_length=140), inventory.CONTENT)
    closes_at = classified(models.DateTimeField(), inventory.CONTENT)

    def __str__(self) -> str:
        return self.question

    @property
    def plan(self) -> PollPlan:
        options = sorted(self.options.all(), key=lambda option: option.position)
        days = (self.closes_at - self.post.published_at).days
        return PollPlan(self.question, tuple(option.text for option in options), days)


class PollOption(models.Model):
    """One answer of a poll, with the number of votes for it."""

    poll = classified(models.ForeignKey(Poll, models.CASCADE, related_name="options"), inventory.LINK)
    position = classified(models.PositiveSmallIntegerField(), inventory.CONTENT)
    text = classified(models.CharField(max_length=80), inventory.CONTENT)
    vote_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SYSTEM)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="one_option_a_place")]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """A member's one vote in a poll; which option it was is shown to nobody else."""

    poll = classified(models.ForeignKey(Poll, models.CASCADE, related_name="votes"), inventory.LINK)
    member = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"), inventory.LINK
    )
    option = classified(
        models.ForeignKey(PollOption, models.CASCADE, related_name="+"), inventory.PRIVATE_CONTENT
    )
    voted_at = classified(models.DateTimeField(), inventory.BEHAVIOUR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "member"], name="one_vote_each")]

    def __str__(self) -> str:
        return f"vote of {self.member_id} in poll {self.poll_id}"
