"""Tickets over HTTP, and the place in the order of facts that a page begins at."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.platform.realtime import actions
from guildry.platform.realtime.gateway import GATEWAY
from guildry.platform.realtime.middleware import places
from guildry.platform.realtime.models import Ticket

TICKETS = "/api/v1/realtime/tickets"
pytestmark = pytest.mark.django_db


def test_a_browser_gets_a_ticket_of_its_session(ada: Member, ada_client: Client) -> None:
    answer = ada_client.post(TICKETS)

    assert answer.status_code == 201
    assert set(answer.json()) == {"ticket", "expires_at"}
    row = actions.redeem_ticket(SYSTEM, secret=answer.json()["ticket"])
    assert (row.member_id, row.token_id) == (ada.pk, None)
    assert row.session_id is not None


def test_a_program_gets_a_ticket_of_its_token(ada: Member, client: Client) -> None:
    issued = accounts.issue_token(ada, name="tests", scopes=["realtime.write"], days=7)

    answer = client.post(TICKETS, headers={"Authorization": f"Bearer {issued.secret}"})

    assert answer.status_code == 201
    row = actions.redeem_ticket(SYSTEM, secret=answer.json()["ticket"])
    assert (row.session_id, row.token_id) == (None, issued.token.pk)


def test_a_guest_and_a_token_that_only_reads_get_none(ada: Member, client: Client) -> None:
    issued = accounts.issue_token(ada, name="tests", scopes=["read"], days=7)

    guest = client.post(TICKETS)
    reader = client.post(TICKETS, headers={"Authorization": f"Bearer {issued.secret}"})

    assert (guest.status_code, reader.status_code) == (401, 403)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("seq", [None, 41])
def test_a_page_notes_where_it_begins(seq: int | None) -> None:
    seen: list[object] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.live_seq)  # type: ignore[attr-defined]
        return HttpResponse()

    before, GATEWAY.dispatcher.seq = GATEWAY.dispatcher.seq, seq
    try:
        places(page)(RequestFactory().get("/"))
    finally:
        GATEWAY.dispatcher.seq = before

    assert seen == [seq]
