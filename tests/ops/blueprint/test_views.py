"""The pages of the schema: walking from table to table, searching, and who may."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guildry.kernel.permissions import StaffRole
from guildry.ops.blueprint import queries
from guildry.people.accounts.models import Member
from tests.factories.people import grant

pytestmark = pytest.mark.django_db
ADDRESS = "/ops/schema/"


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def operator(ada: Member, ben: Member) -> Client:
    client = Client()
    client.force_login(grant(ada, StaffRole.OPERATOR, by=ben))
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_table_of_the_snapshot_is_on_the_page(operator: Client) -> None:
    shown = set(re.findall(r'href="/ops/schema/tables/([\w-]+)/"', page(operator, ADDRESS)))

    assert shown == {table.name for area in queries.areas() for table in area.tables}
    assert len(shown) > 80


def test_a_search_finds_tables_columns_and_kinds_of_data(operator: Client) -> None:
    by_column = page(operator, f"{ADDRESS}?q=email")
    by_kind = page(operator, f"{ADDRESS}?q=secret")
    nothing = page(operator, f"{ADDRESS}?q=zzzz")

    assert "/ops/schema/tables/accounts_member/#email" in by_column
    assert "/ops/schema/tables/accounts_onetimecode/" in by_kind
    assert "No table or column has that in its name" in nothing


def test_a_search_swaps_the_results_alone(operator: Client) -> None:
    part = operator.get(ADDRESS, {"q": "hashtag"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "timeline_hashtag" in part


def test_references_are_walked_both_ways(operator: Client) -> None:
    comment = page(operator, f"{ADDRESS}tables/timeline_comment/")
    post = page(operator, f"{ADDRESS}tables/timeline_post/")

    assert 'href="/ops/schema/tables/timeline_post/"' in comment
    assert 'href="/ops/schema/tables/timeline_comment/#post_id"' in post


def test_a_table_says_what_each_column_holds(operator: Client) -> None:
    shown = page(operator, f"{ADDRESS}tables/accounts_member/")

    assert "user.contact.email" in shown
    assert "Reach the member" in shown
    assert 'id="email"' in shown


def test_every_area_and_table_opens(operator: Client) -> None:
    for area in queries.areas():
        drawn = page(operator, f"{ADDRESS}areas/{area.key}/")
        assert drawn.count("data-box") == len(area.tables)
        for table in area.tables:
            page(operator, f"{ADDRESS}tables/{table.name}/")


@pytest.mark.parametrize("address", ["tables/nowhere/", "areas/nowhere/"])
def test_what_is_not_there_is_a_refusal(operator: Client, address: str) -> None:
    assert operator.get(ADDRESS + address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_drift_is_shown_where_it_is(operator: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE seeds_loadedpack ADD COLUMN besides integer NULL")
    try:
        whole = page(operator, ADDRESS)
        one = page(operator, f"{ADDRESS}tables/seeds_loadedpack/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE seeds_loadedpack DROP COLUMN besides")

    assert "column seeds_loadedpack.besides should not be there" in whole
    assert "guildry schema drift" in whole
    assert "column seeds_loadedpack.besides should not be there" in one


def test_those_without_the_permission_see_nothing(ada: Member) -> None:
    client = Client()
    client.force_login(ada)

    assert client.get(ADDRESS).status_code == 403


def test_a_page_asked_for_again_does_not_look_into_the_database_again(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator.get(ADDRESS)

    with django_assert_num_queries(2):
        operator.get(ADDRESS)
