"""Letting the written posts and all that follows them happen, each at its moment."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from guildry.community.timeline import actions
from guildry.community.timeline.actions.posts import IMAGE_USE
from guildry.community.timeline.models import Post
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan, ReactionKind
from guildry.community.timeline.seeds import story
from guildry.community.timeline.seeds.gallery import Gallery
from guildry.community.timeline.seeds.story import Line, Told
from guildry.kernel import clock, errors
from guildry.kernel.seeding import Act, World, dice_for
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import members_by_handle
from guildry.people.organisations.models import Organisation
from guildry.platform.files.actions import Inspected, inspect_upload, keep_upload
from guildry.ui import paintings

KINDS = (
    [ReactionKind.LIKE] * 6
    + [ReactionKind.INSIGHTFUL] * 3
    + [ReactionKind.CELEBRATE] * 2
    + [ReactionKind.SUPPORT]
)

# Pictures that visitors see first are as sharp as a good screen; painting all of them so would keep the doors shut.
NEW = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """Something that happens at a time; `place` orders what happens at the same one."""

    at: datetime
    place: int
    act: Act

    def happen(self) -> None:
        with clock.telling(self.at):
            self.act()


class Teller:
    """Knows the story and who takes part; posts go by their number in the order of time."""

    def __init__(self, world: World) -> None:
        self.now = world.now
        self.posts = story.told(world.now, dice_for("timeline"))
        found = members_by_handle(person.handle for person in world.cast)
        self.people = {person.handle: found[person.handle] for person in world.cast if person.handle in found}
        self.groups = {group.handle: group for group in Organisation.objects.all()}
        with_pictures = (number for number, post in enumerate(self.posts) if post.picture)
        self.gallery = Gallery({number: partial(self._painted, number) for number in with_pictures})

    def numbers(self) -> list[int]:
        """Return the numbers of the posts, newest first."""
        return list(reversed(range(len(self.posts))))

    def publications(self) -> list[Act]:
        """Return all posts, edits and reposts in the order of time."""
        moments = [moment for number in range(len(self.posts)) for moment in self._published(number)]
        return [moment.happen for moment in _in_order(moments, self.now)]

    def answer(self, number: int) -> None:
        """Let everything that answers one post happen, in the order of time."""
        post, dice = self.posts[number], dice_for(f"timeline:{number}")
        published = Post.objects.get(author=self.people[post.by], published_at=post.at)
        moments = [
            *self._reactions(post, published, dice),
            *self._votes(post, published, dice),
            *self._thread(post, published, dice),
        ]
        for moment in _in_order(moments, self.now):
            # Who was blocked meanwhile, or finds the post gone, has nothing to say about it.
            with suppress(errors.NotFound):
                moment.happen()

    def keep(self, handle: str, number: int) -> None:
        """Let somebody keep a post for later, unless it is their own."""
        post = self.posts[number]
        if post.by != handle:
            actions.save_post(self.people[handle], post_id=self._id_of(post))

    def _published(self, number: int) -> list[Moment]:
        post = self.posts[number]
        moments = [Moment(post.at, number, partial(self._publish, number))]
        if post.edited:
            moments.append(Moment(post.at + timedelta(minutes=9), number, partial(self._edit, post)))
        for at, handle, note in reposts_of(post, number, self.now):
            moments.append(Moment(at, number, partial(self._pass_on, post, handle, note)))
        return moments

    def _publish(self, number: int) -> None:
        post = self.posts[number]
        audience, _, group = post.to.partition(":")
        composition = Composition(
            body=post.text,
            audience=Audience(audience),
            organisation_id=self.groups[group].pk if group else None,
            pictures=self._pictures(number),
            poll=PollPlan(post.poll[0], post.poll[1:], days=7) if post.poll else None,
        )
        actions.publish_post(self.people[post.by], composition=composition)

    def _pictures(self, number: int) -> tuple[Picture, ...]:
        post = self.posts[number]
        if post.picture is None:
            return ()
        _, description = post.picture
        inspected = self.gallery.take(number)
        stored = keep_upload(self.people[post.by], inspected=inspected, alt=description)
        return (Picture(stored.key, description),)

    def _painted(self, number: int) -> Inspected:
        post = self.posts[number]
        assert post.picture
        is_new = post.at > self.now - NEW
        dice = dice_for(f"timeline:picture:{number}")
        file = paintings.painted(post.picture[0], dice, "large" if is_new else "small")
        return inspect_upload(self.people[post.by], use=IMAGE_USE, file=file)

    def _edit(self, post: Told) -> None:
        actions.edit_post(self.people[post.by], post_id=self._id_of(post), body=post.edited)

    def _pass_on(self, post: Told, handle: str, note: str) -> None:
        actions.repost(self.people[handle], post_id=self._id_of(post), note=note)

    def _id_of(self, post: Told) -> int:
        found: int = Post.objects.values_list("pk", flat=True).get(
            author=self.people[post.by], published_at=post.at
        )
        return found

    def _reactions(self, post: Told, published: Post, dice: Random) -> list[Moment]:
        moments = []
        for place, member in enumerate(self._readers(post, dice, round(dice.triangular(2, 24, 6)))):
            act = partial(actions.react, member, post_id=published.pk, kind=dice.choice(KINDS))
            moments.append(Moment(post.at + timedelta(minutes=1 + dice.expovariate(1 / 150)), place, act))
        return moments

    def _votes(self, post: Told, published: Post, dice: Random) -> list[Moment]:
        if not post.poll:
            return []
        moments = []
        options = list(published.poll.options.order_by("position").values_list("pk", flat=True))
        for place, member in enumerate(self._readers(post, dice, 40)):
            chosen = dice.choice([*options, options[0]])
            act = partial(actions.vote, member, post_id=published.pk, option_id=chosen)
            moments.append(Moment(post.at + timedelta(minutes=1 + dice.expovariate(1 / 120)), place, act))
        return moments

    def _thread(self, post: Told, published: Post, dice: Random) -> list[Moment]:
        """Let a thread unfold: each line answers the last one above its depth."""
        last: dict[int, int] = {}
        moments, at = [], post.at
        for place, line in enumerate(post.replies):
            at += timedelta(minutes=1 + dice.expovariate(1 / 40))
            moments.append(Moment(at, place, partial(self._comment, published.pk, line, last)))
        return moments

    def _comment(self, post_id: int, line: Line, last: dict[int, int]) -> None:
        comment = actions.comment_on_post(
            self.people[line.handle], post_id=post_id, body=line.text, parent_id=last.get(line.depth - 1)
        )
        last[line.depth] = comment.pk

    def _readers(self, post: Told, dice: Random, most: int) -> list[Member]:
        """Choose who reads a post: anybody, or for a smaller audience those who answer it."""
        if post.to == Audience.EVERYONE:
            handles = [handle for handle in self.people if handle != post.by]
        else:
            handles = sorted({line.handle for line in post.replies} - {post.by})
        return [self.people[handle] for handle in dice.sample(handles, min(most, len(handles)))]


def reposts_of(post: Told, number: int, now: datetime) -> list[tuple[datetime, str, str]]:
    """Return when and by whom a post was passed on by now, and with which words."""
    dice = dice_for(f"timeline:reposts:{number}")
    found = []
    for handle, note in post.reposts:
        at = post.at + timedelta(minutes=dice.triangular(30, 5000, 400))
        if (note or dice.random() < story.BARE_REPOSTS) and at < now:
            found.append((at, handle, note))
    return found


def _in_order(moments: Sequence[Moment], now: datetime) -> list[Moment]:
    """Return what has happened by now, in the order of time."""
    return sorted(
        (moment for moment in moments if moment.at < now), key=lambda moment: (moment.at, moment.place)
    )
