"""Who is told of what: the right members, each once, and nobody whom a block or mute keeps away."""

from collections.abc import Callable
from datetime import timedelta

from guildry.community.timeline import actions
from guildry.community.timeline.rules import Audience, Composition, ReactionKind
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.notifications.models import Notification
from guildry.people.organisations.models import Membership
from tests.factories.timeline import block, comment, mute, organisation, publish

Deliver = Callable[[], int]


def _told(member: Member) -> list[str]:
    return list(Notification.objects.visible_to(member).order_by("pk").values_list("kind", flat=True))


def test_a_mention_tells_the_member_it_names(ada: Member, ben: Member, deliver: Deliver) -> None:
    publish(ada, "Thanks to @ben and to @ada")

    deliver()

    assert (_told(ben), _told(ada)) == (["timeline.mention"], [])


def test_a_mention_tells_nobody_who_may_not_read_the_post(
    ada: Member, ben: Member, cleo: Member, deliver: Deliver
) -> None:
    group = organisation("northwind", ada, cleo)
    publish(ada, "Look, @ben and @cleo", audience=Audience.ORGANISATION, organisation_id=group.pk)

    deliver()

    assert (_told(ben), _told(cleo)) == ([], ["timeline.mention"])


def test_a_comment_tells_the_author_of_the_post_and_an_answer_whom_it_answers(
    ada: Member, ben: Member, cleo: Member, deliver: Deliver
) -> None:
    post = publish(ada)
    first = comment(ben, post)
    comment(cleo, post, "Me too", first)

    deliver()

    assert _told(ada) == ["timeline.comment", "timeline.comment"]
    assert _told(ben) == ["timeline.reply"]
    assert _told(cleo) == []


def test_whoever_is_mentioned_in_a_comment_is_told_once(ada: Member, ben: Member, deliver: Deliver) -> None:
    post = publish(ada)
    comment(ben, post, "Well done @ada")

    deliver()

    assert _told(ada) == ["timeline.mention"]


def test_reactions_and_reposts_tell_the_author_once(ada: Member, ben: Member, deliver: Deliver) -> None:
    post = publish(ada)
    actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)
    actions.react(ben, post_id=post.pk, kind=ReactionKind.SUPPORT)
    actions.react(ada, post_id=post.pk, kind=ReactionKind.LIKE)
    actions.repost(ben, post_id=post.pk)

    deliver()

    assert _told(ada) == ["timeline.reaction", "timeline.repost"]
    assert _told(ben) == []


def test_what_is_gone_before_it_is_told_stays_untold(ada: Member, ben: Member, deliver: Deliver) -> None:
    post = publish(ada, "Thanks @ben")
    actions.delete_post(ada, post_id=post.pk)

    deliver()

    assert _told(ben) == []


def test_a_comment_and_a_repost_gone_before_they_are_told_stay_untold(
    ada: Member, ben: Member, deliver: Deliver
) -> None:
    post = publish(ada)
    said, passed_on = comment(ben, post), actions.repost(ben, post_id=post.pk)
    actions.delete_comment(ben, comment_id=said.pk)
    actions.delete_post(ben, post_id=passed_on.pk)

    deliver()

    assert _told(ada) == []


def test_passing_on_what_one_wrote_tells_nobody(ada: Member, deliver: Deliver) -> None:
    actions.repost(ada, post_id=publish(ada).pk)

    deliver()

    assert _told(ada) == []


def test_the_author_of_a_scheduled_post_is_told_why_it_was_not_published(
    ada: Member, deliver: Deliver
) -> None:
    fern = organisation("fern", ada)
    plan = Composition("Later", audience=Audience.ORGANISATION, organisation_id=fern.pk)
    draft = actions.save_draft(ada, composition=plan)
    actions.schedule_draft(ada, draft_id=draft.pk, moment=clock.now() + timedelta(minutes=10))
    Membership.objects.update(is_current=None, ended_at=clock.now())

    with clock.at(clock.now() + timedelta(minutes=10)):
        actions.publish_due_drafts(SYSTEM)
        deliver()

    assert _told(ada) == ["timeline.refused"]
    told = Notification.objects.visible_to(ada).get()
    assert told.text == f"Your scheduled post was not published. {actions.NotInOrganisation.detail}"
    assert told.url == f"/timeline/drafts/{draft.pk}/"


def test_who_muted_somebody_hears_nothing_of_them(ada: Member, ben: Member, deliver: Deliver) -> None:
    post = publish(ada)
    mute(ada, ben)
    comment(ben, post, "Hello @ada")
    actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)

    deliver()

    assert _told(ada) == []


def test_who_blocked_somebody_hears_nothing_of_them(ada: Member, ben: Member, deliver: Deliver) -> None:
    publish(ben, "Hello @ada")
    block(ada, ben)

    deliver()

    assert _told(ada) == []
