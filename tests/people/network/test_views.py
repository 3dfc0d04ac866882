"""The pages of the network, and what their buttons do with and without htmx."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guildry.kernel import points
from guildry.people.accounts.models import Member
from guildry.people.network import queries
from guildry.people.network.models import Block, Connection
from tests.factories.network import block, connect, follow, mute
from tests.factories.organisations import join, make_organisation
from tests.factories.people import make_member
from tests.factories.profiles import make_profile

HTMX = {"HX-Request": "true"}
PAGES = ["home", "connections", "received", "sent", "followers", "following", "shields"]


def address(name: str, **named: Any) -> str:
    return reverse(f"network:{name}", kwargs=named)


@pytest.mark.parametrize("name", PAGES)
def test_guests_are_led_to_the_sign_in(client: Client, db: None, name: str) -> None:
    response = client.get(address(name))

    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_page_says_what_to_do(ada_client: Client, name: str) -> None:
    response = ada_client.get(address(name))

    assert response.status_code == 200
    assert "yet" in response.text or "nobody" in response.text.lower() or "No requests" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_home_page_takes_a_fixed_number_of_queries(
    ada: Member, ada_client: Client, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    guild = make_organisation(ada, "guild")
    make_profile(ada)
    for number in range(count):
        other, asker = make_member(f"o{number}"), make_member(f"a{number}", f"Asker {number}")
        make_profile(other)
        join(guild, other)
        connect(asker, ada, state="requested", note=f"Note {number}")

    with django_assert_max_num_queries(15) as captured:
        response = ada_client.get(address("home"))

    tables = ("network_", "organisations_", "profiles_")
    assert len([q for q in captured if any(name in q["sql"] for name in tables)]) == 11
    assert response.text.count("You both belong to Guild") == count
    assert response.text.count("Note ") == count


def test_a_follow_button_answers_htmx_with_the_buttons_alone(
    ada: Member, ben: Member, ada_client: Client
) -> None:
    response = ada_client.post(address("follow", member_id=ben.pk), {"size": "full"}, headers=HTMX)

    assert response.status_code == 200
    assert response.text.strip().startswith(f'<div class="relation cluster" id="relation-{ben.pk}">')
    assert "You follow Ben Okri." in response.text
    assert queries.following_ids(ada.pk) == [ben.pk]


def test_without_javascript_one_returns_to_where_one_was(
    ada: Member, ben: Member, ada_client: Client
) -> None:
    profile = reverse("profiles:profile", kwargs={"handle": "ben"})

    inside = ada_client.post(address("follow", member_id=ben.pk), {"next": address("followers")})
    outside = ada_client.post(address("follow_end", member_id=ben.pk), {"next": "https://evil.example/"})

    assert (inside.status_code, inside["Location"]) == (303, address("followers"))
    assert (outside.status_code, outside["Location"]) == (303, profile)


def test_a_request_with_a_note_is_sent_and_answered(ada: Member, ben: Member, ada_client: Client) -> None:
    ben_client = Client()
    ben_client.force_login(ben)

    sent = ada_client.post(address("connection", member_id=ben.pk), {"note": "We met in Leeds"})
    waiting = ben_client.get(address("received"))
    accepted = ben_client.post(address("acceptance", member_id=ada.pk))

    assert sent.status_code == accepted.status_code == 303
    assert "We met in Leeds" in waiting.text
    assert queries.is_connected(ada.pk, ben.pk)


def test_a_note_too_long_is_shown_at_its_field(ben: Member, ada_client: Client) -> None:
    response = ada_client.post(address("connection", member_id=ben.pk), {"note": "x" * 301})

    assert response.status_code == 422
    assert "Keep the note to 300 characters." in response.text
    assert Connection.objects.count() == 0


def test_the_form_for_a_request_stands_on_a_page_too(ben: Member, ada_client: Client) -> None:
    response = ada_client.get(address("connection", member_id=ben.pk))

    assert response.status_code == 200
    assert "Connect with Ben Okri" in response.text


@pytest.mark.parametrize(
    ("name", "before", "state"),
    [("refusal", "requested", "declined"), ("connection_end", "accepted", "ended")],
)
def test_refusals_and_ends_are_buttons(
    ada: Member, ben: Member, ada_client: Client, name: str, before: str, state: str
) -> None:
    connect(ben, ada, state=before)

    response = ada_client.post(address(name, member_id=ben.pk))

    assert response.status_code == 303
    assert Connection.objects.get().state == state


def test_muting_goes_there_and_back(ada: Member, ben: Member, ada_client: Client) -> None:
    ada_client.post(address("mute", member_id=ben.pk))
    muted = ada_client.get(address("shields") + "?list=muted")
    ada_client.post(address("mute_end", member_id=ben.pk))

    assert "Ben Okri" in muted.text
    assert queries.hidden_ids(ada.pk) == []


def test_blocking_asks_first_and_unblocking_does_not(ada: Member, ben: Member, ada_client: Client) -> None:
    asked = ada_client.get(address("block", member_id=ben.pk))
    assert "Block Ben Okri?" in asked.text
    assert Block.objects.count() == 0

    done = ada_client.post(address("block", member_id=ben.pk))
    listed = ada_client.get(address("shields"))
    undone = ada_client.post(address("block_end", member_id=ben.pk), headers=HTMX)

    assert (done.status_code, done["Location"]) == (303, address("shields"))
    assert "Ben Okri" in listed.text
    assert "Connect" in undone.text
    assert Block.objects.count() == 0


@pytest.mark.parametrize("member_id", [999, 2**63, 10**30])
def test_nobody_is_not_found(ada_client: Client, member_id: int) -> None:
    for name in ("connection", "block"):
        assert ada_client.get(address(name, member_id=member_id)).status_code == 404
    assert ada_client.post(address("follow", member_id=member_id)).status_code == 404


def test_the_second_page_comes_alone(ada: Member, ada_client: Client) -> None:
    for number in range(queries.PAGE_SIZE + 1):
        follow(make_member(f"m{number}", f"Number {number}."), ada)

    first = ada_client.get(address("followers"))
    cursor = queries.followers(ada).next_cursor
    second = ada_client.get(address("followers"), {"cursor": cursor}, headers=HTMX)

    assert "Number 0." not in first.text
    assert cursor in first.text
    assert "Number 0." in second.text
    assert "<html" not in second.text


def test_a_profile_carries_the_buttons_and_the_counts(ada: Member, ben: Member, ada_client: Client) -> None:
    make_profile(ben)
    follow(ada, ben)

    page = ada_client.get(reverse("profiles:profile", kwargs={"handle": "ben"}))
    guest = Client().get(reverse("profiles:profile", kwargs={"handle": "ben"}))

    assert f'id="relation-{ben.pk}"' in page.text
    assert f'id="request-{ben.pk}"' in page.text
    assert "Followers" in page.text
    assert reverse("account_login") in guest.text


def test_ones_own_profile_has_no_buttons_but_the_way_to_the_lists(ada: Member, ada_client: Client) -> None:
    make_profile(ada)

    page = ada_client.get(reverse("profiles:profile", kwargs={"handle": "ada"}))

    assert "relation-" not in page.text
    assert address("connections") in page.text


def test_a_blocked_member_meets_nobody(ada: Member, ben: Member, ada_client: Client) -> None:
    make_profile(ben)
    block(ben, ada)

    page = ada_client.get(reverse("profiles:profile", kwargs={"handle": "ben"}))
    act = ada_client.post(address("follow", member_id=ben.pk))

    assert (page.status_code, act.status_code) == (404, 404)


def test_a_muted_member_can_be_heard_again_from_the_profile(
    ada: Member, ben: Member, ada_client: Client
) -> None:
    make_profile(ben)
    mute(ada, ben)

    page = ada_client.get(reverse("profiles:profile", kwargs={"handle": "ben"}))

    assert "Unmute" in page.text


def test_the_palette_finds_connections(ada: Member, ben: Member) -> None:
    connect(ada, ben)

    (found,) = points.PALETTE_SOURCES["connections"].search(ada, "ben", 5)

    assert (found.label, found.url) == ("Ben Okri", "/people/ben/")


@pytest.mark.parametrize("count", [1, 3])
def test_everybody_in_the_directory_has_a_next_step_asked_for_at_once(
    ada: Member, ada_client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    make_profile(ada)
    people = [make_member(f"person_{number}") for number in range(count)]
    for person in people:
        make_profile(person)
    follow(ada, people[0])

    with django_assert_max_num_queries(15):
        page = ada_client.get(reverse("profiles:directory")).content.decode()

    assert page.count('id="relation-') == count
    assert f'id="relation-{ada.pk}"' not in page
    assert page.count('aria-pressed="true"') == 1


def test_the_directory_offers_guests_no_buttons(ada: Member, client: Client) -> None:
    make_profile(ada)

    assert 'id="relation-' not in client.get(reverse("profiles:directory")).content.decode()


def test_the_side_of_the_timeline_fetches_a_few_people_one_may_know(ada: Member, ada_client: Client) -> None:
    guild = make_organisation(ada, "timber")
    for number in range(4):
        joiner = make_member(f"joiner{number}", f"Joiner {number}")
        make_profile(joiner)
        join(guild, joiner)

    page = ada_client.get(reverse("timeline:home"))
    fetched = ada_client.get(address("nearby"), headers=HTMX)

    assert f'hx-get="{address("nearby")}"' in page.text
    assert fetched.text.count("You both belong to") == 3
    assert "<html" not in fetched.text


def test_the_side_of_the_timeline_stays_empty_where_nobody_is_near(
    ada_client: Client, client: Client
) -> None:
    fetched = ada_client.get(address("nearby"), headers=HTMX)

    assert fetched.text.strip() == "<div></div>"
    assert address("nearby") not in client.get(reverse("timeline:home")).text


def test_without_htmx_the_few_lead_to_all(ada_client: Client) -> None:
    answer = ada_client.get(address("nearby"))

    assert (answer.status_code, answer["Location"]) == (302, address("home"))
