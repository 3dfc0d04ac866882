"""Founding, editing and closing organisations, and who holds which role in them."""

from collections.abc import Callable
from functools import partial

import pytest

from guildry.kernel import clock, errors, permissions
from guildry.kernel.permissions import StaffRole
from guildry.kernel.states import IllegalTransition
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions, queries, rules
from guildry.people.organisations.events import MembershipEnded, OrganisationFounded
from guildry.people.organisations.models import Membership, Organisation, Oversight
from guildry.platform.audit.models import Entry
from tests.factories.organisations import join, make_organisation
from tests.factories.people import grant, make_member
from tests.people.organisations.facts import published


def test_the_founder_is_the_first_owner(ada: Member) -> None:
    made = actions.found_organisation(
        ada, handle=" Northwind ", name="Northwind Timber", kind="company", tagline="A sawmill"
    )

    assert (made.handle, made.people_count, made.sort_key) == ("northwind", 1, "northwind timber")
    assert queries.role_of(made.pk, ada.pk) == "owner"
    assert published(OrganisationFounded) == [OrganisationFounded(made.pk, ada.pk)]


@pytest.mark.parametrize("handle", ["new", "ada", "ben"])
def test_a_handle_of_ours_or_of_a_member_is_taken(ada: Member, ben: Member, handle: str) -> None:
    with pytest.raises(actions.HandleTaken) as refusal:
        make_organisation(ada, handle)

    assert refusal.value.errors[0].field == "handle"
    assert Organisation.objects.count() == 0


def test_two_organisations_do_not_share_a_handle(ada: Member, ben: Member) -> None:
    make_organisation(ada)

    with pytest.raises(errors.Invalid) as refusal:
        make_organisation(ben)

    assert refusal.value.errors[0].field == "handle"
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "a"),
        ("handle", "no spaces"),
        ("name", " "),
        ("kind", "cult"),
        ("website", "javascript:alert(1)"),
        ("founded", 2999),
        ("founded", 3),
        ("size", "huge"),
        ("tagline", "x" * 141),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field(ada: Member, field: str, value: object) -> None:
    given = {"handle": "northwind", "name": "Northwind", "kind": "company", field: value}

    with pytest.raises(errors.Invalid) as refusal:
        actions.found_organisation(ada, **given)

    assert [error.field for error in refusal.value.errors] == [field]
    assert Organisation.objects.count() == 0


def test_founding_takes_a_member_and_known_fields(ada: Member) -> None:
    with pytest.raises(errors.Unauthenticated):
        actions.found_organisation(None, handle="northwind", name="Northwind", kind="company")
    with pytest.raises(TypeError, match="people_count"):
        make_organisation(ada, people_count=99)


def test_founding_is_limited_by_day(ada: Member) -> None:
    for number in range(5):
        make_organisation(ada, f"guild_{number}")

    with pytest.raises(errors.TooMany):
        make_organisation(ada, "one_more")


