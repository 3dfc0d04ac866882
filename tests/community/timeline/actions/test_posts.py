"""Publishing, editing, deleting and bringing back a post."""

from datetime import timedelta
from typing import Any

import pytest

from guildry.community.timeline import actions, queries
from guildry.community.timeline.events import PostDeleted, PostEdited, PostPublished, PostRestored
from guildry.community.timeline.models import (
    Draft,
    Hashtag,
    LinkPreview,
    Mention,
    Post,
    PostHashtag,
    PostImage,
    PostRevision,
)
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan
from guildry.kernel import clock, errors
from guildry.kernel.bus import Fact
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.files.actions import receive_upload
from tests.factories import timeline as make

XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='https://x' onclick='alert(1)'>x</a>",
    "![x](https://tracker.example/pixel.gif)",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "`</code><script>alert(1)</script>`",
    "#<script>alert(1)</script> @<b>",
    '[x](https://example.org" onmouseover="alert(1))',
    "<iframe src=//evil.example></iframe>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "jav\u202eascript:alert(1)",
]


def later(**delta: float) -> Any:
    return clock.at(clock.now() + timedelta(**delta))


def test_a_published_post_is_there_for_everybody(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish(ada, "Hello **all**")

    assert queries.post_card(ben, post.pk).html == "<p>Hello <strong>all</strong></p>\n"
    assert facts == [PostPublished(post.pk, ada.pk, "everyone", None)]


@pytest.mark.parametrize("body", XSS)
def test_hostile_text_becomes_harmless(ada: Member, body: str) -> None:
    html = make.publish(ada, f"Hi {body}").html.lower()

    tags = {part.split(">")[0].strip("/").split(" ")[0] for part in html.split("<")[1:]}
    assert tags <= {"p", "a", "code", "br", "strong", "em"}
    for attribute in ("onerror=", "onclick=", "onload=", "onmouseover=", "style="):
        assert not any(attribute in part.split(">")[0] for part in html.split("<")[1:])
    assert 'href="javascript:' not in html
    assert 'href="data:' not in html


def test_a_refused_post_changes_nothing(ada: Member, facts: list[Fact]) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        make.publish(ada, "", poll=PollPlan("", ("a",)))

    assert [error.field for error in refusal.value.errors] == ["poll_question", "poll_options"]
    assert not Post.objects.exists()
    assert facts == []


def test_hashtags_and_mentions_are_recorded(ada: Member, ben: Member) -> None:
    post = make.publish(ada, "With @ben and @nobody about #Oak and #oak and #1")

    assert list(Hashtag.objects.values_list("name", flat=True)) == ["oak"]
    assert list(Mention.objects.values_list("post", "comment", "member")) == [(post.pk, None, ben.pk)]


def test_a_hashtag_two_posts_share_is_one(ada: Member, ben: Member) -> None:
    make.publish(ada, "#oak")
    make.publish(ben, "#Oak #ash")

    assert sorted(Hashtag.objects.values_list("name", flat=True)) == ["ash", "oak"]
    assert PostHashtag.objects.count() == 3


def test_a_member_writes_only_for_organisations_they_belong_to(ada: Member, ben: Member) -> None:
    fern = make.organisation("fern", ben)

    with pytest.raises(actions.NotInOrganisation):
        make.publish(ada, audience=Audience.ORGANISATION, organisation_id=fern.pk)

    assert not Post.objects.exists()


def test_pictures_keep_their_order_description_and_focus(ada: Member) -> None:
    keys = [
        receive_upload(ada, use="timeline.image", file=make.picture(f"{name}.png")).key
        for name in ("one", "two")
    ]
    pictures = (Picture(keys[1], " Second ", 10, 20), Picture(keys[0]))

    post = make.publish(ada, "", pictures=pictures)

    shown = PostImage.objects.order_by("position").values_list("key", "description", "focus_x", "focus_y")
    assert list(shown) == [(keys[1], "Second", 10, 20), (keys[0], "", 50, 50)]
    assert post.image_count == 2


def test_a_picture_must_be_there_and_one_s_own(ada: Member, ben: Member) -> None:
    theirs = receive_upload(ben, use="timeline.image", file=make.picture()).key

    for key in (theirs, "0" * 32):
        with pytest.raises(actions.PictureMissing) as refusal:
            make.publish(ada, pictures=(Picture(key),))
        assert refusal.value.errors[0].field == "pictures"

    assert not Post.objects.exists()


def test_a_poll_opens_with_its_post(ada: Member) -> None:
    post = make.publish_poll(ada, "One ", "Two", "Three", days=7)

    assert [option.text for option in post.poll.options.order_by("position")] == ["One", "Two", "Three"]
    assert post.poll.closes_at == post.published_at + timedelta(days=7)


def test_the_hourly_limit_stops_a_flood(ada: Member) -> None:
    for number in range(5):
        make.publish(ada, f"Post {number}")

    with pytest.raises(actions.TooFast) as refusal:
        make.publish(ada, "One too many")

    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after > 600
    assert Post.objects.count() == 5


def test_settled_members_have_a_larger_allowance(dan: Member) -> None:
    for number in range(20):
        make.publish(dan, f"Post {number}")

    with pytest.raises(actions.TooFast):
        make.publish(dan, "One too many")


def test_a_refused_post_costs_no_allowance(ada: Member) -> None:
    for _ in range(6):
        with pytest.raises(errors.Invalid):
            make.publish(ada, "")

    assert make.publish(ada).pk


def test_publishing_drops_the_draft_it_comes_from(ada: Member) -> None:
    draft = actions.save_draft(ada, composition=Composition("Begun"))

    actions.publish_post(ada, composition=Composition("Finished"), draft_id=draft.pk)

    assert not Draft.objects.exists()
    assert Post.objects.get().body == "Finished"


def test_a_draft_is_published_once(ada: Member) -> None:
    draft = actions.save_draft(ada, composition=Composition("Begun"))
    actions.publish_draft(ada, draft_id=draft.pk)

    with pytest.raises(queries.DraftNotFound):
        actions.publish_post(ada, composition=Composition("Again"), draft_id=draft.pk)

    assert Post.objects.count() == 1


# Editing


def test_an_edit_keeps_what_was_said(ada: Member, facts: list[Fact]) -> None:
    post = make.publish(ada, "First")
    edited = actions.edit_post(ada, post_id=post.pk, body="Second")

    assert (edited.body, edited.version, edited.edited_at is not None) == ("Second", 2, True)
    assert list(PostRevision.objects.values_list("version", "body")) == [(1, "First")]
    assert [version.html for version in queries.versions_of(None, post_id=post.pk)] == [
        "<p>Second</p>\n",
        "<p>First</p>\n",
    ]
    assert facts[1:] == [PostEdited(post.pk, ada.pk, 2, ())]


def test_a_second_edit_dates_the_first_one(ada: Member) -> None:
    post = make.publish(ada, "First")
    with later(minutes=5):
        second = actions.edit_post(ada, post_id=post.pk, body="Second")
    with later(minutes=9):
        actions.edit_post(ada, post_id=post.pk, body="Third")

    written = {version.version: version.written_at for version in queries.versions_of(None, post_id=post.pk)}
    assert (written[1], written[2]) == (post.published_at, second.edited_at)


def test_an_edit_tells_only_whom_it_newly_mentions(
    ada: Member, ben: Member, cleo: Member, facts: list[Fact]
) -> None:
    post = make.publish(ada, "With @ben")
    actions.edit_post(ada, post_id=post.pk, body="With @cleo and @ben about #oak")
    actions.edit_post(ada, post_id=post.pk, body="With @cleo")

    assert [fact.mentioned_ids for fact in facts if isinstance(fact, PostEdited)] == [(cleo.pk,), ()]
    assert list(Mention.objects.values_list("member", flat=True)) == [cleo.pk]
    assert not PostHashtag.objects.exists()


def test_saving_the_same_text_is_no_edit(ada: Member, facts: list[Fact]) -> None:
    post = make.publish(ada, "Same")

    assert actions.edit_post(ada, post_id=post.pk, body="Same ").version == 1
    assert len(facts) == 1


def test_a_new_link_drops_the_old_preview(ada: Member) -> None:
    post = make.publish(ada, "https://example.org/a")
    LinkPreview.objects.create(post=post, url="https://example.org/a", title="A")

    actions.edit_post(ada, post_id=post.pk, body="Look: https://example.org/a")
    assert LinkPreview.objects.exists()

    actions.edit_post(ada, post_id=post.pk, body="https://example.org/b")
    assert not LinkPreview.objects.exists()


@pytest.mark.parametrize(
    ("who", "minutes", "body", "version", "refusal"),
    [
        ("ben", 1, "Mine now", None, actions.NotYourPost),
        ("ada", 60, "Too late", None, actions.EditWindowClosed),
        ("ada", 1, " ", None, errors.Invalid),
        ("ada", 1, "x" * 5001, None, errors.Invalid),
        ("ada", 1, "Second", 7, actions.ChangedMeanwhile),
    ],
)
def test_a_refused_edit_changes_nothing(
    ada: Member, ben: Member, who: str, minutes: int, body: str, version: int | None, refusal: Any
) -> None:
    post = make.publish(ada, "First")

    with later(minutes=minutes), pytest.raises(refusal):
        actions.edit_post({"ada": ada, "ben": ben}[who], post_id=post.pk, body=body, expected_version=version)

    post.refresh_from_db()
    assert (post.body, post.version) == ("First", 1)
    assert not PostRevision.objects.exists()


def test_a_post_nobody_may_see_cannot_be_edited(ada: Member, ben: Member) -> None:
    post = make.publish(ada, audience=Audience.CONNECTIONS)

    with pytest.raises(queries.PostNotFound):
        actions.edit_post(ben, post_id=post.pk, body="Mine")


def test_words_beside_a_picture_may_be_taken_away(ada: Member) -> None:
    post = make.publish_with_picture(ada, "Words")

    assert actions.edit_post(ada, post_id=post.pk, body="").html == ""


# Deleting, restoring, withdrawing


def test_a_deleted_post_comes_back_within_a_minute(ada: Member, facts: list[Fact]) -> None:
    post = make.publish(ada)
    actions.delete_post(ada, post_id=post.pk)
    with pytest.raises(queries.PostNotFound):
        queries.post_card(ada, post.pk)

    with later(seconds=59):
        actions.restore_post(ada, post_id=post.pk)

    assert queries.post_card(ada, post.pk).id == post.pk
    assert facts[1:] == [PostDeleted(post.pk, ada.pk), PostRestored(post.pk, ada.pk)]


def test_after_a_minute_it_is_gone(ada: Member) -> None:
    post = make.publish(ada)
    actions.delete_post(ada, post_id=post.pk)

    with later(seconds=60), pytest.raises(actions.UndoWindowClosed):
        actions.restore_post(ada, post_id=post.pk)


def test_others_neither_delete_nor_restore(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    with pytest.raises(actions.NotYourPost):
        actions.delete_post(ben, post_id=post.pk)
    with pytest.raises(actions.NotYourPost):
        actions.withdraw_post(ben, post_id=post.pk)

    actions.delete_post(ada, post_id=post.pk)
    with pytest.raises(queries.PostNotFound):
        actions.restore_post(ben, post_id=post.pk)


def test_a_live_post_cannot_be_restored(ada: Member) -> None:
    with pytest.raises(queries.PostNotFound):
        actions.restore_post(ada, post_id=make.publish(ada).pk)


def test_a_deleted_repost_is_counted_no_longer_and_again_when_restored(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    bare = actions.repost(ben, post_id=post.pk)

    actions.delete_post(ben, post_id=bare.pk)
    assert queries.post_card(ben, post.pk).repost_count == 0
    assert not queries.post_card(ben, post.pk).is_reposted

    actions.restore_post(ben, post_id=bare.pk)
    assert queries.post_card(ben, post.pk).repost_count == 1
    assert queries.post_card(ben, post.pk).is_reposted


def test_a_bare_repost_is_not_restored_beside_a_newer_one(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    bare = actions.repost(ben, post_id=post.pk)
    actions.delete_post(ben, post_id=bare.pk)
    actions.repost(ben, post_id=post.pk)

    with pytest.raises(actions.AlreadyReposted):
        actions.restore_post(ben, post_id=bare.pk)

    assert queries.post_card(ben, post.pk).repost_count == 1


def test_a_withdrawn_post_is_a_draft_again_with_all_it_had(ada: Member) -> None:
    fern = make.organisation("fern", ada)
    key = receive_upload(ada, use="timeline.image", file=make.picture()).key
    composition = Composition(
        "Too early #oak",
        Audience.ORGANISATION,
        fern.pk,
        (Picture(key, "A bench", 20, 80),),
        PollPlan("Ready?", ("Yes", "No"), 7),
    )
    post = actions.publish_post(ada, composition=composition)

    draft = actions.withdraw_post(ada, post_id=post.pk)

    assert draft.composition == composition
    assert not Post.objects.visible_to(ada).exists()


def test_a_post_is_withdrawn_only_at_first(ada: Member) -> None:
    post = make.publish(ada)

    with later(seconds=60), pytest.raises(actions.UndoWindowClosed):
        actions.withdraw_post(ada, post_id=post.pk)

    assert not Draft.objects.exists()


def test_a_deleted_post_is_forgotten_once_it_cannot_come_back(ada: Member, ben: Member) -> None:
    old, fresh = make.publish_with_picture(ada, "Old #oak"), make.publish(ada, "Fresh")
    make.comment(ben, old)
    actions.edit_post(ada, post_id=old.pk, body="Older")
    actions.delete_post(ada, post_id=old.pk)
    with later(seconds=50):
        actions.delete_post(ada, post_id=fresh.pk)

    with later(seconds=70):
        assert actions.forget_deleted_posts(SYSTEM) == 1
        assert actions.forget_deleted_posts(SYSTEM) == 0

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.body, old.html, fresh.body) == ("", "", "Fresh")
    assert not PostImage.objects.exists()
    assert not PostRevision.objects.exists()
    assert not old.comments.exists()
