"""What a large made-up community wrote, and how it answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from guildry.community.timeline.models import (
    Comment,
    Hashtag,
    LinkPreview,
    Post,
    PostHashtag,
    Reaction,
    ReactionKind,
)
from guildry.community.timeline.queries import MAX_DEPTH, depth_of, fingerprint_of, path_below
from guildry.ops.seeds.actions.crowd_people import Crowd
from guildry.ops.seeds.actions.tables import Table
from guildry.ops.seeds.rules import Dice, words
from guildry.ops.seeds.rules.crowds import MOST_COMMENTS, MOST_REACTIONS

PORTION = 10_000
KINDS = (*[ReactionKind.LIKE.value] * 4, *(kind.value for kind in ReactionKind))


@dataclass
class Written:
    """One post as it is being made."""

    number: int
    author: int
    audience: str
    organisation: int | None
    at: datetime
    readers: list[int]


@dataclass
class Batch:
    """Rows of some posts and of everything that hangs on them."""

    posts: list[tuple[Any, ...]] = field(default_factory=list)
    reactions: list[tuple[Any, ...]] = field(default_factory=list)
    comments: list[tuple[Any, ...]] = field(default_factory=list)
    tagged: list[tuple[Any, ...]] = field(default_factory=list)
    previews: list[tuple[Any, ...]] = field(default_factory=list)


class Chronicle:
    """Writes posts in the order of their ids, a portion in each transaction."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.texts, self.answers = Dice("texts"), Dice("answers")
        self.links = [
            f'<a href="{reverse("timeline:hashtag", args=[tag])}" rel="tag">#{tag}</a>'
            for tag in words.HASHTAGS
        ]
        self.last_comment = 0

    def write(self) -> None:
        with transaction.atomic():
            self._add_hashtags()
        for first in range(1, self.crowd.plan.posts + 1, PORTION):
            batch = Batch()
            for number in range(first, min(first + PORTION, self.crowd.plan.posts + 1)):
                self._add_post(batch, self._drawn(number))
            with transaction.atomic():
                _store(batch)

    def _add_hashtags(self) -> None:
        began = Table.moment(self.crowd.began_at)
        Table(Hashtag, "id name fingerprint created_at").fill(
            (number, tag, fingerprint_of(tag), began) for number, tag in enumerate(words.HASHTAGS, 1)
        )

    def _drawn(self, number: int) -> Written:
        """Decide who writes for whom: nine of ten posts are for everybody."""
        crowd, dice = self.crowd, self.texts
        author, roll = crowd.drawn(dice), dice.chance()
        at = crowd.began_at + timedelta(seconds=crowd.plan.published_after(number))
        home = crowd.home.get(author)
        if roll < 0.07:
            return Written(number, author, "connections", None, at, crowd.contacts.get(author, []))
        if roll < 0.1 and home:
            return Written(number, author, "organisation", home, at, crowd.people[home])
        return Written(number, author, "everyone", None, at, crowd.ranks)

    def _add_post(self, batch: Batch, post: Written) -> None:
        body, html = self._text(batch, post)
        reactions = self._add_reactions(batch, post)
        comments = self._add_comments(batch, post)
        batch.posts.append(
            (
                post.number, post.author, body, html, post.audience, post.organisation, Table.moment(post.at),
                reactions, comments, comments,
            )
        )  # fmt: skip
        if self.texts.chance() < 0.08:
            address = f"https://example.org/pages/{post.number}"
            batch.previews.append(
                (post.number, address, "A page worth reading", "What it is about", "example.org")
            )

    def _text(self, batch: Batch, post: Written) -> tuple[str, str]:
        dice = self.texts
        body = " ".join(dice.one_of(words.SENTENCES) for _ in range(1 + dice.below(5)))
        chosen = {dice.popular(len(words.HASHTAGS)) for _ in range(dice.below(3))}
        batch.tagged.extend((1 + tag, post.number) for tag in chosen)
        plain = "".join(f" #{words.HASHTAGS[tag]}" for tag in chosen)
        linked = "".join(f" {self.links[tag]}" for tag in chosen)
        return body + plain, f"<p>{body}{linked}</p>\n"

    def _answering(self, post: Written, count: int) -> list[int]:
        """Return up to so many readers, whom no block keeps from the author."""
        dice, readers = self.answers, post.readers
        if not readers:
            return []
        drawn = (readers[dice.popular(len(readers))] for _ in range(count))
        return [one for one in drawn if not self.crowd.are_apart(one, post.author)]

    def _add_reactions(self, batch: Batch, post: Written) -> int:
        dice = self.answers
        members = dict.fromkeys(self._answering(post, dice.heavy(1.2, MOST_REACTIONS)))
        for member in members:
            after = dice.below(90_000)
            batch.reactions.append((post.number, member, dice.one_of(KINDS), self._later(post, after)))
        return len(members)

    def _add_comments(self, batch: Batch, post: Written) -> int:
        dice = self.answers
        authors = self._answering(post, dice.heavy(1.7, MOST_COMMENTS))
        waits = sorted(dice.below(90_000) for _ in authors)
        thread: list[list[Any]] = []
        for serial, (author, after) in enumerate(zip(authors, waits, strict=True), 1):
            above = dice.one_of(thread) if thread and dice.chance() < 0.4 else None
            if above and depth_of(above[3]) == MAX_DEPTH:
                above = None
            self.last_comment += 1
            writer = post.author if above and dice.chance() < 0.5 else author
            body = dice.one_of(words.COMMENTS)
            path = path_below(above[3] if above else "", serial)
            parent = above[0] if above else None
            if above:
                above[6] += 1
            thread.append(
                [
                    self.last_comment,
                    writer,
                    parent,
                    path,
                    body,
                    f"<p>{body}</p>\n",
                    0,
                    self._later(post, after),
                ]
            )
        batch.comments.extend((post.number, *comment) for comment in thread)
        return len(thread)

    def _later(self, post: Written, seconds: int) -> Any:
        return Table.moment(min(post.at + timedelta(seconds=seconds), self.crowd.now))


def _store(batch: Batch) -> None:
    Table(
        Post,
        "id author_id body html audience organisation_id published_at reaction_count comment_count comment_serial",
    ).fill(batch.posts)
    Table(LinkPreview, "post_id url title description site").fill(batch.previews)
    Table(PostHashtag, "hashtag_id post_id").fill(batch.tagged)
    Table(Reaction, "post_id member_id kind reacted_at").fill(batch.reactions)
    Table(Comment, "post_id id author_id parent_id path body html reply_count created_at").fill(
        batch.comments
    )
