"""Facts of the network and of organisations become notifications, once, and go when they are no longer so."""

from collections.abc import Callable
from typing import Any

import pytest

from guildry.kernel.bus import Delivery
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.people.network import actions as network
from guildry.people.network.events import ConnectionRequested
from guildry.people.notifications import queries, tasks
from guildry.people.notifications.models import Notification, Tray
from guildry.people.organisations import actions as organisations
from tests.factories.notifications import set_tray, tell
from tests.factories.organisations import join, make_organisation
from tests.factories.people import make_member


def told(member: Member) -> list[tuple[str, str, str]]:
    found = queries.entries(member).items
    return [(entry.kind, entry.text, entry.url) for entry in found]


def test_a_new_follower_is_told_once_for_good(ada: Member, ben: Member, deliver: Callable[[], int]) -> None:
    for _ in range(2):
        network.follow_member(ben, member_id=ada.pk)
        network.unfollow_member(ben, member_id=ada.pk)
    deliver()

    assert told(ada) == [("network.follow", "Ben Okri follows you", "/people/ben/")]
    assert told(ben) == []


def test_a_request_is_told_and_settled_by_its_answer(
    ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    network.request_connection(ben, member_id=ada.pk)
    deliver()
    assert told(ada) == [("network.request", "Ben Okri wants to connect with you", "/network/requests/")]
    assert queries.unread_count(ada) == 1

    network.accept_request(ada, member_id=ben.pk)
    deliver()

    assert queries.unread_count(ada) == 0
    assert told(ben) == [
        ("network.accepted", "Ada Nwosu accepted your request. You are connected.", "/people/ada/")
    ]


def test_declining_settles_the_request_and_tells_nobody(
    ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    network.request_connection(ben, member_id=ada.pk)
    network.decline_request(ada, member_id=ben.pk)
    deliver()

    assert queries.unread_count(ada) == 0
    assert told(ben) == []


def test_a_request_taken_back_is_no_longer_told(ada: Member, ben: Member, deliver: Callable[[], int]) -> None:
    network.request_connection(ben, member_id=ada.pk)
    deliver()
    network.withdraw_request(ben, member_id=ada.pk)
    deliver()

    assert told(ada) == []
    assert queries.unread_count(ada) == 0


def test_a_block_takes_back_what_the_two_caused_each_other(
    ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    eve = make_member("eve")
    network.follow_member(ben, member_id=ada.pk)
    network.follow_member(ada, member_id=ben.pk)
    network.follow_member(eve, member_id=ada.pk)
    deliver()

    network.block_member(ada, member_id=ben.pk)
    deliver()

    assert [text for _, text, _ in told(ada)] == ["Eve follows you"]
    assert (told(ben), queries.unread_count(ben), queries.unread_count(ada)) == ([], 0, 1)


def test_a_fact_delivered_twice_tells_once(ada: Member, ben: Member) -> None:
    delivery = Delivery(ConnectionRequested(ben.pk, ada.pk), 1, "key", ben.pk)

    tasks.tell_requested(delivery)
    tasks.tell_requested(delivery)

    assert len(told(ada)) == 1


def test_facts_about_people_who_are_gone_tell_nobody(ada: Member) -> None:
    gone = ada.pk + 100
    delivery = Delivery(ConnectionRequested(gone, ada.pk), 1, "key", gone)

    tasks.tell_requested(delivery)
    tasks.tell_accepted(delivery)
    tasks.tell_followed(Delivery(_fact(follower_id=gone, followed_id=ada.pk), 1, "key", gone))
    tasks.tell_join_requested(
        Delivery(_fact(organisation_id=1, member_id=gone, request_id=1), 1, "key", gone)
    )
    tasks.tell_let_in(Delivery(_fact(organisation_id=1, member_id=ada.pk), 1, "key", None))

    assert Notification.objects.count() == 0


def test_an_invitation_is_told_to_a_member(ada: Member, ben: Member, deliver: Callable[[], int]) -> None:
    guild = make_organisation(ada, "guild")
    organisations.invite(ada, organisation_id=guild.pk, to="@ben", role="member")
    organisations.invite(ada, organisation_id=guild.pk, to="someone@example.net", role="member")
    deliver()

    assert told(ben) == [("organisations.invitation", "Guild invites you to join", "/organisations/mine/")]
    assert Notification.objects.exclude(recipient=ada).count() == 1


def test_those_who_lead_are_told_who_asks_and_who_was_let_in_is_told(
    ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    eve = make_member("eve")
    guild = make_organisation(ada, "guild")
    join(guild, eve)

    request = organisations.request_to_join(ben, organisation_id=guild.pk)
    deliver()
    organisations.accept_request(ada, request_id=request.pk)
    deliver()

    assert [text for _, text, _ in told(ada)] == ["Ben Okri asks to join Guild"]
    assert [text for _, text, _ in told(ben)] == ["You belong to Guild now"]
    assert told(eve) == []


def test_accepting_an_invitation_needs_no_telling(
    ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    guild = make_organisation(ada, "guild")
    organisations.invite(ada, organisation_id=guild.pk, to="@ben", role="member")
    (invitation,) = guild.invitations.all()
    organisations.accept_invitation(ben, invitation_id=invitation.pk)
    deliver()

    assert [kind for kind, _, _ in told(ben)] == ["organisations.invitation"]


def test_another_clock_plans_the_digest_anew(ada: Member, deliver: Callable[[], int]) -> None:
    tell(ada)
    set_tray(ada, digest_due_at=None)

    accounts.choose_preferences(ada, time_zone="Pacific/Auckland")
    deliver()

    assert Tray.objects.get(pk=ada.pk).digest_due_at is not None


@pytest.fixture(autouse=True)
def no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def _fact(**fields: int) -> Any:
    return type("Fact", (), fields)()
