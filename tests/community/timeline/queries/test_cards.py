"""What a reader gets to see of a post."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guildry.community.timeline import actions, queries
from guildry.community.timeline.models import LinkPreview, Post
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel import clock
from guildry.kernel.compiled import REGISTERED, CompiledQuery
from guildry.people.accounts.models import Member
from tests.factories import timeline as make

COMPILED = [query for name, query in REGISTERED.items() if name.startswith("timeline.")]


@pytest.mark.parametrize("query", COMPILED, ids=lambda query: query.name)
@pytest.mark.parametrize("filled", [True, False])
def test_a_compiled_query_finds_what_its_queryset_finds(
    ada: Member, dan: Member, query: CompiledQuery, filled: bool
) -> None:
    make.connect(ada, dan)
    poll = make.publish_poll(dan)
    make.publish_with_picture(dan)
    actions.react(ada, post_id=poll.pk, kind=ReactionKind.LIKE)
    every = list(Post.objects.values_list("pk", flat=True))
    lists = {"authors": [dan.pk], "members": [ada.pk], "posts": every, "hashtags": [1]}
    numbers = {
        "viewer": ada.pk,
        "before": 2**63 - 1,
        "boundary": 2**63 - 1,
        "floor": 0,
        "first": 0,
        "last": 10**9,
        "post": poll.pk,
    }
    values = {
        name: (lists[name] if filled else []) if isinstance(kind, int) else numbers[name]
        for name, kind in query.kinds.items()
    }

    assert [tuple(row) for row in query(**values)] == list(query.queryset(**values))


def test_a_card_says_what_the_viewer_did(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    actions.react(ben, post_id=post.pk, kind=ReactionKind.SUPPORT)
    actions.save_post(ben, post_id=post.pk)
    actions.repost(ben, post_id=post.pk)

    mine, theirs = queries.post_card(ben, post.pk), queries.post_card(ada, post.pk)

    assert (mine.my_reaction, mine.is_saved, mine.is_reposted, mine.is_mine) == ("support", True, True, False)
    assert (theirs.my_reaction, theirs.is_saved, theirs.is_reposted, theirs.is_mine) == (
        "",
        False,
        False,
        True,
    )
    assert (mine.reaction_count, mine.repost_count) == (1, 1)
    assert mine.reaction is ReactionKind.SUPPORT
    assert theirs.reaction is None


def test_a_guest_and_a_stranger_get_the_same_card(ada: Member, ben: Member) -> None:
    post = make.publish(ada)

    assert queries.post_card(None, post.pk) == queries.post_card(ben, post.pk)


def test_cards_come_in_the_order_asked_for_without_the_unseen(ada: Member, ben: Member) -> None:
    one, two = make.publish(ada), make.publish(ada)
    hidden = make.publish(ada, audience=Audience.CONNECTIONS)

    assert [card.id for card in queries.cards(ben, [two.pk, hidden.pk, one.pk])] == [two.pk, one.pk]
    assert queries.cards(ben, []) == []


def test_a_bare_repost_is_shown_as_what_it_passes_on(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    bare, noted = actions.repost(ben, post_id=post.pk), actions.repost(ben, post_id=post.pk, note="Read this")

    assert queries.post_card(None, bare.pk).shown.id == post.pk
    assert queries.post_card(None, noted.pk).shown.id == noted.pk
    assert queries.post_card(None, noted.pk).original == queries.post_card(None, post.pk)


def test_a_repost_of_what_is_gone_says_so(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    bare = actions.repost(ben, post_id=post.pk)
    actions.delete_post(ada, post_id=post.pk)

    card = queries.post_card(None, bare.pk)

    assert (card.is_repost, card.original, card.shown) == (True, None, card)


def test_a_picture_comes_with_addresses_of_two_widths(ada: Member) -> None:
    post = make.publish_with_picture(ada, description="A workbench")

    (image,) = queries.post_card(None, post.pk).images

    assert (image.description, image.width, image.height, image.focus_x) == ("A workbench", 64, 48, 30)
    assert "w=640" in image.small
    assert "w=1280" in image.large


def test_a_preview_shows_our_copy_of_the_picture(ada: Member) -> None:
    post = make.publish(ada, "https://example.org")
    LinkPreview.objects.create(post=post, url="https://example.org", title="Example", image="k" * 32)

    preview = queries.post_card(None, post.pk).preview

    assert preview is not None
    assert preview.image.startswith("/files/" + "k" * 32)


def test_a_preview_without_picture_has_none(ada: Member) -> None:
    post = make.publish(ada, "https://example.org")
    LinkPreview.objects.create(post=post, url="https://example.org", title="Example")

    preview = queries.post_card(None, post.pk).preview

    assert preview is not None
    assert preview.image == ""


@pytest.mark.parametrize(
    ("who", "days", "known"),
    [("guest", 0, False), ("author", 0, True), ("voter", 0, True), ("guest", 4, True)],
)
def test_results_show_to_author_and_voters_and_to_all_in_the_end(
    ada: Member, ben: Member, who: str, days: int, known: bool
) -> None:
    post = make.publish_poll(ada, days=3)
    first = post.poll.options.order_by("position")[0]
    actions.vote(ben, post_id=post.pk, option_id=first.pk)
    viewer = {"guest": None, "author": ada, "voter": ben}[who]

    with clock.at(clock.now() + timedelta(days=days)):
        poll: Any = queries.post_card(viewer, post.pk).poll

    assert poll.shows_results is known
    assert [option.vote_count for option in poll.options] == ([1, 0] if known else [None, None])
    assert poll.is_open is (days < 3)


def test_a_card_may_be_edited_by_its_author_for_an_hour(ada: Member, ben: Member) -> None:
    post = make.publish(ada)

    assert queries.post_card(ada, post.pk).may_edit
    assert not queries.post_card(ben, post.pk).may_edit
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert not queries.post_card(ada, post.pk).may_edit


def test_a_card_without_words_still_has_a_summary(ada: Member) -> None:
    post = make.publish_with_picture(ada, "")

    assert queries.post_card(None, post.pk).summary == "A post without words"


def test_a_card_is_told_whom_it_is_for(ada: Member) -> None:
    fern = make.organisation("fern", ada)
    post = make.publish(ada, audience=Audience.ORGANISATION, organisation_id=fern.pk)

    card = queries.post_card(ada, post.pk)

    assert card.readers is Audience.ORGANISATION
    assert msgspec.to_builtins(card.organisation) == {"id": fern.pk, "handle": "fern", "name": "Fern"}
    assert not card.may_be_reposted


def test_a_post_not_for_the_viewer_is_not_found(ada: Member, ben: Member) -> None:
    post = make.publish(ada, audience=Audience.CONNECTIONS)

    with pytest.raises(queries.PostNotFound):
        queries.post_card(ben, post.pk)
    with pytest.raises(queries.PostNotFound):
        queries.post_for(None, post.pk)
