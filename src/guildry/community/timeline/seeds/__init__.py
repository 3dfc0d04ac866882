"""The demo community talking: posts, threads, reactions and drafts, told in the order of time."""

import heapq
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.db import transaction

from guildry.community.timeline import actions
from guildry.community.timeline.actions.posts import IMAGE_USE
from guildry.community.timeline.models import Post
from guildry.community.timeline.queries import hashtag_named
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan, ReactionKind
from guildry.community.timeline.seeds import pictures, story
from guildry.community.timeline.seeds.story import Line, Told
from guildry.kernel import clock, errors
from guildry.kernel.seeding import World
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import member_by_handle
from guildry.people.organisations.models import Organisation
from guildry.platform.files.actions import receive_upload

KINDS = (
    [ReactionKind.LIKE] * 6
    + [ReactionKind.INSIGHTFUL] * 3
    + [ReactionKind.CELEBRATE] * 2
    + [ReactionKind.SUPPORT]
)
INTERESTS = ("pricing", "accessibility", "cooperatives", "mentoring", "work", "data", "timber", "translation")


def load(world: World) -> None:
    """Tell sixty days of the Timeline; all of it or nothing, so that a second start begins at the beginning."""
    found = [member_by_handle(person.handle) for person in world.cast]
    people = {member.handle: member for member in found if member}
    groups = {guild.handle: Organisation.objects.get(handle=guild.handle) for guild in world.guilds}
    with transaction.atomic():
        teller = Teller(world.now, world.dice, people, groups)
        for post in story.told(world.now, world.dice):
            teller.tell(post)
        teller.finish()
        _keep_drafts(world, people)
        _choose_interests(world, list(people.values()))


class Teller:
    """Lets things happen in the order of time: what follows a post waits until its moment has come."""

    def __init__(
        self, now: datetime, dice: Random, people: dict[str, Member], groups: dict[str, Organisation]
    ) -> None:
        self.now, self.dice, self.people, self.groups = now, dice, people, groups
        self.waiting: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.count = 0

    def tell(self, post: Told) -> None:
        self._catch_up(post.at)
        with clock.at(post.at):
            published = actions.publish_post(self.people[post.by], composition=self._composition(post))
        self._react(post, published)
        self._discuss(post, published)
        self._pass_on(post, published)
        if post.edited:
            author, moment = self.people[post.by], post.at + timedelta(minutes=9)
            self._later(moment, partial(actions.edit_post, author, post_id=published.pk, body=post.edited))

    def finish(self) -> None:
        self._catch_up(self.now)

    def _later(self, moment: datetime, act: Callable[[], Any]) -> None:
        """Have something happen, or leave it out when it would only happen after today."""
        if moment < self.now:
            self.count += 1
            heapq.heappush(self.waiting, (moment, self.count, act))

    def _catch_up(self, moment: datetime) -> None:
        while self.waiting and self.waiting[0][0] <= moment:
            at, _, act = heapq.heappop(self.waiting)
            # Whoever may not read a post by then, because somebody blocked somebody, has nothing to say about it.
            with clock.at(at), suppress(errors.NotFound):
                act()

    def _composition(self, post: Told) -> Composition:
        audience, _, group = post.to.partition(":")
        return Composition(
            body=post.text,
            audience=Audience(audience),
            organisation_id=self.groups[group].pk if group else None,
            pictures=self._pictures(post),
            poll=PollPlan(post.poll[0], post.poll[1:], days=7) if post.poll else None,
        )

    def _pictures(self, post: Told) -> tuple[Picture, ...]:
        if post.picture is None:
            return ()
        pattern, description = post.picture
        file = pictures.drawn(pattern, self.dice)
        stored = receive_upload(self.people[post.by], use=IMAGE_USE, file=file, alt=description)
        return (Picture(stored.key, description),)

    def _readers(self, post: Told, most: int) -> list[Member]:
        """Choose who reads a post: anybody, or for a smaller audience those who answer it."""
        if post.to == Audience.EVERYONE:
            handles = [handle for handle in self.people if handle != post.by]
        else:
            handles = sorted({line.handle for line in post.replies} - {post.by})
        return [self.people[handle] for handle in self.dice.sample(handles, min(most, len(handles)))]

    def _react(self, post: Told, published: Post) -> None:
        for member in self._readers(post, round(self.dice.triangular(1, 18, 3))):
            kind = self.dice.choice(KINDS)
            moment = post.at + timedelta(minutes=self.dice.triangular(2, 3000, 90))
            self._later(moment, partial(actions.react, member, post_id=published.pk, kind=kind))
        if post.poll:
            options = [option.pk for option in published.poll.options.order_by("position")]
            for member in self._readers(post, 40):
                chosen = self.dice.choice([*options, options[0]])
                moment = post.at + timedelta(minutes=self.dice.triangular(2, 9000, 300))
                self._later(moment, partial(actions.vote, member, post_id=published.pk, option_id=chosen))

    def _discuss(self, post: Told, published: Post) -> None:
        """Let a thread unfold: each line answers the last one above its depth."""
        last: dict[int, int] = {}
        moment = post.at
        for line in post.replies:
            moment += timedelta(minutes=self.dice.triangular(3, 400, 40))
            self._later(moment, partial(self._answer, published.pk, line, last))

    def _answer(self, post_id: int, line: Line, last: dict[int, int]) -> None:
        comment = actions.comment_on_post(
            self.people[line.handle], post_id=post_id, body=line.text, parent_id=last.get(line.depth - 1)
        )
        last[line.depth] = comment.pk

    def _pass_on(self, post: Told, published: Post) -> None:
        for handle, note in post.reposts:
            moment = post.at + timedelta(minutes=self.dice.triangular(30, 5000, 400))
            if note or self.dice.random() < story.BARE_REPOSTS:
                member = self.people[handle]
                self._later(moment, partial(actions.repost, member, post_id=published.pk, note=note))


def _keep_drafts(world: World, people: dict[str, Member]) -> None:
    with clock.at(world.now - timedelta(hours=3)):
        for pending in story.drafts():
            author = people[pending.by]
            draft = actions.save_draft(author, composition=Composition(pending.text))
            if pending.in_days:
                moment = (world.now + timedelta(days=pending.in_days)).replace(hour=8, minute=30)
                actions.schedule_draft(author, draft_id=draft.pk, moment=moment)


def _choose_interests(world: World, people: Iterable[Member]) -> None:
    for member in people:
        for name in world.dice.sample(INTERESTS, 2):
            actions.follow_hashtag(member, hashtag=hashtag_named(name))
