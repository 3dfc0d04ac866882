"""Joining, presenting oneself, choosing, and being locked out and let in again."""

import pytest
from allauth.account.models import EmailAddress

from guildry.kernel import errors, permissions
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts import actions, events
from guildry.people.accounts.models import Member, Persona
from tests.factories.people import PASSWORD, grant, make_member
from tests.people.accounts.facts import published

JOINING = {"name": "Ada Nwosu", "handle": "ada", "email": "ada@example.org"}


def test_who_joins_is_a_member_with_a_proven_address(db: None) -> None:
    member = actions.join_member(
        SYSTEM, name=" Ada\u202e Nwosu ", handle="@Ada".lstrip("@"), email=" Ada@Example.org ",
        password=PASSWORD, hats=["mentor", "client", "mentor"], time_zone="Africa/Lagos",
    )  # fmt: skip

    stored = Member.objects.get(pk=member.pk)
    assert (stored.name, stored.handle, stored.email) == ("Ada Nwosu", "ada", "ada@example.org")
    assert (stored.hats, stored.active_hat) == (["mentor", "client"], "mentor")
    assert stored.check_password(PASSWORD)
    address = EmailAddress.objects.get(user=member)
    assert (address.email, address.verified, address.primary) == ("ada@example.org", True, True)
    assert published(events.MemberJoined) == [events.MemberJoined(member.pk)]


def test_without_a_password_nobody_signs_in_with_one(db: None) -> None:
    member = actions.join_member(SYSTEM, **JOINING)

    assert not member.has_usable_password()


@pytest.mark.parametrize("handle", ["ben", "BEN", "settings"])
def test_a_taken_or_reserved_handle_is_refused(handle: str, ben: Member) -> None:
    with pytest.raises(actions.HandleTaken) as refusal:
        actions.join_member(SYSTEM, **{**JOINING, "handle": handle})

    assert [error.field for error in refusal.value.errors] == ["handle"]
    assert Member.objects.count() == 1


def test_an_address_has_one_account(ben: Member) -> None:
    with pytest.raises(actions.EmailTaken) as refusal:
        actions.join_member(SYSTEM, **{**JOINING, "email": "BEN@example.org"})

    assert [error.field for error in refusal.value.errors] == ["email"]
    assert Member.objects.count() == 1


def test_everything_that_does_not_fit_is_named_at_once(db: None) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.join_member(SYSTEM, name="", handle="x!", email="nobody", time_zone="Africa/Lagos")

    assert {error.field for error in refusal.value.errors} == {"name", "handle", "email"}
    assert Member.objects.count() == 0
    assert published(events.MemberJoined) == []


def test_members_present_themselves(ada: Member) -> None:
    actions.present_member(ada, name="Ada N.", headline="Joiner\x00", portrait="0" * 32)
    actions.present_member(ada, headline="Joiner and turner")

    ada.refresh_from_db()
    assert (ada.name, ada.headline, ada.portrait) == ("Ada N.", "Joiner and turner", "0" * 32)
    assert published(events.MemberPresented) == [events.MemberPresented(ada.pk)] * 2


