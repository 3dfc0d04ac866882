"""The posts of somebody on their own page, and the page that lists them all."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guildry.community.timeline.rules import Audience
from guildry.people.accounts.models import Member
from tests.factories import timeline as make

HTMX = {"HX-Request": "true"}


def test_a_profile_fetches_the_posts_of_its_member_once_it_is_open(ada: Member, client: Client) -> None:
    make.publish(ada, "A plane makes shavings")

    page = client.get("/people/ada/").content.decode()

    assert 'hx-get="/timeline/members/ada/"' in page
    assert "A plane makes shavings" not in page


def test_what_is_fetched_are_the_newest_three(ada: Member, client: Client) -> None:
    for number in range(4):
        make.publish(ada, f"Shaving number {number}")

    part = client.get("/timeline/members/ada/", headers=HTMX).content.decode()

    assert [f"Shaving number {number}" in part for number in range(4)] == [False, True, True, True]
    assert "<html" not in part


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_members_posts_stays_within_its_queries(
    ada: Member, client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.publish_many(ada, count)

    with django_assert_num_queries(3):
        page = client.get("/timeline/members/ada/").content

    assert page.count(b"<article") == count


def test_nobody_kept_apart_by_a_block_reads_a_members_posts(ada: Member, ben: Member, client: Client) -> None:
    make.block(ada, ben)
    client.force_login(ben)

    assert client.get("/timeline/members/ada/").status_code == 404
    assert client.get("/timeline/members/nobody/").status_code == 404


def test_only_its_people_read_what_is_written_for_an_organisation(
    ada: Member, ben: Member, client: Client
) -> None:
    mill = make.organisation("mill", ada)
    make.publish(ada, "Only for the mill", audience=Audience.ORGANISATION, organisation_id=mill.pk)

    found = {}
    for reader in (ada, ben):
        client.force_login(reader)
        found[reader.handle] = b"Only for the mill" in client.get("/timeline/organisations/mill/").content
    client.logout()

    assert found == {"ada": True, "ben": False}
    assert client.get("/timeline/organisations/mill/").status_code == 302
    assert b"/timeline/organisations/mill/" not in client.get("/organisations/mill/").content
