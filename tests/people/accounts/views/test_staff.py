"""Staff pages: who may do what, granting and revoking roles, suspending members."""

import pytest
from django.test import Client

from guildry.kernel.permissions import PERMISSIONS, StaffRole
from guildry.people.accounts.models import Member, StaffGrant
from tests.factories.factors import app_code, give_app
from tests.factories.pages import announcements, complained_fields, complaints, leads_to, text_of
from tests.factories.people import PASSWORD, grant, make_member


@pytest.fixture
def ruth(ada: Member) -> Member:
    """An administrator with an app for a second factor."""
    somebody = make_member("ruth")
    somebody.secret = give_app(somebody)  # type: ignore[attr-defined]
    granted = grant(somebody, StaffRole.ADMINISTRATOR, by=ada)
    granted.secret = somebody.secret  # type: ignore[attr-defined]
    return granted


@pytest.fixture
def desk(ruth: Member) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": ruth.email, "password": PASSWORD})
    client.post("/sign-in/second-factor/", {"code": app_code(ruth.secret)})  # type: ignore[attr-defined]
    return client


def test_the_registry_shows_every_permission_and_who_carries_it(desk: Client) -> None:
    page = text_of(desk.get("/permissions/"))

    assert all(permission.name in page for permission in PERMISSIONS)
    assert all(role.label in page for role in StaffRole)


def test_staff_and_members_are_found_by_name(desk: Client, ada: Member, ben: Member) -> None:
    page = text_of(desk.get("/staff/?q=ben"))
    nobody = text_of(desk.get("/staff/?q=zzz"))

    assert "Ben Okri @ben" in page
    assert "Ruth @ruth Administrator" in page
    assert "Nobody found" in nobody


def test_a_role_is_granted_with_a_reason_and_revoked(desk: Client, ben: Member) -> None:
    address = f"/staff/{ben.pk}/"

    granted = desk.post(address, {"role": "moderator", "reason": "Knows the rules"})
    page = text_of(desk.get(address))
    revoked = desk.post(
        f"/staff/grants/{StaffGrant.objects.get(member=ben).pk}/revoke/", {"reason": "Moved on"}
    )

    assert leads_to(granted) == (303, address)
    assert announcements(granted) == ["Ben Okri is now moderator."]
    assert "by Ruth. Knows the rules" in page
    assert leads_to(revoked) == (303, address)
    assert StaffGrant.objects.get(member=ben).revoked_at is not None


def test_a_role_is_revoked_only_with_a_reason(desk: Client, ben: Member) -> None:
    desk.post(f"/staff/{ben.pk}/", {"role": "moderator", "reason": "Knows the rules"})
    held = StaffGrant.objects.get(member=ben)

    refused = desk.post(f"/staff/grants/{held.pk}/revoke/", {"reason": " "})
    nothing = desk.post(f"/staff/grants/{held.pk + 99}/revoke/")

    assert (refused.status_code, complained_fields(refused)) == (422, [f"revoke_{held.pk}_reason"])
    assert nothing.status_code == 404
    assert StaffGrant.objects.get(member=ben).revoked_at is None


def test_a_grant_says_why_and_of_what(desk: Client, ben: Member) -> None:
    refused = desk.post(f"/staff/{ben.pk}/", {"role": "king", "reason": ""})

    assert (refused.status_code, len(complaints(refused))) == (422, 2)
    assert StaffGrant.objects.filter(member=ben).count() == 0


def test_a_role_already_held_is_refused_above_the_form(desk: Client, ben: Member) -> None:
    for _ in range(2):
        answer = desk.post(f"/staff/{ben.pk}/", {"role": "moderator", "reason": "Once"})

    assert (answer.status_code, complaints(answer)) == (422, ["This member holds that role already."])


def test_nobody_grants_themselves_anything(desk: Client, ruth: Member) -> None:
    refused = desk.post(f"/staff/{ruth.pk}/", {"role": "auditor", "reason": "Me"})

    assert refused.status_code == 422
    assert "Nobody grants or revokes their own roles" in text_of(refused)


def test_a_member_is_suspended_with_a_reason_and_let_in_again(desk: Client, ben: Member) -> None:
    address = f"/staff/{ben.pk}/"
    missing = desk.post(f"{address}suspend/", {"reason": ""})

    suspended = desk.post(f"{address}suspend/", {"reason": "Sold what was not theirs"})
    page = text_of(desk.get(address))
    ben.refresh_from_db()
    assert not ben.is_active
    silent = desk.post(f"{address}reinstate/")
    reinstated = desk.post(f"{address}reinstate/", {"reason": "Explained it"})

    assert (missing.status_code, "id_reason" in complained_fields(missing)) == (422, True)
    assert leads_to(suspended) == (303, address)
    assert (silent.status_code, complaints(silent)) == (422, ["Reason: fill this in."])
    assert "Suspended" in page
    assert "Sold what was not theirs" in page
    assert leads_to(reinstated) == (303, address)
    ben.refresh_from_db()
    assert ben.is_active


def test_moderators_suspend_on_the_same_page_and_grant_nothing(
    ada: Member, ben: Member, client: Client
) -> None:
    client.force_login(grant(ben, StaffRole.MODERATOR, by=ada))
    cleo = make_member("cleo")
    address = f"/staff/{cleo.pk}/"
    assert "Members and staff" in text_of(client.get("/settings/"))

    page = text_of(client.get(address))
    suspended = client.post(f"{address}suspend/", {"reason": "Spam"})

    assert "Suspend Cleo" in page
    assert "Grant role" not in page
    assert leads_to(suspended) == (303, address)
    assert client.get(address).status_code == 200
    cleo.refresh_from_db()
    assert not cleo.is_active


def test_a_role_granted_by_a_moderator_is_refused(ada: Member, ben: Member) -> None:
    secret = give_app(ben)
    grant(ben, StaffRole.MODERATOR, by=ada)
    client = Client()
    client.post("/sign-in/", {"login": ben.email, "password": PASSWORD})
    client.post("/sign-in/second-factor/", {"code": app_code(secret)})

    refused = client.post(f"/staff/{ada.pk}/", {"role": "moderator", "reason": "Friend"})

    assert refused.status_code == 403
    assert "needs the permission accounts.grant_role" in text_of(refused)
    assert StaffGrant.objects.filter(member=ada).count() == 0


@pytest.mark.parametrize("address", ["/staff/999/", "/staff/999/suspend/", "/staff/999/reinstate/"])
def test_nobody_is_nobody(address: str, desk: Client) -> None:
    assert desk.post(address, {"role": "moderator", "reason": "x"}).status_code in (404, 422)
