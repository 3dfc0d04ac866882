"""What members do most costs a fixed number of queries, however much is there already."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from guildry.community.timeline import actions
from guildry.community.timeline.models import Post
from guildry.community.timeline.rules import Composition, ReactionKind
from guildry.people.accounts.models import Member
from guildry.people.network import actions as network
from tests.factories.people import make_member

Budget = Callable[[int], AbstractContextManager[object]]
pytestmark = pytest.mark.django_db
TEXT = "We finished the bridge with @ben #timber #craft"


@pytest.fixture
def post(ada: Member, ben: Member) -> Post:
    return actions.publish_post(ada, composition=Composition(TEXT))


@pytest.mark.parametrize("already", [0, 3])
def test_publishing(ada: Member, ben: Member, django_assert_num_queries: Budget, already: int) -> None:
    for number in range(already):
        actions.publish_post(ada, composition=Composition(f"{TEXT} #more{number}"))

    with django_assert_num_queries(9):
        actions.publish_post(ada, composition=Composition(TEXT))


@pytest.mark.parametrize("already", [0, 3])
def test_commenting(ben: Member, post: Post, django_assert_num_queries: Budget, already: int) -> None:
    for _ in range(already):
        actions.comment_on_post(ben, post_id=post.pk, body="It is lovely.")

    with django_assert_num_queries(7):
        actions.comment_on_post(ben, post_id=post.pk, body="It is lovely.")


@pytest.mark.parametrize("already", [0, 3])
def test_reacting(ben: Member, post: Post, django_assert_num_queries: Budget, already: int) -> None:
    for number in range(already):
        actions.react(make_member(f"reader{number}"), post_id=post.pk, kind=ReactionKind.LIKE)

    with django_assert_num_queries(8):
        actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)


@pytest.mark.parametrize("already", [0, 3])
def test_following(ada: Member, ben: Member, django_assert_num_queries: Budget, already: int) -> None:
    for number in range(already):
        network.follow_member(ada, member_id=make_member(f"writer{number}").pk)

    with django_assert_num_queries(7):
        network.follow_member(ada, member_id=ben.pk)


@pytest.mark.parametrize("already", [0, 3])
def test_asking_for_a_connection(
    ada: Member, ben: Member, django_assert_num_queries: Budget, already: int
) -> None:
    for number in range(already):
        network.request_connection(ada, member_id=make_member(f"colleague{number}").pk, note="")

    with django_assert_num_queries(7):
        network.request_connection(ada, member_id=ben.pk, note="Shall we?")
