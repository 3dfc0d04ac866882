"""What is asked of organisations."""

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from guildry.kernel import paging
from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions, queries
from tests.factories.organisations import join, make_organisation
from tests.factories.people import grant, make_member


def test_the_directory_lists_by_name_page_by_page(ada: Member) -> None:
    for name in ("Zeta", "Élan", "alpha", "Beta", "Delta"):
        make_organisation(ada, f"o_{name.lower().replace('é', 'e')}", name=name)

    first = queries.directory(None, size=2)
    second = queries.directory(None, size=2, cursor=first.next_cursor)
    third = queries.directory(None, size=2, cursor=second.next_cursor)

    names = [[found.name for found in page.items] for page in (first, second, third)]
    assert names == [["alpha", "Beta"], ["Delta", "Élan"], ["Zeta"]]
    assert third.next_cursor == ""


def test_the_directory_narrows_by_words_kind_and_place(ada: Member) -> None:
    mill = make_organisation(ada, "mill", name="Élan Mill", tagline="Oak and spruce", place="Leeds, England")
    make_organisation(ada, "shop", name="Shop", kind="charity", place="York, England")

    assert queries.directory(None, text="elan oak").items == [mill]
    assert queries.directory(None, text="mil").items == [mill]
    assert queries.directory(None, text="elan york").items == []
    assert queries.directory(None, kind="company").items == [mill]
    assert queries.directory(None, place="leeds").items == [mill]


def test_a_made_up_cursor_is_refused(db: None) -> None:
    with pytest.raises(paging.InvalidCursor):
        queries.directory(None, cursor="nonsense")


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_takes_one_query(
    ada: Member, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_organisation(ada, f"guild_{number}")

    with django_assert_num_queries(1):
        assert len(queries.directory(None).items) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_take_one_query(
    ada: Member, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = make_organisation(ada)
    for number in range(count - 1):
        join(organisation, make_member(f"person_{number}"))

    with django_assert_num_queries(1):
        page = queries.people_of(organisation)
        assert len([membership.member.name for membership in page.items]) == count


def test_the_people_come_page_by_page_without_inactive_accounts(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben)
    join(organisation, make_member("grace", is_active=False))
    join(organisation, make_member("henry"))

    first = queries.people_of(organisation, size=2)
    second = queries.people_of(organisation, size=2, cursor=first.next_cursor)

    assert [m.member.handle for m in [*first.items, *second.items]] == ["ada", "ben", "henry"]


def test_where_a_member_belongs_leaves_out_what_is_closed(ada: Member, ben: Member) -> None:
    kept, closed = make_organisation(ada, "kept"), make_organisation(ada, "closed")
    actions.close_organisation(ada, organisation_id=closed.pk)

    assert queries.organisations_of(ada.pk) == [kept]
    assert queries.organisation_ids_of(ada.pk) == [kept.pk]
    assert [m.organisation for m in queries.memberships_of(ada.pk)] == [closed, kept]
    assert queries.organisations_of(ben.pk) == []
    assert queries.organisations_by_id([kept.pk]) == {kept.pk: kept}


def test_how_people_stand_to_an_organisation(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    grace, henry, iris = make_member("grace"), make_member("henry"), make_member("iris")
    request = actions.request_to_join(ben, organisation_id=organisation.pk)
    invitation = actions.invite(ada, organisation_id=organisation.pk, to="grace")
    moderator = grant(henry, StaffRole.MODERATOR, by=ada)
    before = queries.standing(moderator, organisation)
    actions.begin_oversight(moderator, organisation_id=organisation.pk, reason="Reported")

    assert (before.may_step_in, before.may("close"), before.giving_role) == (True, False, None)
    assert not queries.standing(moderator, organisation).may_step_in
    assert queries.standing(None, organisation) == queries.Standing()
    assert queries.standing(ada, organisation).giving_role == "owner"
    assert queries.standing(ben, organisation).request == request
    assert queries.standing(grace, organisation).invitation == invitation
    assert queries.standing(moderator, organisation).may("close")
    assert queries.standing(moderator, organisation).giving_role == "owner"
    assert queries.standing(iris, organisation).giving_role is None


def test_an_auditor_sees_a_closed_organisation(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    actions.close_organisation(ada, organisation_id=organisation.pk)
    auditor = grant(ben, StaffRole.AUDITOR, by=ada)

    assert queries.organisation_by_handle(auditor, "NORTHWIND") == organisation


def test_leaders_are_owners_and_admins(ada: Member, ben: Member) -> None:
    organisation = make_organisation(ada)
    join(organisation, ben, "admin")
    join(organisation, make_member("grace"), "manager")

    assert [m.member for m in queries.leaders_of(organisation)] == [ada, ben]


def test_the_palette_finds_by_name(ada: Member) -> None:
    mill = make_organisation(ada, "mill", name="Northwind Mill")

    assert queries.search_for_palette(ada, "north", 5) == [mill]
    assert queries.role_of(mill.pk, None) is None


def test_a_mark_in_use_is_known_by_its_file(ada: Member) -> None:
    mill = make_organisation(ada, "mill", name="Northwind Mill")
    type(mill).objects.filter(pk=mill.pk).update(mark="a1b2c3")

    assert queries.marks_in_use(["a1b2c3", "d4e5f6"]) == {"a1b2c3"}
