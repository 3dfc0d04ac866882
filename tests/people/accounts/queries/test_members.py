"""Finding members by what names them, and handles that are free."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount

from guildry.people.accounts import queries
from guildry.people.accounts.models import Member
from tests.factories.factors import give_app, give_recovery_codes
from tests.factories.people import make_member


def names(found: list[Member]) -> list[str]:
    return [member.handle for member in found]


def test_members_are_found_by_handle_in_any_case_while_active(ada: Member) -> None:
    assert queries.member_by_handle("ADA") == ada
    Member.objects.update(is_active=False)
    assert queries.member_by_handle("ada") is None
    assert queries.member_by_id(ada.pk) == ada
    assert queries.member_by_email(" ADA@example.org ") == ada


def test_several_members_cost_one_query(ada: Member, ben: Member, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert queries.members_by_id([ada.pk, ben.pk, ada.pk, 0]) == {ada.pk: ada, ben.pk: ben}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada", ["ada"]), ("@ADA", ["ada"]), ("nwo", ["ada"]), ("okri", ["ben"]), (" ", []), ("kri", []),
        ("b", ["ben", "bo"]), ("%", []), ("_", []),
    ],
)  # fmt: skip
def test_a_search_finds_beginnings_of_names_and_handles(
    text: str, found: list[str], ada: Member, ben: Member
) -> None:
    make_member("bo", "Bo Amundsen")
    Member.objects.filter(pk=make_member("adam", "Adam Gone").pk).update(is_active=False)

    assert sorted(names(queries.search_members(None, text, 10))) == found


def test_a_search_stops_where_it_is_told_to(ada: Member) -> None:
    for number in range(4):
        make_member(f"cleo{number}", f"Cleo {number}")

    assert names(queries.search_members(ada, "cleo", 3)) == ["cleo0", "cleo1", "cleo2"]
    assert queries.search_members(ada, "cleo", 0) == []


@pytest.mark.parametrize(
    ("wanted", "free"),
    [
        ("Åsa Lindqvist", "asa_lindqvist"), ("ada", "ada2"), ("Staff", "staff2"), ("李", "member"),
        ("x" * 40, "x" * 24), ("--", "member"), ("Zoë", "zoe"),
    ],
)  # fmt: skip
def test_a_handle_is_made_of_a_name(wanted: str, free: str, ada: Member) -> None:
    assert queries.free_handle(wanted) == free
    assert queries.is_handle_free(free)


def test_a_handle_made_of_a_name_passes_over_those_taken(ada: Member) -> None:
    for handle in ("ada2", "ada4"):
        make_member(handle)

    assert queries.free_handle("Ada") == "ada3"


def test_recovery_codes_alone_are_no_second_factor(ada: Member) -> None:
    give_recovery_codes(ada)
    assert not queries.has_second_factor(ada)
    give_app(ada)

    assert queries.has_second_factor(ada)
    assert [factor.type for factor in queries.second_factors_of(ada)] == ["recovery_codes", "totp"]


def test_connected_services_are_counted(ada: Member, ben: Member) -> None:
    SocialAccount.objects.create(user=ben, provider="oidc", uid="1", extra_data={})

    assert (queries.connection_count(ada), queries.connection_count(ben)) == (0, 1)


def test_members_name_themselves(ada: Member) -> None:
    assert (str(ada), ada.get_full_name(), ada.get_short_name()) == ("Ada Nwosu", "Ada Nwosu", "Ada")
    assert Member.objects.get_by_natural_key("ADA@example.org") == ada
