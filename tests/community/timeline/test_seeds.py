"""The demo community: enough of it, true to its words, and the same every time."""

from collections import Counter
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from guildry.community.timeline import queries, seeds
from guildry.community.timeline.models import Comment, Draft, Post, PostImage, Reaction
from guildry.community.timeline.seeds import story
from guildry.community.timeline.seeds.gallery import Gallery
from guildry.kernel import clock
from guildry.kernel.seeding import Guild, Person, World, dice_for
from guildry.people.accounts.queries import member_by_handle
from tests.factories import timeline as make
from tests.factories.people import make_member


def world() -> World:
    """A world with everybody the corpus names."""
    corpus = story.told(clock.now(), dice_for("timeline"))
    handles = {post.by for post in corpus}
    groups = {post.to.partition(":")[2] for post in corpus} - {""}
    for handle in handles:
        make_member(handle, created_at=clock.now() - timedelta(days=90))
    belongs = {handle: [p.by for p in corpus if p.to.endswith(f":{handle}")] for handle in groups}
    for handle in groups:
        make.organisation(handle, *map(member_by_handle, set(belongs[handle])))
    person = {"name": "", "headline": "", "story": "", "place": "", "time_zone": "UTC"}
    guild = {"name": "", "kind": "", "tagline": "", "story": "", "place": "", "people": ()}
    return World(
        now=clock.now(),
        cast=tuple(Person(handle, **person) for handle in sorted(handles)),
        guilds=tuple(Guild(handle, **guild) for handle in sorted(groups)),
    )


@pytest.mark.django_db
def test_the_community_has_been_talking_for_sixty_days_and_counted_right() -> None:
    told = world()

    for step in [*seeds.steps(told), *seeds.later_steps(told)]:
        step()

    live = Post.objects.live()
    assert live.count() >= 300
    assert live.exclude(body="").values("body").distinct().count() >= 250
    assert live.order_by("pk").first().published_at < told.now - timedelta(days=59)
    assert list(live.order_by("pk").values_list("pk")) == list(
        live.order_by("published_at").values_list("pk")
    )
    assert Comment.objects.count() > 350
    assert Reaction.objects.count() > 900
    assert PostImage.objects.exclude(description="").count() >= 25
    assert Draft.objects.exclude(scheduled_for=None).count() == 5
    assert queries.talked_about()
    for post in live.prefetch_related("reactions", "comments", "reposts"):
        counts = (post.reaction_count, post.comment_count, post.repost_count)
        assert counts == (post.reactions.count(), post.comments.count(), post.reposts.count())


def test_nobody_says_the_same_twice() -> None:
    texts = Counter(post.text for post in story.told(clock.now(), dice_for("timeline")))

    assert len(texts) >= 120
    assert set(texts.values()) == {1}


def test_the_same_dice_tell_the_same_story() -> None:
    now = clock.now()

    assert story.told(now, Random(3)) == story.told(now, Random(3))


def test_pictures_are_begun_a_few_ahead_wherever_the_telling_begins_again() -> None:
    begun: list[int] = []

    def paint(number: int) -> int:
        begun.append(number)
        return number * 100

    gallery = Gallery({number: partial(paint, number) for number in range(0, 60, 3)})

    assert [gallery.take(number) for number in (30, 33)] == [3000, 3300]
    assert [gallery.take(number) for number in range(36, 60, 3)] == [
        number * 100 for number in range(36, 60, 3)
    ]
    assert begun == list(range(30, 60, 3))
