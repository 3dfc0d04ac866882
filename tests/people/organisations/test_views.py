"""Pages of organisations, as guests, members and their staff meet them."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions, queries
from guildry.people.organisations.models import Invitation, Membership, Organisation
from tests.factories.organisations import join, make_organisation
from tests.factories.people import grant, make_member
from tests.people.organisations.test_invitations import sent_token

Deliver = Callable[[], int]
ADDRESS = "/organisations/northwind/"


@pytest.fixture
def northwind(ada: Member) -> Organisation:
    return make_organisation(ada, name="Northwind Timber", tagline="A sawmill", story="We **saw**.")


@pytest.fixture
def ben_client(ben: Member) -> Client:
    client = Client()
    client.force_login(ben)
    return client


def test_a_guest_reads_the_directory_and_a_page(northwind: Organisation, client: Client) -> None:
    listed, page = client.get("/organisations/"), client.get(ADDRESS)

    assert b"Northwind Timber" in listed.content
    assert b"<strong>saw</strong>" in page.content
    assert b"Ada Nwosu" in page.content
    assert b"Ask to join" not in page.content


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_page_stays_within_its_queries(
    ada: Member, client: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_organisation(ada, f"guild_{number}")

    with django_assert_max_num_queries(8):
        client.get("/organisations/")


def test_the_directory_narrows_by_address(northwind: Organisation, client: Client) -> None:
    assert b"Northwind" in client.get("/organisations/?q=timber&kind=company").content
    assert b"Northwind" not in client.get("/organisations/?kind=charity").content
    assert client.get("/organisations/?cursor=nonsense").status_code == 400


def test_an_unknown_page_is_not_found(db: None, client: Client) -> None:
    assert client.get("/organisations/nothing/").status_code == 404


@pytest.mark.parametrize(
    "address", ["new/", "mine/", "northwind/edit/", "northwind/people/", "northwind/invitations/"]
)
def test_guests_are_asked_to_sign_in(northwind: Organisation, client: Client, address: str) -> None:
    assert client.get(f"/organisations/{address}").status_code == 302


def test_founding_by_form(ada_client: Client, ada: Member) -> None:
    wrong = ada_client.post("/organisations/new/", {"name": "Mill", "handle": "new", "kind": "company"})
    right = ada_client.post(
        "/organisations/new/", {"name": "Mill", "handle": "mill", "kind": "company", "accepts_requests": "on"}
    )

    assert wrong.status_code == 422
    assert b"taken or reserved" in wrong.content
    assert (right.status_code, right["Location"]) == (302, "/organisations/mill/")
    assert queries.role_of(Organisation.objects.get().pk, ada.pk) == "owner"


def test_editing_by_form(northwind: Organisation, ada_client: Client) -> None:
    shown = ada_client.get(f"{ADDRESS}edit/")
    wrong = ada_client.post(f"{ADDRESS}edit/", {"name": "", "kind": "company"})
    right = ada_client.post(f"{ADDRESS}edit/", {"name": "Northwind", "kind": "charity", "story": "New"})

    assert b"A sawmill" in shown.content
    assert (wrong.status_code, right.status_code) == (422, 302)
    northwind.refresh_from_db()
    assert (northwind.name, northwind.kind, northwind.accepts_requests) == ("Northwind", "charity", False)


def test_strangers_neither_edit_nor_invite(northwind: Organisation, ben_client: Client) -> None:
    for address in ("edit/", "invitations/"):
        assert ben_client.get(ADDRESS + address).status_code == 403
    for address in ("closure/", "mark/"):
        assert ben_client.post(ADDRESS + address).status_code == 403

    northwind.refresh_from_db()
    assert northwind.state == "open"


def test_closing_and_reopening_by_button(northwind: Organisation, ada_client: Client, client: Client) -> None:
    ada_client.post(f"{ADDRESS}closure/")
    assert client.get(ADDRESS).status_code == 404
    assert b"is closed" in ada_client.get(ADDRESS).content

    ada_client.post(f"{ADDRESS}reopening/")

    assert client.get(ADDRESS).status_code == 200


def test_asking_to_join_and_being_let_in(
    northwind: Organisation, ada_client: Client, ben_client: Client, ben: Member
) -> None:
    ben_client.post(f"{ADDRESS}requests/", {"note": "I know saws"})
    assert b"You asked to join" in ben_client.get(ADDRESS).content
    asked = queries.requests_of(northwind)[0]
    assert b"I know saws" in ada_client.get(f"{ADDRESS}people/").content

    ada_client.post(f"{ADDRESS}requests/{asked.pk}/acceptance/")

    assert queries.is_member(northwind.pk, ben.pk)
    assert b"You are member" in ben_client.get(ADDRESS).content


def test_a_request_is_withdrawn_or_declined(
    northwind: Organisation, ada_client: Client, ben_client: Client
) -> None:
    ben_client.post(f"{ADDRESS}requests/", {"note": "x" * 501})
    assert queries.requests_of(northwind) == []
    ben_client.post(f"{ADDRESS}requests/")
    ben_client.post(f"{ADDRESS}requests/{queries.requests_of(northwind)[0].pk}/withdrawal/")
    assert queries.requests_of(northwind) == []
    ben_client.post(f"{ADDRESS}requests/")

    ada_client.post(f"{ADDRESS}requests/{queries.requests_of(northwind)[0].pk}/refusal/")

    assert queries.requests_of(northwind) == []


def test_inviting_by_form_and_answering_from_the_list(
    northwind: Organisation, ada_client: Client, ben_client: Client, ben: Member
) -> None:
    address = f"{ADDRESS}invitations/"
    wrong = ada_client.post(address, {"to": "nobody_here", "role": "member"})
    right = ada_client.post(address, {"to": "@ben", "role": "member", "note": "Come in"})
    again = ada_client.post(address, {"to": "@ben", "role": "member"})

    assert (wrong.status_code, right.status_code, again.status_code) == (422, 302, 422)
    assert b"already has an invitation" in again.content
    assert b"Ben Okri" in ada_client.get(address).content
    assert b"Northwind Timber" in ben_client.get("/organisations/mine/").content
    assert b"You are invited" in ben_client.get(ADDRESS).content
    ben_client.post(f"/organisations/invitations/{Invitation.objects.get().pk}/acceptance/")
    assert queries.is_member(northwind.pk, ben.pk)


def test_an_invitation_is_declined_from_the_list(
    northwind: Organisation, ada: Member, ben_client: Client
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")

    ben_client.post(f"/organisations/invitations/{invitation.pk}/refusal/")

    invitation.refresh_from_db()
    assert invitation.state == "declined"


def test_the_address_in_the_mail_answers(
    northwind: Organisation, ada: Member, ben: Member, client: Client, ben_client: Client,
    deliver: Deliver, run_jobs: Deliver,
) -> None:  # fmt: skip
    actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org", note="Come in")
    address = f"/organisations/invitations/{sent_token(deliver, run_jobs)}/"

    assert b"Sign in to answer" in client.get(address).content
    assert client.post(f"{address}acceptance/").status_code == 302
    assert b"Come in" in ben_client.get(address).content
    ben_client.post(f"{address}acceptance/")

    assert queries.is_member(northwind.pk, ben.pk)
    assert client.get(address).status_code == 404


def test_the_address_in_the_mail_declines(
    northwind: Organisation, ada: Member, ben_client: Client, deliver: Deliver, run_jobs: Deliver
) -> None:
    actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org")
    address = f"/organisations/invitations/{sent_token(deliver, run_jobs)}/"

    ben_client.post(f"{address}refusal/")

    assert Invitation.objects.get().state == "declined"


def test_an_invitation_is_sent_again_and_withdrawn(
    northwind: Organisation, ada: Member, ada_client: Client
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org")
    address = f"{ADDRESS}invitations/{invitation.pk}/"

    assert ada_client.post(f"{address}sending/").status_code == 302
    assert ada_client.post(f"{address}revocation/").status_code == 302

    invitation.refresh_from_db()
    assert invitation.state == "revoked"


def test_roles_change_and_people_go_by_form(
    northwind: Organisation, ada_client: Client, ben: Member, ben_client: Client
) -> None:
    join(northwind, ben)
    address = f"{ADDRESS}people/{ben.pk}/"

    ada_client.post(f"{address}role/", {"role": "emperor"})
    assert queries.role_of(northwind.pk, ben.pk) == "member"
    ada_client.post(f"{address}role/", {"role": "manager"})
    assert queries.role_of(northwind.pk, ben.pk) == "manager"
    assert ben_client.post(f"{ADDRESS}people/{northwind.pk}/removal/").status_code in (403, 404)
    ada_client.post(f"{address}removal/")

    assert not queries.is_member(northwind.pk, ben.pk)


def test_leaving_by_button(
    northwind: Organisation, ben: Member, ben_client: Client, ada_client: Client
) -> None:
    join(northwind, ben)

    ben_client.post(f"{ADDRESS}departure/")
    refused = ada_client.post(f"{ADDRESS}departure/")

    assert refused.status_code == 409
    assert list(Membership.objects.filter(is_current=True).values_list("role", flat=True)) == ["owner"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_page_stays_within_its_queries(
    northwind: Organisation, ada_client: Client, count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(count):
        join(northwind, make_member(f"person_{number}"))

    with django_assert_max_num_queries(15):
        page = ada_client.get(f"{ADDRESS}people/")

    assert page.content.count(b"person_") >= count


def test_a_moderator_works_on_any_organisation(northwind: Organisation, ben: Member, ada: Member) -> None:
    grant(ben, StaffRole.MODERATOR, by=ada)
    client = Client()
    client.force_login(ben)

    assert client.get(f"{ADDRESS}edit/").status_code == 403
    assert client.post(f"{ADDRESS}closure/").status_code == 403
    assert b"Step in" in client.get(ADDRESS).content
    assert client.post(f"{ADDRESS}oversight/").status_code == 422
    assert client.post(f"{ADDRESS}oversight/", {"reason": "Reported"}).status_code == 302
    assert b"Step in" not in client.get(ADDRESS).content
    assert client.get(f"{ADDRESS}edit/").status_code == 200
    assert client.post(f"{ADDRESS}closure/").status_code == 302


def test_an_overseer_steps_in_through_the_api(northwind: Organisation, ben: Member, ada: Member) -> None:
    grant(ben, StaffRole.MODERATOR, by=ada)
    client = Client()
    client.force_login(ben)
    address = f"/api/v1{ADDRESS}".rstrip("/")

    refused = client.put(f"{address}/closure")
    begun = client.post(f"{address}/oversight", {"reason": "Reported"}, content_type="application/json")
    closed = client.put(f"{address}/closure")

    assert (refused.status_code, refused.json()["code"]) == (403, "oversight_not_begun")
    assert (begun.status_code, begun.json()["reason"]) == (201, "Reported")
    assert closed.json()["state"] == "closed"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"]
)
def test_hostile_text_stays_text(northwind: Organisation, ada: Member, client: Client, text: str) -> None:
    actions.edit_organisation(ada, organisation_id=northwind.pk, name=text[:80], tagline=text, story=text)

    page = client.get(ADDRESS).content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<img src=x" not in page
