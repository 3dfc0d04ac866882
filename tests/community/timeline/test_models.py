"""Who sees which post, and what the database itself refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from guildry.community.timeline import actions
from guildry.community.timeline.models import Comment, Draft, Post, PostImage
from guildry.community.timeline.rules import Audience
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.organisations.models import Membership, Organisation
from tests.factories import timeline as make

VIEWERS = ["guest", "author", "stranger", "connection", "colleague", "blocked", "blocker", "muter"]


@pytest.fixture
def fern(ada: Member, ben: Member) -> Organisation:
    return make.organisation("fern", ada)


@pytest.fixture
def viewer_as(ada: Member, ben: Member, fern: Organisation) -> Callable[[str], Member | None]:
    """Return Ben in a relation to Ada, who wrote everything."""

    def become(relation: str) -> Member | None:
        if relation == "guest":
            return None
        if relation == "author":
            return ada
        arrange = {
            "connection": lambda: make.connect(ben, ada),
            "colleague": lambda: Membership.objects.create(
                organisation=fern, member=ben, role="member", started_at=clock.now()
            ),
            "blocked": lambda: make.block(ada, ben),
            "blocker": lambda: make.block(ben, ada),
            "muter": lambda: make.mute(ben, ada),
        }
        arrange.get(relation, lambda: None)()
        return ben

    return become


@pytest.mark.parametrize("relation", VIEWERS)
@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("everyone", {"guest", "author", "stranger", "connection", "colleague", "muter"}),
        ("connections", {"author", "connection"}),
        ("organisation", {"author", "colleague"}),
    ],
)
def test_each_audience_reads_what_is_for_it(
    ada: Member, fern: Organisation, viewer_as: Any, relation: str, audience: str, readers: set[str]
) -> None:
    organisation_id = fern.pk if audience == "organisation" else None
    make.publish(ada, audience=Audience(audience), organisation_id=organisation_id)

    assert Post.objects.visible_to(viewer_as(relation)).exists() is (relation in readers)


@pytest.mark.parametrize("relation", VIEWERS)
def test_lists_leave_out_the_muted_and_nothing_else(ada: Member, viewer_as: Any, relation: str) -> None:
    make.publish(ada)
    viewer = viewer_as(relation)

    listed = Post.objects.listed_for(viewer).exists()

    assert listed is (Post.objects.visible_to(viewer).exists() and relation != "muter")


def test_a_former_colleague_reads_no_longer(ada: Member, ben: Member) -> None:
    fern = make.organisation("fern", ada, ben)
    make.publish(ada, audience=Audience.ORGANISATION, organisation_id=fern.pk)

    Membership.objects.filter(member=ben).update(is_current=None, ended_at=clock.now())

    assert not Post.objects.visible_to(ben).exists()


def test_a_declined_connection_reads_nothing(ada: Member, ben: Member) -> None:
    make.publish(ada, audience=Audience.CONNECTIONS)

    assert not Post.objects.visible_to(ben).exists()


def test_nobody_reads_the_deleted_or_the_suspended(ada: Member, ben: Member) -> None:
    actions.delete_post(ada, post_id=make.publish(ada).pk)
    make.publish(ben)
    Member.objects.filter(pk=ben.pk).update(is_active=False)

    assert not Post.objects.visible_to(ada).exists()
    assert not Post.objects.visible_to(None).exists()
    assert not Post.objects.visible_to(SYSTEM).exists()


def test_the_system_reads_every_live_post(ada: Member) -> None:
    make.publish(ada, audience=Audience.CONNECTIONS)

    assert Post.objects.visible_to(SYSTEM).count() == 1


def test_comments_by_the_blocked_are_hidden_both_ways(ada: Member, ben: Member, cleo: Member) -> None:
    make.comment(ben, make.publish(ada))
    make.block(cleo, ben)

    assert not Comment.objects.visible_to(cleo).exists()
    assert Comment.objects.visible_to(ada).count() == 1
    assert Comment.objects.visible_to(None).count() == 1
    assert Comment.objects.visible_to(SYSTEM).count() == 1


def test_drafts_are_seen_by_their_author_alone(ada: Member, ben: Member) -> None:
    actions.withdraw_post(ada, post_id=make.publish(ada).pk)

    assert Draft.objects.visible_to(ada).count() == 1
    assert not Draft.objects.visible_to(ben).exists()
    assert not Draft.objects.visible_to(None).exists()


def post_of(author: Member, **fields: Any) -> Post:
    return Post.objects.create(
        **{"author": author, "audience": "everyone", "published_at": clock.now(), **fields}
    )


@pytest.mark.parametrize(
    "fields",
    [{"audience": "organisation"}, {"reaction_count": -1}, {"is_repost": False, "repost_of": "itself"}],
)
def test_the_database_refuses_a_post_that_contradicts_itself(ada: Member, fields: dict[str, Any]) -> None:
    if fields.get("repost_of"):
        fields["repost_of"] = post_of(ada)

    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        post_of(ada, **fields)


def test_the_database_keeps_a_bare_repost_single(ada: Member) -> None:
    original = post_of(ada)
    post_of(ada, repost_of=original, is_repost=True, is_bare=True)
    post_of(ada, repost_of=original, is_repost=True, is_bare=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        post_of(ada, repost_of=original, is_repost=True, is_bare=True)


def test_the_database_keeps_the_focus_inside_the_picture(ada: Member) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PostImage.objects.create(post=post_of(ada), key="k", focus_x=101, width=1, height=1, position=0)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"body": "\nFirst line\nSecond"}, "First line"),
        ({"body": "", "poll": {"question": "When?"}}, "When?"),
        ({"body": "", "poll": None}, "Without words so far"),
    ],
)
def test_a_draft_is_called_by_what_it_begins_with(fields: dict[str, Any], title: str) -> None:
    assert Draft(**fields).title == title


@pytest.mark.django_db
def test_every_row_can_be_named_in_a_log(ada: Member, ben: Member) -> None:
    post = make.publish_poll(ada)
    comment = make.comment(ben, post)
    draft = actions.withdraw_post(ada, post_id=make.publish(ada).pk)

    assert [str(row) for row in (post, comment, draft, post.poll)] == [
        f"post {post.pk} by {ada.pk}",
        f"comment {comment.pk} on post {post.pk}",
        f"draft {draft.pk} of {ada.pk}",
        "Which evening?",
    ]
