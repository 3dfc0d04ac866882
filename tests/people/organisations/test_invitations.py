"""Invitations and requests: sent, answered once, withdrawn, and useless to anybody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from guildry.kernel import clock, errors
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions, queries, rules
from guildry.people.organisations.events import JoinRequestDeclined, MembershipStarted
from guildry.people.organisations.models import Invitation, JoinRequest, Organisation
from tests.factories.organisations import join, make_organisation
from tests.factories.people import make_member
from tests.people.organisations.facts import published

Deliver = Callable[[], int]


@pytest.fixture
def northwind(ada: Member) -> Organisation:
    return make_organisation(ada, name="Northwind Timber")


def sent_token(deliver: Deliver, run_jobs: Deliver) -> str:
    deliver()
    run_jobs()
    found = re.search(r"/organisations/invitations/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_member_invited_by_handle_accepts_from_their_list(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="@ben", role="manager", note="Come in")

    membership = actions.accept_invitation(ben, invitation_id=invitation.pk)

    northwind.refresh_from_db()
    assert (membership.role, northwind.people_count) == ("manager", 2)
    assert queries.invitations_for(ben) == []
    assert published(MembershipStarted) == [MembershipStarted(northwind.pk, ben.pk)]


def test_an_invitation_by_mail_carries_a_token_that_is_stored_nowhere(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="Someone@Example.org", note="Join us")

    token = sent_token(deliver, run_jobs)

    letter = mail.outbox[-1]
    assert letter.to == ["someone@example.org"]
    assert letter.subject == "Ada Nwosu invites you to Northwind Timber"
    assert "Join us" in letter.body
    invitation.refresh_from_db()
    assert token not in str(vars(invitation))
    assert queries.invitation_by_token(token) == invitation
    actions.accept_invitation(ben, token=token)
    assert queries.is_member(northwind.pk, ben.pk)


def test_a_token_works_once(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org")
    token = sent_token(deliver, run_jobs)
    actions.accept_invitation(ben, token=token)

    with pytest.raises(queries.InvitationNotFound):
        actions.accept_invitation(make_member("grace"), token=token)


def test_an_invitation_made_out_to_a_member_is_no_use_to_another(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")
    token, grace = sent_token(deliver, run_jobs), make_member("grace")

    with pytest.raises(actions.InvitationForSomeoneElse):
        actions.accept_invitation(grace, token=token)
    with pytest.raises(queries.InvitationNotFound):
        actions.accept_invitation(grace, invitation_id=invitation.pk)
    with pytest.raises(queries.InvitationNotFound):
        actions.decline_invitation(grace, invitation_id=invitation.pk)

    invitation.refresh_from_db()
    assert invitation.state == "pending"
    assert not queries.is_member(northwind.pk, grace.pk)


def test_an_invitation_to_a_members_own_address_is_in_their_list(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to=ben.email)

    assert queries.invitations_for(ben) == [invitation]
    assert queries.invitations_for(make_member("grace")) == []
    actions.accept_invitation(ben, invitation_id=invitation.pk)
    assert queries.is_member(northwind.pk, ben.pk)


def test_a_guest_cannot_answer(northwind: Organisation, ada: Member) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org")

    with pytest.raises(errors.Unauthenticated):
        actions.accept_invitation(None, invitation_id=invitation.pk)


def test_an_expired_invitation_says_so(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")
    token = sent_token(deliver, run_jobs)

    with clock.at(clock.now() + rules.INVITATION_LIFETIME + timedelta(seconds=1)):
        with pytest.raises(queries.InvitationExpired):
            actions.accept_invitation(ben, token=token)
        with pytest.raises(queries.InvitationExpired):
            actions.accept_invitation(ben, invitation_id=invitation.pk)
        assert queries.invitations_for(ben) == []
        again = actions.invite(ada, organisation_id=northwind.pk, to="ben")

    invitation.refresh_from_db()
    assert (invitation.state, again.state) == ("revoked", "pending")


def test_a_declined_invitation_is_over(northwind: Organisation, ada: Member, ben: Member) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")

    actions.decline_invitation(ben, invitation_id=invitation.pk)

    with pytest.raises(queries.InvitationNotFound):
        actions.accept_invitation(ben, invitation_id=invitation.pk)
    assert not queries.is_member(northwind.pk, ben.pk)


def test_a_withdrawn_invitation_is_over(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")
    token = sent_token(deliver, run_jobs)

    actions.revoke_invitation(ada, invitation_id=invitation.pk)

    with pytest.raises(queries.InvitationNotFound):
        actions.accept_invitation(ben, token=token)
    with pytest.raises(queries.InvitationNotFound):
        actions.revoke_invitation(ada, invitation_id=invitation.pk)
    assert queries.invitations_of(northwind) == []


def test_sending_again_ends_the_former_token_and_keeps_pauses(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org")
    first = sent_token(deliver, run_jobs)

    with pytest.raises(actions.SentTooOften):
        actions.send_invitation_again(ada, invitation_id=invitation.pk)
    with clock.at(clock.now() + timedelta(hours=1)):
        actions.send_invitation_again(ada, invitation_id=invitation.pk)
        second = sent_token(deliver, run_jobs)

    assert len(mail.outbox) == 2
    with pytest.raises(queries.InvitationNotFound):
        queries.invitation_by_token(first)
    assert queries.invitation_by_token(second) == invitation


def test_nothing_is_sent_once_an_invitation_is_over(
    northwind: Organisation, ada: Member, ben: Member, deliver: Deliver, run_jobs: Deliver
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")
    actions.decline_invitation(ben, invitation_id=invitation.pk)

    deliver()
    run_jobs()

    assert mail.outbox == []


def test_the_same_person_is_not_invited_twice(northwind: Organisation, ada: Member, ben: Member) -> None:
    actions.invite(ada, organisation_id=northwind.pk, to="ben")
    actions.invite(ada, organisation_id=northwind.pk, to="someone@example.org")

    for addressee in ("@Ben", "SOMEONE@example.org"):
        with pytest.raises(actions.AlreadyInvited):
            actions.invite(ada, organisation_id=northwind.pk, to=addressee)

    assert Invitation.objects.count() == 2


def test_somebody_inside_is_not_invited(northwind: Organisation, ada: Member, ben: Member) -> None:
    join(northwind, ben)

    with pytest.raises(actions.AlreadyInside):
        actions.invite(ada, organisation_id=northwind.pk, to="ben")


@pytest.mark.parametrize("to", ["nobody_here", "not an address@", "@", ""])
def test_an_addressee_nobody_knows_is_refused_at_its_field(
    northwind: Organisation, ada: Member, to: str
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.invite(ada, organisation_id=northwind.pk, to=to)

    assert refusal.value.errors[0].field == "to"
    assert Invitation.objects.count() == 0


def test_an_invitation_gives_a_role_below_the_inviters(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    join(northwind, ben, "manager")

    actions.invite(ben, organisation_id=northwind.pk, to="a@example.org", role="member")
    for role in ("manager", "owner"):
        with pytest.raises(actions.RightMissing):
            actions.invite(ben, organisation_id=northwind.pk, to="b@example.org", role=role)
    with pytest.raises(errors.Invalid):
        actions.invite(ben, organisation_id=northwind.pk, to="b@example.org", role="emperor")

    assert Invitation.objects.count() == 1


def test_a_member_without_the_right_does_not_invite(northwind: Organisation, ben: Member) -> None:
    join(northwind, ben, "member")

    with pytest.raises(actions.RightMissing):
        actions.invite(ben, organisation_id=northwind.pk, to="a@example.org")


def test_a_manager_does_not_withdraw_what_an_owner_offered(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    join(northwind, ben, "manager")
    offered = actions.invite(ada, organisation_id=northwind.pk, to="a@example.org", role="admin")

    with pytest.raises(actions.RightMissing):
        actions.revoke_invitation(ben, invitation_id=offered.pk)


def test_open_invitations_have_a_ceiling(
    northwind: Organisation, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PENDING_INVITATIONS", 2)
    for number in range(2):
        actions.invite(ada, organisation_id=northwind.pk, to=f"person{number}@example.org")

    with pytest.raises(actions.TooManyInvitations):
        actions.invite(ada, organisation_id=northwind.pk, to="one-more@example.org")


def test_a_flood_of_invitations_is_stopped(northwind: Organisation, ada: Member) -> None:
    for number in range(rules.INVITATIONS_PER_DAY):
        actions.invite(ada, organisation_id=northwind.pk, to=f"person{number}@example.org")

    with pytest.raises(errors.TooMany):
        actions.invite(ada, organisation_id=northwind.pk, to="one-more@example.org")


def test_an_invitation_to_a_closed_organisation_rests(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")
    actions.close_organisation(ada, organisation_id=northwind.pk)

    with pytest.raises(queries.InvitationNotFound):
        actions.accept_invitation(ben, invitation_id=invitation.pk)
    with pytest.raises(actions.OrganisationClosedError):
        actions.invite(ada, organisation_id=northwind.pk, to="a@example.org")


def test_only_those_who_may_invite_read_the_list(northwind: Organisation, ada: Member, ben: Member) -> None:
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="a@example.org")

    assert queries.open_invitations(ada, northwind) == [invitation]
    assert queries.open_invitations(ben, northwind) == []


def test_a_request_is_accepted_with_a_role(northwind: Organisation, ada: Member, ben: Member) -> None:
    request = actions.request_to_join(ben, organisation_id=northwind.pk, note="I know saws")

    membership = actions.accept_request(ada, request_id=request.pk, role="viewer")

    request.refresh_from_db()
    assert (membership.role, request.state, request.is_open) == ("viewer", "accepted", None)
    assert queries.requests_of(northwind) == []


def test_a_request_is_made_once_until_it_is_answered(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    first = actions.request_to_join(ben, organisation_id=northwind.pk)

    with pytest.raises(actions.AlreadyRequested):
        actions.request_to_join(ben, organisation_id=northwind.pk)
    actions.decline_request(ada, request_id=first.pk)
    actions.request_to_join(ben, organisation_id=northwind.pk)

    assert JoinRequest.objects.count() == 2
    assert published(JoinRequestDeclined) == [JoinRequestDeclined(first.pk, northwind.pk, ben.pk)]


def test_only_its_author_withdraws_a_request(northwind: Organisation, ben: Member) -> None:
    request = actions.request_to_join(ben, organisation_id=northwind.pk)

    with pytest.raises(errors.NotFound):
        actions.withdraw_request(make_member("grace"), request_id=request.pk)
    actions.withdraw_request(ben, request_id=request.pk)
    with pytest.raises(errors.NotFound):
        actions.withdraw_request(ben, request_id=request.pk)

    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_an_organisation_by_invitation_takes_no_requests(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    actions.edit_organisation(ada, organisation_id=northwind.pk, accepts_requests=False)

    with pytest.raises(actions.NoRequests):
        actions.request_to_join(ben, organisation_id=northwind.pk)


def test_people_inside_and_guests_do_not_ask_to_join(northwind: Organisation, ada: Member) -> None:
    with pytest.raises(actions.AlreadyInside):
        actions.request_to_join(ada, organisation_id=northwind.pk)
    with pytest.raises(errors.Unauthenticated):
        actions.request_to_join(None, organisation_id=northwind.pk)


def test_a_request_is_answered_by_those_with_the_right(
    northwind: Organisation, ada: Member, ben: Member
) -> None:
    request = actions.request_to_join(ben, organisation_id=northwind.pk)
    join(northwind, grace := make_member("grace"), "manager")
    join(northwind, henry := make_member("henry"), "member")

    with pytest.raises(actions.RightMissing):
        actions.accept_request(henry, request_id=request.pk)
    with pytest.raises(actions.RightMissing):
        actions.accept_request(grace, request_id=request.pk, role="admin")
    with pytest.raises(errors.Invalid):
        actions.accept_request(grace, request_id=request.pk, role="emperor")
    actions.accept_request(grace, request_id=request.pk)

    assert queries.role_of(northwind.pk, ben.pk) == "member"


def test_an_invitation_answers_an_open_request(northwind: Organisation, ada: Member, ben: Member) -> None:
    request = actions.request_to_join(ben, organisation_id=northwind.pk)
    invitation = actions.invite(ada, organisation_id=northwind.pk, to="ben")

    actions.accept_invitation(ben, invitation_id=invitation.pk)

    request.refresh_from_db()
    assert (request.state, request.is_open) == ("accepted", None)
