"""What the command palette finds on the Timeline."""

import pytest

from guildry.community.timeline import queries
from guildry.community.timeline.views import palette
from guildry.people.accounts.models import Member
from tests.factories import timeline as make

pytestmark = pytest.mark.django_db


def test_posts_are_found_by_their_words_newest_first(ada: Member, ben: Member) -> None:
    older = make.publish(ada, "A plane makes shavings")
    newer = make.publish(ada, "More shavings today")
    make.publish(ada, "A saw makes dust")

    assert [card.id for card in queries.posts_containing(ben, "shavings")] == [newer.pk, older.pk]


def test_posts_of_somebody_who_blocked_the_viewer_are_not_found(ada: Member, ben: Member) -> None:
    make.publish(ada, "A plane makes shavings")
    make.block(ada, ben)

    assert queries.posts_containing(ben, "shavings") == []


def test_a_guest_finds_posts_with_their_address_and_writer(ada: Member) -> None:
    post = make.publish(ada, "A plane makes shavings")

    (found,) = palette.posts(None, "shavings", 5)

    assert (found.label, found.url, found.detail) == (
        "A plane makes shavings",
        f"/timeline/posts/{post.pk}/",
        ada.name,
    )


def test_hashtags_are_found_by_their_beginning_with_or_without_the_sign(ada: Member) -> None:
    make.publish(ada, "About #joinery and #joints and #paint")

    assert [found.label for found in palette.hashtags(None, "#join", 5)] == ["#joinery", "#joints"]
    assert palette.hashtags(None, "pai", 5)[0].url == "/timeline/hashtags/paint/"
