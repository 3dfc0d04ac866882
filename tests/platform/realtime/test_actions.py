"""Tickets that open once, and who is present for how long."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from guildry.kernel import clock, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.realtime import actions, queries, rules, tasks
from guildry.platform.realtime.models import Presence, PresenceLease, Ticket

pytestmark = pytest.mark.django_db


def keep(process: str, *, arrived: set[int] = frozenset(), departed: set[int] = frozenset()) -> None:  # type: ignore[assignment]
    actions.keep_presence(SYSTEM, process=process, arrived=arrived, departed=departed)


def test_a_ticket_is_kept_as_a_digest_and_opens_once(ada: Member) -> None:
    issued = actions.issue_ticket(ada, session_id=7)

    stored = Ticket.objects.get()
    assert issued.secret.startswith("glt_")
    assert issued.secret not in stored.digest
    row = actions.redeem_ticket(SYSTEM, secret=issued.secret)
    assert (row.member_id, row.session_id, row.token_id) == (ada.pk, 7, None)
    with pytest.raises(actions.TicketRefused):
        actions.redeem_ticket(SYSTEM, secret=issued.secret)


def test_a_ticket_of_a_token_remembers_the_token(ada: Member) -> None:
    issued = actions.issue_ticket(ada, token_id=3)

    row = actions.redeem_ticket(SYSTEM, secret=issued.secret)

    assert (row.session_id, row.token_id) == (None, 3)


def test_a_ticket_that_nobody_made_opens_nothing() -> None:
    with pytest.raises(actions.TicketRefused):
        actions.redeem_ticket(SYSTEM, secret="glt_made-up")


def test_a_ticket_too_old_is_refused_and_gone(ada: Member) -> None:
    issued = actions.issue_ticket(ada, session_id=1)

    with clock.at(issued.expires_at), pytest.raises(actions.TicketRefused):
        actions.redeem_ticket(SYSTEM, secret=issued.secret)

    assert not Ticket.objects.exists()


@pytest.mark.parametrize("tied", [{}, {"session_id": 1, "token_id": 1}])
def test_a_ticket_is_tied_to_one_way_in(ada: Member, tied: dict[str, int]) -> None:
    with pytest.raises(errors.Unauthenticated):
        actions.issue_ticket(ada, **tied)

    assert not Ticket.objects.exists()


def test_a_guest_gets_no_ticket() -> None:
    with pytest.raises(errors.Unauthenticated):
        actions.issue_ticket(AnonymousUser(), session_id=1)  # type: ignore[arg-type]


def test_tickets_are_rationed(ada: Member) -> None:
    for _ in range(rules.TICKETS[0]):
        actions.issue_ticket(ada, session_id=1)

    with pytest.raises(errors.TooMany) as refused:
        actions.issue_ticket(ada, session_id=1)

    assert 0 < (refused.value.retry_after or 0) <= 1
    assert Ticket.objects.count() == rules.TICKETS[0]


def test_a_member_is_present_where_a_process_says_so(ada: Member, ben: Member) -> None:
    keep("one", arrived={ada.pk})

    assert queries.present([ada.pk, ben.pk]) == {ada.pk}
    assert queries.is_present(ada.pk)
    assert not queries.is_present(ben.pk)


def test_a_member_at_two_processes_leaves_when_both_say_so(ada: Member) -> None:
    keep("one", arrived={ada.pk})
    keep("two", arrived={ada.pk})

    keep("one", departed={ada.pk})
    assert queries.is_present(ada.pk)
    keep("two", departed={ada.pk})
    assert not queries.is_present(ada.pk)


def test_arriving_twice_is_one_presence(ada: Member) -> None:
    keep("one", arrived={ada.pk})
    keep("one", arrived={ada.pk})

    assert Presence.objects.count() == 1


def test_whoever_was_at_a_process_that_went_silent_is_gone(ada: Member) -> None:
    keep("one", arrived={ada.pk})

    with clock.at(clock.now() + rules.PRESENCE_LEASE + timedelta(seconds=1)):
        assert queries.present([ada.pk]) == set()


def test_a_process_that_stops_takes_its_members_with_it(ada: Member, ben: Member) -> None:
    keep("one", arrived={ada.pk})
    keep("two", arrived={ben.pk})

    actions.end_presence(SYSTEM, process="one")

    assert queries.present([ada.pk, ben.pk]) == {ben.pk}


def test_presence_of_many_costs_one_query_and_of_nobody_none(
    ada: Member, ben: Member, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.present([ada.pk, ben.pk])
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert queries.present([]) == set()


def test_what_expired_is_cleared_away_and_nothing_else(ada: Member) -> None:
    keep("gone", arrived={ada.pk})

    with clock.at(clock.now() + timedelta(minutes=5)):
        keep("living", arrived={ada.pk})
        assert tasks.clear_expired.func() >= 1

    assert PresenceLease.objects.get().process == "living"
