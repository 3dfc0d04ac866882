"""Comments and the threads they form."""

from datetime import timedelta
from typing import Any

import pytest

from guildry.community.timeline import actions, queries
from guildry.community.timeline.events import CommentDeleted, CommentEdited, CommentPosted
from guildry.community.timeline.models import Comment, Mention, Post
from guildry.community.timeline.rules import Audience
from guildry.kernel import clock, errors
from guildry.kernel.bus import Fact
from guildry.people.accounts.models import Member
from tests.factories import timeline as make


def thread(post: Post, viewer: Member | None = None) -> list[tuple[str, int]]:
    found = queries.comments_on(viewer, post_id=post.pk).items
    return [("" if card.is_deleted else card.html[3:-5], card.depth) for card in found]


def count(post: Post) -> int:
    return queries.post_card(None, post.pk).comment_count


def test_a_thread_reads_from_top_to_bottom(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    one = make.comment(ben, post, "one")
    make.comment(ada, post, "two")
    answer = make.comment(ada, post, "one.one", one)
    deep = make.comment(ben, post, "one.one.one", answer)
    make.comment(ada, post, "one.one.two", deep)
    make.comment(ben, post, "one.two", one)

    assert thread(post) == [
        ("one", 1),
        ("one.one", 2),
        ("one.one.one", 3),
        ("one.one.two", 3),
        ("one.two", 2),
        ("two", 1),
    ]
    assert count(post) == 6


def test_a_comment_is_told(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish(ada)
    one = make.comment(ben, post)
    two = make.comment(ada, post, parent=one)

    assert facts[1:] == [
        CommentPosted(one.pk, post.pk, ben.pk, None),
        CommentPosted(two.pk, post.pk, ada.pk, one.pk),
    ]


@pytest.mark.parametrize(("body", "parent"), [("", None), ("x" * 2001, None)])
def test_a_refused_comment_changes_nothing(ada: Member, body: str, parent: Comment | None) -> None:
    post = make.publish(ada)

    with pytest.raises(errors.Invalid):
        make.comment(ada, post, body, parent)

    assert count(post) == 0


def test_a_comment_needs_a_post_one_may_read(ada: Member, ben: Member) -> None:
    post = make.publish(ada, audience=Audience.CONNECTIONS)

    with pytest.raises(queries.PostNotFound):
        make.comment(ben, post)


def test_an_answer_stays_under_its_post(ada: Member) -> None:
    elsewhere = make.comment(ada, make.publish(ada))

    with pytest.raises(queries.CommentNotFound):
        make.comment(ada, make.publish(ada), parent=elsewhere)


def test_the_blocked_are_not_answered(ada: Member, ben: Member, cleo: Member) -> None:
    post = make.publish(ada)
    comment = make.comment(ben, post)
    make.block(ben, cleo)

    with pytest.raises(queries.CommentNotFound):
        make.comment(cleo, post, parent=comment)


def test_a_flood_of_comments_is_stopped(ada: Member) -> None:
    post = make.publish(ada)
    for _ in range(15):
        make.comment(ada, post)

    with pytest.raises(actions.TooFast):
        make.comment(ada, post)

    assert count(post) == 15


def test_an_edited_comment_says_so(ada: Member, ben: Member, cleo: Member, facts: list[Fact]) -> None:
    comment = make.comment(ben, make.publish(ada), "With @ada")

    edited = actions.edit_comment(ben, comment_id=comment.pk, body="With @ada and @cleo")

    assert edited.edited_at is not None
    assert facts[-1] == CommentEdited(comment.pk, comment.post_id, ben.pk, (cleo.pk,))


def test_the_same_words_are_no_edit(ada: Member, facts: list[Fact]) -> None:
    comment = make.comment(ada, make.publish(ada), "Same")

    assert actions.edit_comment(ada, comment_id=comment.pk, body="Same").edited_at is None
    assert len(facts) == 2


@pytest.mark.parametrize(
    ("who", "minutes", "body", "refusal"),
    [
        ("ada", 1, "Mine", actions.NotYourComment),
        ("ben", 60, "Late", actions.EditWindowClosed),
        ("ben", 1, "", errors.Invalid),
    ],
)
def test_a_refused_edit_leaves_the_comment(
    ada: Member, ben: Member, who: str, minutes: int, body: str, refusal: Any
) -> None:
    comment = make.comment(ben, make.publish(ada), "First")

    with clock.at(clock.now() + timedelta(minutes=minutes)), pytest.raises(refusal):
        actions.edit_comment({"ada": ada, "ben": ben}[who], comment_id=comment.pk, body=body)

    comment.refresh_from_db()
    assert comment.body == "First"


def test_a_deleted_comment_leaves_no_text_behind(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish(ada)
    comment = make.comment(ben, post, "Regrets, @ada")

    actions.delete_comment(ben, comment_id=comment.pk)

    comment.refresh_from_db()
    assert (comment.body, comment.html) == ("", "")
    assert not Mention.objects.exists()
    assert (thread(post), count(post)) == ([], 0)
    assert facts[-1] == CommentDeleted(comment.pk, post.pk, ben.pk)


def test_a_gap_stays_while_answers_hang_on_it(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    one = make.comment(ben, post, "one")
    two = make.comment(ada, post, "two", one)
    three = make.comment(ben, post, "three", two)

    actions.delete_comment(ben, comment_id=one.pk)
    actions.delete_comment(ada, comment_id=two.pk)
    assert thread(post) == [("", 1), ("", 2), ("three", 3)]

    actions.delete_comment(ben, comment_id=three.pk)
    assert thread(post) == []


def test_a_deleted_answer_leaves_its_question(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    one = make.comment(ben, post, "one")
    actions.delete_comment(ada, comment_id=make.comment(ada, post, "two", one).pk)

    assert thread(post) == [("one", 1)]


def test_hosts_tidy_their_posts_and_nobody_else_does(ada: Member, ben: Member, cleo: Member) -> None:
    post = make.publish(ada)
    comment = make.comment(ben, post)
    with pytest.raises(actions.NotYourComment):
        actions.delete_comment(cleo, comment_id=comment.pk)

    actions.delete_comment(ada, comment_id=comment.pk)

    assert count(post) == 0


def test_a_deleted_comment_cannot_be_deleted_again(ada: Member) -> None:
    post = make.publish(ada)
    comment = make.comment(ada, post)
    actions.delete_comment(ada, comment_id=comment.pk)

    with pytest.raises(queries.CommentNotFound):
        actions.delete_comment(ada, comment_id=comment.pk)

    assert count(post) == 0


def test_comments_of_the_suspended_are_gaps(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    make.comment(ada, post, "answer", make.comment(ben, post, "question"))
    make.comment(ben, post, "alone")
    Member.objects.filter(pk=ben.pk).update(is_active=False)

    assert thread(post) == [("", 1), ("answer", 2)]


def test_long_threads_come_in_pages(ada: Member) -> None:
    post = make.publish(ada)
    Comment.objects.bulk_create(
        Comment(post=post, author=ada, path=f"{n:06x}", body=str(n), html=str(n), created_at=clock.now())
        for n in range(1, 56)
    )

    first = queries.comments_on(ada, post_id=post.pk)
    second = queries.comments_on(ada, post_id=post.pk, cursor=first.next_cursor)

    assert [card.html for card in (*first.items, *second.items)] == [str(n) for n in range(1, 56)]
    assert second.next_cursor == ""


@pytest.mark.parametrize("comments", [1, 3])
def test_a_thread_costs_one_query_however_long(
    ada: Member, comments: int, django_assert_num_queries: Any
) -> None:
    post = make.publish(ada)
    for _ in range(comments):
        make.comment(ada, post)

    with django_assert_num_queries(1):
        queries.comments_on(ada, post_id=post.pk)
