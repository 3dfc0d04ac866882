"""Staff roles: somebody else's decision, with a reason, revoked and never deleted."""

import pytest

from guildry.kernel import errors
from guildry.kernel.permissions import SYSTEM, PermissionMissing, SecondFactorMissing, StaffRole
from guildry.people.accounts import actions, events
from guildry.people.accounts.models import Member, StaffGrant
from tests.factories.people import grant, make_member
from tests.people.accounts.facts import published


@pytest.fixture
def administrator(ben: Member) -> Member:
    return grant(make_member("root_cleo"), StaffRole.ADMINISTRATOR, by=ben)


def test_an_administrator_grants_a_role_with_a_reason(administrator: Member, ada: Member) -> None:
    made = actions.grant_role(
        administrator, member_id=ada.pk, role=StaffRole.MODERATOR, reason=" Reads fast and fair "
    )

    assert (made.reason, made.granted_by, made.revoked_at) == ("Reads fast and fair", administrator, None)
    member = Member.objects.get(pk=ada.pk)
    assert (member.staff_roles, member.withheld_roles) == (frozenset(), {StaffRole.MODERATOR})
    assert published(events.RoleGranted) == [events.RoleGranted(ada.pk, "moderator", made.pk)]


def test_the_program_grants_the_first_administrator(ada: Member) -> None:
    made = actions.grant_role(SYSTEM, member_id=ada.pk, role=StaffRole.ADMINISTRATOR, reason="Needed")

    assert made.granted_by is None
    assert Member.objects.get(pk=ada.pk).withheld_roles == {StaffRole.ADMINISTRATOR}


def test_nobody_grants_without_the_permission(ada: Member, ben: Member) -> None:
    with pytest.raises(PermissionMissing):
        actions.grant_role(ada, member_id=ben.pk, role=StaffRole.ANALYST, reason="Needed")

    assert StaffGrant.objects.count() == 0


def test_an_administrator_without_a_second_factor_is_told_to_set_one_up(ada: Member, ben: Member) -> None:
    actions.grant_role(SYSTEM, member_id=ada.pk, role=StaffRole.ADMINISTRATOR, reason="Needed")
    resting = Member.objects.get(pk=ada.pk)

    with pytest.raises(SecondFactorMissing):
        actions.grant_role(resting, member_id=ben.pk, role=StaffRole.ANALYST, reason="Needed")


def test_nobody_grants_or_revokes_their_own_roles(administrator: Member) -> None:
    own = StaffGrant.objects.get(member=administrator)

    with pytest.raises(actions.NotYourself):
        actions.grant_role(administrator, member_id=administrator.pk, role=StaffRole.AUDITOR, reason="Needed")
    with pytest.raises(actions.NotYourself):
        actions.revoke_role(administrator, grant_id=own.pk, reason="Over")
    assert list(StaffGrant.objects.values_list("role", "revoked_at")) == [("administrator", None)]


def test_a_role_is_held_once(administrator: Member, ada: Member) -> None:
    actions.grant_role(administrator, member_id=ada.pk, role=StaffRole.ANALYST, reason="Needed")

    with pytest.raises(actions.AlreadyGranted):
        actions.grant_role(administrator, member_id=ada.pk, role=StaffRole.ANALYST, reason="Needed")

    assert StaffGrant.objects.filter(member=ada).count() == 1


def test_a_role_for_somebody_who_is_not_there_is_refused(administrator: Member) -> None:
    with pytest.raises(errors.NotFound):
        actions.grant_role(administrator, member_id=987_654, role=StaffRole.ANALYST, reason="Needed")


def test_a_revoked_role_stays_on_record_and_can_be_granted_again(administrator: Member, ada: Member) -> None:
    first = actions.grant_role(administrator, member_id=ada.pk, role=StaffRole.ANALYST, reason="Needed")
    actions.revoke_role(administrator, grant_id=first.pk, reason="Over")

    first.refresh_from_db()
    assert first.revoked_by == administrator
    assert first.revoked_at is not None
    assert not Member.objects.get(pk=ada.pk).has_staff_grant
    with pytest.raises(actions.NotGranted):
        actions.revoke_role(administrator, grant_id=first.pk, reason="Over")
    actions.grant_role(administrator, member_id=ada.pk, role=StaffRole.ANALYST, reason="Needed")
    assert Member.objects.get(pk=ada.pk).has_staff_grant
    assert published(events.RoleRevoked) == [events.RoleRevoked(ada.pk, "analyst", first.pk)]


def test_one_of_two_roles_revoked_leaves_the_other(administrator: Member, ada: Member) -> None:
    first = actions.grant_role(administrator, member_id=ada.pk, role=StaffRole.ANALYST, reason="Needed")
    actions.grant_role(administrator, member_id=ada.pk, role=StaffRole.MODERATOR, reason="Needed")

    actions.revoke_role(administrator, grant_id=first.pk, reason="Over")

    assert Member.objects.get(pk=ada.pk).withheld_roles == {StaffRole.MODERATOR}


def test_second_factors_are_put_on_record(ada: Member) -> None:
    actions.note_second_factor(ada, member_id=ada.pk, kind="totp")
    actions.note_second_factor_removed(ada, member_id=ada.pk, kind="totp")

    assert published(events.SecondFactorAdded) == [events.SecondFactorAdded(ada.pk, "totp")]
    assert published(events.SecondFactorRemoved) == [events.SecondFactorRemoved(ada.pk, "totp")]
