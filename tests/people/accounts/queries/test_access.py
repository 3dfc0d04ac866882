"""Whose session or token that is: in one query, and nobody's once it is over."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock
from guildry.people.accounts import actions, queries
from guildry.people.accounts.models import AccessToken, Member, OneTimeCode, Persona, Session
from guildry.people.accounts.sessions import SessionStore


def key_of(client: Client) -> str:
    return client.cookies["guildry"].value


def test_a_session_names_its_member_in_one_query(
    ada_client: Client, ada: Member, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        identity = queries.member_of_session(key_of(ada_client))

    assert identity is not None
    assert identity.member == ada
    assert identity.session_id == Session.objects.get().pk


def test_an_unknown_key_is_nobodys(db: None) -> None:
    assert queries.member_of_session("made-up") is None


def test_a_session_that_ran_out_is_over(ada_client: Client) -> None:
    with clock.at(clock.now() + timedelta(days=38)):
        assert queries.member_of_session(key_of(ada_client)) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another"}])
def test_a_session_whose_member_changed_belongs_to_nobody(
    change: dict[str, Any], ada_client: Client, ada: Member
) -> None:
    Member.objects.filter(pk=ada.pk).update(**change)

    identity = queries.member_of_session(key_of(ada_client))

    assert identity is not None
    assert identity.member is None


def test_who_came_by_a_session_or_token_is_looked_up_again_by_its_number(
    ada_client: Client, ada: Member, ben: Member
) -> None:
    session, token = Session.objects.get(), actions.issue_token(ben, name="x", scopes=["read"], days=7).token
    assert queries.member_of(session_id=session.pk) == ada
    assert queries.member_of(token_id=token.pk) == ben

    actions.end_session(ada, session_id=session.pk)
    actions.revoke_token(ben, token_id=token.pk)

    assert queries.member_of(session_id=session.pk) is None
    assert queries.member_of(token_id=token.pk) is None
    assert queries.member_of(token_id=0) is None


def test_devices_signed_in_before_a_new_password_are_not_listed(ada_client: Client, ada: Member) -> None:
    ada.set_password("another horse battery staple")
    ada.save()

    assert queries.sessions_of(ada) == []
    assert Session.objects.count() == 1


def test_what_is_stored_names_itself(ada_client: Client, ada: Member) -> None:
    code = actions.send_sign_in_code(ada, email=ada.email)
    token = actions.issue_token(ada, name="Script", scopes=["read"], days=7).token
    Session.objects.update(device="Firefox on Linux")

    assert str(Session.objects.get()) == "Firefox on Linux"
    assert str(OneTimeCode.objects.get()) == f"sign_in {code.pk}"
    assert str(AccessToken.objects.get()) == "Script" == str(token)
    assert str(Persona(member=ada, label="Organiser")) == "Organiser"


def test_the_mailbox_is_linked_only_where_there_is_one(settings: Any) -> None:
    assert queries.mailbox_address("ada@example.org") == "/mailbox/?to=ada%40example.org"
    settings.MAIL = "smtp://mail.example"

    assert queries.mailbox_address("ada@example.org") == ""


def test_what_a_session_keeps_opens_only_with_its_own_key(ada_client: Client, ada: Member) -> None:
    store = SessionStore(key_of(ada_client))
    assert store["_auth_user_id"] == str(ada.pk)
    Session.objects.update(data=Session(data="tampered").data)

    assert SessionStore(key_of(ada_client)).load() == {}


def test_a_session_store_knows_what_exists(ada_client: Client) -> None:
    store = SessionStore(key_of(ada_client))

    assert store.exists(key_of(ada_client))
    assert not store.exists("made-up")
    assert SessionStore("made-up").load() == {}


def test_a_new_session_has_a_key_of_its_own(db: None) -> None:
    store = SessionStore()
    store["note"] = "to self"
    store.save()

    kept = SessionStore(store.session_key)
    assert kept["note"] == "to self"
    kept.cycle_key()
    assert SessionStore(store.session_key).load() == {}
    assert SessionStore(kept.session_key)["note"] == "to self"


def test_a_session_without_a_key_gets_one_when_it_changes_hands(db: None) -> None:
    store = SessionStore()
    store["note"] = "to self"

    store.cycle_key()

    assert SessionStore(store.session_key).session_key


def test_sessions_that_ran_out_are_cleared(ada_client: Client) -> None:
    with clock.at(clock.now() + timedelta(days=38)):
        SessionStore.clear_expired()

    assert Session.objects.count() == 0
