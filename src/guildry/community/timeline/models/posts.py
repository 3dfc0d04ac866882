"""Posts, whom they are for, and what hangs on them."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Greatest, Least

from guildry.community.timeline.rules import Audience
from guildry.kernel import clock, inventory
from guildry.kernel.inventory import classified
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.kernel.stepwise import growing
from guildry.people.accounts.models import Member
from guildry.people.network.models import Block, Connection, Follow, Mute
from guildry.people.organisations.models import Membership, Organisation

AUDIENCES = [(audience.value, audience.label) for audience in Audience]


class PostQuerySet(models.QuerySet["Post"]):
    """Posts by what a reader may see; ids are the order of publication, so `-id` is newest first.

    The conditions are correlated lookups instead of lists of ids: they have no limit and compile to one plan.
    """

    def live(self) -> Self:
        """Neither deleted nor by a suspended member.

        The subquery keeps SQLite from filtering by all members before it reads the first post.
        """
        suspended = Member.objects.filter(pk=OuterRef("author_id"), is_active=False)
        return self.filter(~Exists(suspended), deleted_at=None)

    def public(self) -> Self:
        """What a guest may read."""
        return self.live().filter(audience=Audience.EVERYONE)

    def visible_to(self, viewer: Actor | None) -> Self:
        """What the viewer may read when led there; the system reads every live post."""
        if viewer is None:
            return self.public()
        return self.live() if viewer is SYSTEM else self.visible_to_member(viewer.pk)

    def visible_to_member(self, member_id: Any) -> Self:
        return self.live().filter(
            Q(audience=Audience.EVERYONE)
            | Q(author_id=member_id)
            | Q(Exists(connection_with_author(member_id)), audience=Audience.CONNECTIONS)
            | Q(Exists(_membership(member_id)), audience=Audience.ORGANISATION),
            ~Exists(Block.objects.filter(blocker_id=member_id, blocked_id=OuterRef("author_id"))),
            ~Exists(Block.objects.filter(blocker_id=OuterRef("author_id"), blocked_id=member_id)),
        )

    def listed_for(self, viewer: Actor | None) -> Self:
        """What appears on the viewer's lists: visible, and not by somebody they muted."""
        return self.public() if viewer is None else self.listed_for_member(viewer.pk)

    def listed_for_member(self, member_id: int | None) -> Self:
        return self.visible_to_member(member_id).filter(
            ~Exists(Mute.objects.filter(muter_id=member_id, muted_id=OuterRef("author_id")))
        )

    def followed_by(self, member_id: int) -> Self:
        """Posts by the member and those they follow."""
        return self.filter(
            Q(author_id=member_id)
            | Exists(Follow.objects.filter(follower_id=member_id, followed_id=OuterRef("author_id")))
        )


def connection_with_author(member_id: int | None) -> models.QuerySet[Connection]:
    """The one row of the pair, whoever asked: a condition on either side would be walked through for each post."""
    author, member = OuterRef("author_id"), Value(member_id, models.BigIntegerField())
    return Connection.objects.filter(
        low=Least(member, author), high=Greatest(member, author), state="accepted"
    )


def _membership(member_id: Any) -> models.QuerySet[Membership]:
    return Membership.objects.filter(
        member_id=member_id, organisation_id=OuterRef("organisation_id"), is_current=True
    )