def test_an_admin_edits_and_a_manager_does_not(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    membership = join(organisation, ben, "manager")

    with pytest.raises(actions.RightMissing):
        actions.edit_organisation(ben, organisation_id=organisation.pk, name="Bens")
    Membership.objects.filter(pk=membership.pk).update(role="admin")
    actions.edit_organisation(ben, organisation_id=organisation.pk, name="Örebro Timber")

    organisation.refresh_from_db()
    assert (organisation.name, organisation.sort_key) == ("Örebro Timber", "orebro timber")


def test_a_moderator_edits_any_organisation_and_an_auditor_none(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    grace = make_member("grace")
    moderator, auditor = grant(ben, StaffRole.MODERATOR, by=ada), grant(grace, StaffRole.AUDITOR, by=ada)

    actions.begin_oversight(moderator, organisation_id=organisation.pk, reason="Reported as a sham")
    actions.edit_organisation(moderator, organisation_id=organisation.pk, tagline="Edited")
    with pytest.raises(actions.RightMissing):
        actions.edit_organisation(auditor, organisation_id=organisation.pk, tagline="Not by me")
    with pytest.raises(permissions.PermissionMissing):
        actions.begin_oversight(auditor, organisation_id=organisation.pk, reason="Curious")

    organisation.refresh_from_db()
    assert organisation.tagline == "Edited"


def test_an_overseer_says_why_before_acting_and_again_after_half_an_hour(ada: Member, ben: Member) -> None:
    organisation, moderator = make_organisation(ada), grant(ben, StaffRole.MODERATOR, by=ada)
    edit = partial(actions.edit_organisation, moderator, organisation_id=organisation.pk, tagline="Edited")

    with pytest.raises(actions.OversightNotBegun):
        edit()
    with pytest.raises(errors.Invalid):
        actions.begin_oversight(moderator, organisation_id=organisation.pk, reason=" ")
    actions.begin_oversight(moderator, organisation_id=organisation.pk, reason="Reported as a sham")
    edit()
    with clock.at(clock.now() + rules.OVERSIGHT_LASTS), pytest.raises(actions.OversightNotBegun):
        edit()

    assert Oversight.objects.count() == 1


def test_everything_an_overseer_changes_is_in_the_trail_with_the_reason(
    ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    organisation, moderator = make_organisation(ada), grant(ben, StaffRole.MODERATOR, by=ada)
    key, why = organisation.pk, "Reported as a sham"
    grace, henry = make_member("grace"), make_member("henry")
    asking = actions.request_to_join(grace, organisation_id=key)
    turned_away = actions.request_to_join(henry, organisation_id=key)
    deliver()
    Entry.objects.all().delete()

    actions.begin_oversight(moderator, organisation_id=key, reason=why)
    actions.accept_request(moderator, request_id=asking.pk)
    actions.decline_request(moderator, request_id=turned_away.pk)
    actions.change_role(moderator, organisation_id=key, member_id=grace.pk, role="manager")
    actions.remove_person(moderator, organisation_id=key, member_id=grace.pk)
    invitation = actions.invite(moderator, organisation_id=key, to="henry")
    actions.revoke_invitation(moderator, invitation_id=invitation.pk)
    actions.edit_organisation(moderator, organisation_id=key, tagline="Edited")
    actions.close_organisation(moderator, organisation_id=key)
    actions.reopen_organisation(moderator, organisation_id=key)
    actions.edit_organisation(ada, organisation_id=key, tagline="By its owner")
    deliver()

    entries = Entry.objects.order_by("seq")
    assert [entry.name.partition(".")[2] for entry in entries] == [
        "OversightBegan", "MembershipStarted", "JoinRequestDeclined", "MembershipRoleChanged",
        "MembershipEnded", "InvitationExtended", "InvitationRevoked", "OrganisationEdited",
        "OrganisationClosed", "OrganisationReopened",
    ]  # fmt: skip
    assert {(e.actor_id, e.subject, e.reason) for e in entries} == {(ben.pk, f"organisation:{key}", why)}


def test_an_unknown_organisation_is_not_found(ada: Member) -> None:
    with pytest.raises(queries.OrganisationNotFound):
        actions.edit_organisation(ada, organisation_id=404, name="Nothing")


def test_a_closed_organisation_leaves_the_lists_and_comes_back(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)

    actions.close_organisation(ada, organisation_id=organisation.pk)

    assert queries.directory(ben).items == []
    with pytest.raises(queries.OrganisationNotFound):
        queries.organisation_by_handle(ben, "northwind")
    assert queries.organisation_by_handle(ada, "northwind") == organisation
    with pytest.raises(actions.OrganisationClosedError):
        actions.edit_organisation(ada, organisation_id=organisation.pk, name="Still")
    actions.reopen_organisation(ada, organisation_id=organisation.pk)
    assert queries.directory(ben).items == [organisation]


def test_closing_twice_names_what_can_follow(ada: Member) -> None:
    organisation = make_organisation(ada)
    actions.close_organisation(ada, organisation_id=organisation.pk)

    with pytest.raises(IllegalTransition, match="open"):
        actions.close_organisation(ada, organisation_id=organisation.pk)


def test_an_admin_does_not_close(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, "admin")

    with pytest.raises(actions.RightMissing):
        actions.close_organisation(ben, organisation_id=organisation.pk)


def test_the_last_owner_cannot_leave(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, "admin")

    with pytest.raises(actions.LastOwner):
        actions.leave(ada, organisation_id=organisation.pk)
    with pytest.raises(actions.LastOwner):
        actions.change_role(ada, organisation_id=organisation.pk, member_id=ada.pk, role="member")

    assert queries.role_of(organisation.pk, ada.pk) == "owner"


def test_an_owner_whose_account_is_off_does_not_count_as_one(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, "owner")
    Member.objects.filter(pk=ben.pk).update(is_active=False)

    with pytest.raises(actions.LastOwner):
        actions.leave(ada, organisation_id=organisation.pk)


def test_an_owner_leaves_once_there_is_another(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben)
    actions.change_role(ada, organisation_id=organisation.pk, member_id=ben.pk, role="owner", title="Chair")

    actions.leave(ada, organisation_id=organisation.pk)

    ended = Membership.objects.get(member=ada)
    organisation.refresh_from_db()
    assert ended.is_current is None
    assert ended.ended_at is not None
    assert organisation.people_count == 1
    assert published(MembershipEnded) == [MembershipEnded(organisation.pk, ada.pk)]
    assert queries.former_people_of(organisation) == [ended]


def test_leaving_what_one_does_not_belong_to_is_refused(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)

    with pytest.raises(actions.NotInside):
        actions.leave(ben, organisation_id=organisation.pk)


@pytest.mark.parametrize(
    ("own", "theirs", "wanted", "is_allowed"),
    [
        ("admin", "member", "manager", True),
        ("admin", "member", "admin", False),
        ("admin", "owner", "member", False),
        ("manager", "viewer", "member", False),
        ("owner", "admin", "owner", True),
    ],
)
def test_roles_change_below_ones_own(
    ada: Member, ben: Member, own: str, theirs: str, wanted: str, is_allowed: bool
) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, own)
    join(organisation, grace := make_member("grace"), theirs)

    if is_allowed:
        actions.change_role(ben, organisation_id=organisation.pk, member_id=grace.pk, role=wanted)
        assert queries.role_of(organisation.pk, grace.pk) == wanted
    else:
        with pytest.raises(actions.RightMissing):
            actions.change_role(ben, organisation_id=organisation.pk, member_id=grace.pk, role=wanted)
        assert queries.role_of(organisation.pk, grace.pk) == theirs


def test_a_made_up_role_or_an_endless_title_is_refused(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben)

    for answer in ({"role": "emperor"}, {"role": "member", "title": "x" * 81}):
        with pytest.raises(errors.Invalid):
            actions.change_role(ada, organisation_id=organisation.pk, member_id=ben.pk, **answer)


def test_an_admin_removes_a_member_but_not_an_owner(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, "admin")
    join(organisation, grace := make_member("grace"))

    actions.end_membership(ben, organisation_id=organisation.pk, member_id=grace.pk)

    assert queries.role_of(organisation.pk, grace.pk) is None
    with pytest.raises(actions.RightMissing):
        actions.end_membership(ben, organisation_id=organisation.pk, member_id=ada.pk)


def test_ending_ones_own_membership_is_leaving(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, "viewer")

    actions.end_membership(ben, organisation_id=organisation.pk, member_id=ben.pk)

    assert not queries.is_member(organisation.pk, ben.pk)


def test_somebody_who_left_can_come_back(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben)
    actions.leave(ben, organisation_id=organisation.pk)

    actions.request_to_join(ben, organisation_id=organisation.pk)
    actions.accept_request(ada, request_id=queries.requests_of(organisation)[0].pk)

    assert Membership.objects.filter(member=ben).count() == 2
    assert queries.is_member(organisation.pk, ben.pk)