def test_a_name_cannot_be_empty(ada: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.present_member(ada, name=" \u200b ")

    assert [error.field for error in refusal.value.errors] == ["name"]
    assert Member.objects.get(pk=ada.pk).name == "Ada Nwosu"


def test_the_system_has_nothing_to_present(db: None) -> None:
    with pytest.raises(errors.Unauthenticated):
        actions.present_member(SYSTEM, name="Nobody")


def test_a_handle_can_be_changed_to_one_that_is_free(ada: Member, ben: Member) -> None:
    actions.rename_member(ada, handle=" Ada_N ")

    with pytest.raises(actions.HandleTaken):
        actions.rename_member(ada, handle="ben")
    ada.refresh_from_db()
    assert ada.handle == "ada_n"
    assert published(events.MemberRenamed) == [events.MemberRenamed(ada.pk)]


def test_keeping_the_handle_is_no_renaming(ada: Member) -> None:
    actions.rename_member(ada, handle="ADA")

    assert published(events.MemberRenamed) == []


def test_preferences_are_remembered_one_by_one(ada: Member) -> None:
    actions.choose_preferences(ada, theme="dark")
    actions.choose_preferences(ada, time_zone="Africa/Lagos")

    ada.refresh_from_db()
    assert (ada.theme, ada.time_zone, ada.locale) == ("dark", "Africa/Lagos", "en-gb")
    assert len(published(events.PreferencesChanged)) == 2


@pytest.mark.parametrize(
    "chosen", [{"time_zone": "Mars/Olympus"}, {"theme": "neon"}, {"locale": "xx-klingon-beyond"}]
)
def test_a_preference_that_does_not_exist_is_refused(chosen: dict[str, str], ada: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.choose_preferences(ada, **chosen)

    assert [error.field for error in refusal.value.errors] == list(chosen)
    assert published(events.PreferencesChanged) == []


def test_hats_are_put_on_and_the_active_one_stays_while_it_is_worn(ada: Member) -> None:
    actions.choose_hats(ada, hats=["client", "mentor", "client"])
    actions.switch_hat(ada, hat="mentor")
    kept = actions.choose_hats(ada, hats=["mentor", "volunteer"])
    replaced = actions.choose_hats(ada, hats=["volunteer"])
    bare = actions.choose_hats(ada, hats=[])

    assert (kept.active_hat, replaced.active_hat, bare.active_hat) == ("mentor", "volunteer", "")
    assert [fact.hats for fact in published(events.HatsChosen)] == [
        ("client", "mentor"), ("mentor", "volunteer"), ("volunteer",), (),
    ]  # fmt: skip


def test_an_unknown_hat_is_refused(ada: Member) -> None:
    with pytest.raises(errors.Invalid, match="no hat called crown"):
        actions.choose_hats(ada, hats=["mentor", "crown"])

    assert Member.objects.get(pk=ada.pk).hats == []


def test_switching_to_a_hat_needs_it_on(ada: Member) -> None:
    actions.choose_hats(ada, hats=["client", "mentor"])

    with pytest.raises(actions.HatNotWorn):
        actions.switch_hat(ada, hat="volunteer")
    actions.switch_hat(ada, hat="client")
    actions.switch_hat(ada, hat="mentor")
    actions.switch_hat(ada, hat="")

    assert [fact.hat for fact in published(events.HatSwitched)] == ["client", "mentor", ""]


def test_a_hat_adds_no_right(ada: Member) -> None:
    actions.choose_hats(ada, hats=["organiser"])
    actions.switch_hat(ada, hat="organiser")

    assert Member.objects.get(pk=ada.pk).staff_roles == frozenset()


def test_a_password_is_changed_by_its_owner_or_the_program(ada: Member, ben: Member) -> None:
    actions.change_password(ada, member=ada, password="first new one")
    actions.change_password(SYSTEM, member=ada, password="second new one")

    with pytest.raises(actions.NotYourAccount):
        actions.change_password(ben, member=ada, password="third new one")
    assert Member.objects.get(pk=ada.pk).check_password("second new one")
    assert len(published(events.PasswordChanged)) == 2


def test_a_moderator_suspends_and_reinstates_with_a_reason(ada: Member, ben: Member) -> None:
    moderator = grant(ada, StaffRole.MODERATOR, by=ben)

    actions.suspend_member(moderator, member_id=ben.pk, reason=" Sold what was not theirs ")
    suspended = Member.objects.get(pk=ben.pk)
    actions.suspend_member(moderator, member_id=ben.pk, reason="Again")
    actions.reinstate_member(moderator, member_id=ben.pk, reason="Explained it")
    reinstated = Member.objects.get(pk=ben.pk)

    assert (suspended.is_active, suspended.suspension_reason) == (False, "Sold what was not theirs")
    assert (reinstated.is_active, reinstated.suspension_reason) == (True, "")
    assert published(events.MemberSuspended) == [events.MemberSuspended(ben.pk)]
    assert published(events.MemberReinstated) == [events.MemberReinstated(ben.pk)]


def test_a_suspension_without_a_reason_is_refused(ada: Member, ben: Member) -> None:
    moderator = grant(ada, StaffRole.MODERATOR, by=ben)

    with pytest.raises(errors.Invalid):
        actions.suspend_member(moderator, member_id=ben.pk, reason=" ")

    assert Member.objects.get(pk=ben.pk).is_active


def test_nobody_suspends_themselves_or_somebody_who_is_not_there(ada: Member, ben: Member) -> None:
    moderator = grant(ada, StaffRole.MODERATOR, by=ben)

    with pytest.raises(actions.NotYourAccount):
        actions.suspend_member(moderator, member_id=moderator.pk, reason="Enough")
    with pytest.raises(errors.NotFound):
        actions.suspend_member(moderator, member_id=987_654, reason="Enough")


def test_members_suspend_nobody(ada: Member, ben: Member) -> None:
    with pytest.raises(permissions.PermissionMissing):
        actions.suspend_member(ada, member_id=ben.pk, reason="I do not like them")
    with pytest.raises(permissions.PermissionMissing):
        actions.reinstate_member(ada, member_id=ben.pk, reason="A friend")


def test_a_moderator_does_not_lock_an_administrator_out(ada: Member, ben: Member) -> None:
    moderator = grant(ada, StaffRole.MODERATOR, by=ben)
    administrator = grant(make_member("cleo"), StaffRole.ADMINISTRATOR, by=ben)

    with pytest.raises(actions.StaffProtected):
        actions.suspend_member(moderator, member_id=administrator.pk, reason="A coup")

    assert Member.objects.get(pk=administrator.pk).is_active


def test_only_the_program_names_personas(ada: Member) -> None:
    with pytest.raises(errors.Forbidden):
        actions.name_persona(ada, member_id=ada.pk, label="Freelancer")
    actions.name_persona(SYSTEM, member_id=ada.pk, label="Freelancer")
    actions.name_persona(SYSTEM, member_id=ada.pk, label="Mentor")

    assert [persona.label for persona in Persona.objects.all()] == ["Mentor"]


def test_switching_to_the_hat_one_wears_already_is_no_news(ada: Member) -> None:
    actions.choose_hats(ada, hats=["mentor"])
    for _ in range(2):
        actions.switch_hat(ada, hat="mentor")

    assert published(events.HatSwitched) == [events.HatSwitched(ada.pk, "mentor")]