@growing
@inventory.belongs(
    "author",
    stays="The gap stays, without a word in it, where others passed it on or answered.",
    emptied={"deleted_at": lambda _: clock.now()},
)
class Post(models.Model):
    """Something published on the Timeline; its row is made when it is published, drafts live elsewhere.

    `repost_of` passes another post on, with `body` as the note. `is_bare` is true for a live repost without a
    note and null otherwise, so that a plain unique constraint keeps it to one a member.
    """

    author = classified(
        models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts"), inventory.LINK
    )
    body = classified(models.TextField(blank=True), inventory.CONTENT)
    html = classified(models.TextField(blank=True), inventory.CONTENT)
    audience = classified(models.CharField(max_length=12, choices=AUDIENCES), inventory.PREFERENCE)
    organisation = classified(
        models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="posts"),
        inventory.LINK,
    )
    repost_of = classified(
        models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reposts"),
        inventory.LINK,
    )
    is_repost = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    is_bare = classified(models.BooleanField(null=True, blank=True), inventory.SYSTEM)
    version = classified(models.PositiveIntegerField(default=1, db_default=1), inventory.SHOWN)
    published_at = classified(models.DateTimeField(), inventory.CONTENT)
    edited_at = classified(models.DateTimeField(null=True, blank=True), inventory.CONTENT)
    deleted_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)
    is_forgotten = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    reaction_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SHOWN)
    comment_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SHOWN)
    repost_count = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SHOWN)
    comment_serial = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SYSTEM)
    image_count = classified(models.PositiveSmallIntegerField(default=0, db_default=0), inventory.SYSTEM)
    has_poll = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)

    objects: ClassVar[Any] = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=Audience.ORGANISATION, organisation__isnull=False)
                | (~Q(audience=Audience.ORGANISATION) & Q(organisation=None)),
                name="post_names_its_organisation",
            ),
            models.CheckConstraint(
                condition=Q(is_repost=True) | Q(repost_of=None), name="post_knows_it_is_a_repost"
            ),
            models.UniqueConstraint(fields=["author", "repost_of", "is_bare"], name="one_bare_repost"),
        ]
        indexes = [
            models.Index(fields=["is_forgotten", "deleted_at"], name="posts_to_forget"),
            models.Index(fields=["author", "id"], name="posts_of_author"),
        ]

    def __str__(self) -> str:
        return f"post {self.pk} by {self.author_id}"


class PostImage(models.Model):
    """A picture of a post: a stored file, its description, and the point to keep in view, in percent."""

    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="images"), inventory.LINK)
    key = classified(models.CharField(max_length=64), inventory.CONTENT)
    description = classified(models.CharField(max_length=500, blank=True, db_default=""), inventory.CONTENT)
    focus_x = classified(models.PositiveSmallIntegerField(default=50), inventory.CONTENT)
    focus_y = classified(models.PositiveSmallIntegerField(default=50), inventory.CONTENT)
    width = classified(models.PositiveIntegerField(), inventory.SYSTEM)
    height = classified(models.PositiveIntegerField(), inventory.SYSTEM)
    position = classified(models.PositiveSmallIntegerField(), inventory.CONTENT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="one_image_a_place"),
            models.CheckConstraint(
                condition=Q(focus_x__lte=100, focus_y__lte=100), name="image_focus_in_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"image {self.position} of post {self.post_id}"


class PostRevision(models.Model):
    """What a post said before an edit."""

    post = classified(models.ForeignKey(Post, models.CASCADE, related_name="revisions"), inventory.LINK)
    version = classified(models.PositiveIntegerField(), inventory.SYSTEM)
    body = classified(models.TextField(blank=True), inventory.CONTENT)
    html = classified(models.TextField(blank=True), inventory.CONTENT)
    written_at = classified(models.DateTimeField(), inventory.CONTENT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="one_revision_a_version")]

    def __str__(self) -> str:
        return f"version {self.version} of post {self.post_id}"


class LinkPreview(models.Model):
    """What the first link of a post leads to; `image` is the key of our own stored copy."""

    post = classified(models.OneToOneField(Post, models.CASCADE, related_name="preview"), inventory.LINK)
    url = classified(models.CharField(max_length=2000), inventory.CONTENT)
    title = classified(models.CharField(max_length=200), inventory.CONTENT)
    description = classified(models.CharField(max_length=400, blank=True, db_default=""), inventory.CONTENT)
    site = classified(models.CharField(max_length=100, blank=True, db_default=""), inventory.CONTENT)
    image = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.CONTENT)

    def __str__(self) -> str:
        return self.title


def counted(name: str, change: int) -> dict[str, Any]:
    """Return the update that moves a counter of the post row, computed by the database."""
    return {name: F(name) + change}
