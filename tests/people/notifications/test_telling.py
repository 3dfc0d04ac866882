"""Telling members something once, and not telling those who should not hear it."""

import pytest

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries
from guildry.people.notifications.events import MembersNotified, NotificationsWithdrawn
from guildry.people.notifications.models import Notification, Tray
from tests.factories.facts import all_published
from tests.factories.network import block, mute
from tests.factories.notifications import choose, tell
from tests.factories.people import make_member

NEWS = {"kind": "network.follow", "source": "member:7", "text": "Ben follows you", "url": "/people/ben/"}


def test_somebody_is_told_once_per_kind_and_source(ada: Member, ben: Member) -> None:
    first = actions.notify(ben, recipients=[ada.pk, ada.pk], **NEWS)
    again = actions.notify(ben, recipients=[ada.pk], **NEWS)

    assert [(row.recipient, row.actor, row.text, row.url) for row in first] == [
        (ada, ben, "Ben follows you", "/people/ben/")
    ]
    assert again == []
    assert queries.unread_count(ada) == 1
    assert all_published() == [MembersNotified((first[0].pk,))]


def test_another_source_or_kind_is_told_again(ada: Member, ben: Member) -> None:
    actions.notify(ben, recipients=[ada.pk], **NEWS)
    actions.notify(ben, recipients=[ada.pk], **{**NEWS, "source": "member:8"})
    actions.notify(ben, recipients=[ada.pk], **{**NEWS, "kind": "network.accepted"})

    assert queries.unread_count(ada) == 3


def test_several_are_told_in_a_fixed_number_of_queries(
    ada: Member, ben: Member, django_assert_num_queries: object
) -> None:
    eve, kim, lou = (make_member(handle) for handle in ("eve", "kim", "lou"))
    for member in (ada, eve, kim, lou):
        tell(member)

    with django_assert_num_queries(12):  # type: ignore[operator]
        actions.notify(ben, recipients=[ada.pk], **NEWS)
    with django_assert_num_queries(12):  # type: ignore[operator]
        actions.notify(ben, recipients=[eve.pk, kim.pk, lou.pk], **NEWS)

    assert [queries.unread_count(member) for member in (ada, eve, kim, lou)] == [2, 2, 2, 2]


@pytest.mark.parametrize("reason", ["own_action", "away", "blocked", "muted", "preference"])
def test_what_is_suppressed_is_kept_with_its_reason(ada: Member, ben: Member, reason: str) -> None:
    actor = ada if reason == "own_action" else ben
    if reason == "away":
        Member.objects.filter(pk=ada.pk).update(is_active=False)
    if reason == "blocked":
        block(ben, ada)
    if reason == "muted":
        mute(ada, ben)
    if reason == "preference":
        choose(ada, "network.follow", app=False)

    row = tell(ada, actor=actor)

    assert (row.is_shown, row.reason, row.mail_state) == (False, reason, "none")
    assert queries.why_not(ada.pk) == [row]
    assert queries.unread_count(ada) == 0
    assert queries.entries(ada).items == []
    assert all_published() == []


def test_mail_alone_is_a_choice_too(ada: Member, ben: Member) -> None:
    choose(ada, "network.follow", app=False, mail="digest")

    row = tell(ada, actor=ben)

    assert (row.is_shown, row.reason, row.mail_state) == (False, "", "in_digest")


def test_the_system_tells_whom_it_likes(ada: Member) -> None:
    row = tell(ada, actor=SYSTEM)

    assert (row.is_shown, row.actor) == (True, None)


def test_nobody_gone_is_told(ada: Member) -> None:
    told = actions.notify(SYSTEM, recipients=[ada.pk, ada.pk + 100], **NEWS)

    assert [row.recipient for row in told] == [ada]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"kind": "network.nothing"}, KeyError),
        ({"url": "https://evil.example/"}, ValueError),
        ({"recipients": range(1, 1002)}, ValueError),
    ],
)
def test_what_an_app_got_wrong_is_refused_whole(
    ada: Member, wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.notify(SYSTEM, **{"recipients": [ada.pk], **NEWS, **wrong})  # type: ignore[arg-type]

    assert Notification.objects.count() == 0
    assert Tray.objects.count() == 0


def test_what_is_no_longer_so_is_taken_back(ada: Member, ben: Member) -> None:
    tell(ada, actor=ben, kind="network.request")
    kept = tell(ada, actor=ben, kind="network.follow")

    number = actions.withdraw_notifications(SYSTEM, recipient_ids=[ada.pk], kind="network.request", by=ben.pk)
    again = actions.withdraw_notifications(SYSTEM, recipient_ids=[ada.pk], kind="network.request", by=ben.pk)

    assert (number, again) == (1, 0)
    assert list(Notification.objects.all()) == [kept]
    assert queries.unread_count(ada) == 1
    assert all_published()[-1] == NotificationsWithdrawn((ada.pk,))


def test_taking_back_by_source_leaves_the_others(ada: Member, ben: Member) -> None:
    tell(ada, actor=ben, source="post:1")
    kept = tell(ada, actor=ben, source="post:2")

    actions.withdraw_notifications(SYSTEM, recipient_ids=[ada.pk], kind="network.follow", source="post:1")

    assert list(Notification.objects.all()) == [kept]


def test_taking_back_what_was_read_or_suppressed_leaves_the_count(ada: Member, ben: Member) -> None:
    read = tell(ada, actor=ben, kind="network.request")
    actions.mark_read(ada, notification_ids=[read.pk])
    tell(ada, "Other")

    actions.withdraw_notifications(SYSTEM, recipient_ids=[ada.pk], kind="network.request", by=ben.pk)

    assert queries.unread_count(ada) == 1
