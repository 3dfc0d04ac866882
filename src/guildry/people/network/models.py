"""Who follows, knows, blocks or mutes whom."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, Least

from guildry.kernel import clock, inventory
from guildry.kernel.inventory import classified
from guildry.kernel.stepwise import growing
from guildry.people.network import rules
from guildry.people.network.rules import State


def _member(**options: Any) -> Any:
    options.setdefault("related_name", "+")
    return classified(models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, **options), inventory.LINK)


def _moment(**options: Any) -> Any:
    return classified(models.DateTimeField(**options), inventory.SYSTEM)


@growing
class Follow(models.Model):
    """One member reads another; nobody is asked."""

    follower = _member(related_name="follows")
    followed = _member()
    created_at = _moment(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="one_follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="nobody_follows_themselves"),
        ]
        indexes = [models.Index(fields=["follower", "id"], name="follows_of_member")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def between(self, one: int, other: int) -> Self:
        low, high = rules.pair(one, other)
        return self.filter(low=low, high=high)

    def of(self, member_id: int | None) -> Self:
        return self.filter(Q(requester_id=member_id) | Q(addressee_id=member_id))

    def accepted(self) -> Self:
        return self.filter(state=State.ACCEPTED)

    def visible_to(self, viewer: Any) -> Self:
        """A connection is known to its two sides."""
        return self.none() if viewer is None else self.of(viewer.pk)


class Connection(models.Model):
    """Two members who know each other, or one who asked; `low` and `high` name the pair whoever asked.

    After a withdrawal or an ended connection `pausing` may not ask again before `pauses_until`.
    """

    requester = _member(db_index=False)
    addressee = _member(db_index=False)
    low = classified(
        models.GeneratedField(
            expression=Least("requester_id", "addressee_id"),
            output_field=models.BigIntegerField(),
            db_persist=True,
        ),
        inventory.LINK,
    )
    high = classified(
        models.GeneratedField(
            expression=Greatest("requester_id", "addressee_id"),
            output_field=models.BigIntegerField(),
            db_persist=True,
        ),
        inventory.LINK,
    )
    state = classified(
        models.CharField(
            max_length=9,
            choices=[(state.value, state.value) for state in State],
            default=State.REQUESTED,
            db_default=State.REQUESTED,
        ),
        inventory.SYSTEM,
    )
    note = classified(
        models.TextField(validators=[MaxLengthValidator(rules.NOTE_LENGTH)], blank=True, default=""),
        inventory.PRIVATE_CONTENT,
    )
    requested_at = _moment(default=clock.now)
    answered_at = _moment(null=True, blank=True)
    pausing = _member(null=True, blank=True)
    pauses_until = _moment(null=True, blank=True)

    objects: ClassVar[Any] = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="one_connection_per_pair"),
            models.CheckConstraint(condition=~Q(requester=F("addressee")), name="nobody_connects_alone"),
        ]
        indexes = [
            models.Index(fields=["requester", "state", "addressee"], name="connections_asked_for"),
            models.Index(fields=["addressee", "state", "requester"], name="connections_asked_of"),
        ]

    def __str__(self) -> str:
        return f"{self.requester_id} and {self.addressee_id}: {self.state}"

    def other_id(self, member_id: int | None) -> int:
        """Return the id of the side that `member_id` is not."""
        return self.addressee_id if self.requester_id == member_id else self.requester_id


@inventory.belongs("blocker", goes_with=("blocker", "blocked"))
class Block(models.Model):
    """One member keeps another away; neither sees the other anywhere."""

    blocker = _member()
    blocked = _member()
    created_at = _moment(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="nobody_blocks_themselves"),
        ]
        indexes = [models.Index(fields=["blocker", "id"], name="blocks_of_member")]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"


@inventory.belongs("muter", goes_with=("muter", "muted"))
class Mute(models.Model):
    """One member hears nothing of another, who is not told."""

    muter = _member()
    muted = _member()
    created_at = _moment(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="one_mute_once"),
            models.CheckConstraint(condition=~Q(muter=F("muted")), name="nobody_mutes_themselves"),
        ]
        indexes = [models.Index(fields=["muter", "id"], name="mutes_of_member")]

    def __str__(self) -> str:
        return f"{self.muter_id} mutes {self.muted_id}"


def unblocked(viewer: Any, member_field: str) -> Q:
    """Return the condition that no block stands between the viewer and the member that a column names.

    For the `visible_to` of other apps: `rows.filter(unblocked(viewer, "author_id"))`. Guests meet no blocks.
    """
    if viewer is None or viewer.pk is None:
        return Q()
    return Q(
        ~Exists(Block.objects.filter(blocker_id=viewer.pk, blocked_id=OuterRef(member_field))),
        ~Exists(Block.objects.filter(blocker_id=OuterRef(member_field), blocked_id=viewer.pk)),
    )
