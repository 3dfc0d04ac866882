"""The pages of notifications, with and without htmx."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guildry.kernel import clock, points
from guildry.people.accounts.models import Member
from guildry.people.notifications import queries
from guildry.people.notifications.models import Notification, Tray
from guildry.people.notifications.rules import Channels, Mail
from tests.factories.notifications import set_tray, tell
from tests.factories.people import make_member

HTMX = {"HX-Request": "true"}


def address(name: str, **named: Any) -> str:
    return reverse(f"notifications:{name}", kwargs=named)


def form_of(page: Any) -> dict[str, Any]:
    """Return what the form of the preferences page would send as it stands."""
    wishes = queries.wishes_of(page.wsgi_request.user)
    sent: dict[str, Any] = {"digest": "daily", "quiet_from": "", "quiet_until": ""}
    for kind, chosen in wishes.channels.items():
        sent[f"mail-{kind}"] = chosen.mail.value
        if chosen.app:
            sent[f"app-{kind}"] = "on"
    return sent


@pytest.mark.parametrize("name", ["home", "preferences"])
def test_guests_are_led_to_the_sign_in(client: Client, db: None, name: str) -> None:
    assert client.get(address(name)).status_code == 302


@pytest.mark.parametrize(("query", "told"), [("", "Nothing here yet"), ("?unread=on", "You are up to date")])
def test_an_empty_page_says_why(ada_client: Client, query: str, told: str) -> None:
    assert told in ada_client.get(address("home") + query).text


def test_news_stand_under_today_and_earlier(ada: Member, ben: Member, ada_client: Client) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        tell(ada, "An old matter")
    tell(ada, "A new matter", actor=ben, url="/people/ben/")

    text = ada_client.get(address("home")).text

    order = [text.index(word) for word in (">Today<", "A new matter", ">Earlier<", "An old matter")]
    assert order == sorted(order)
    assert 'href="/people/ben/"' in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(
    ada: Member, ada_client: Client, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        tell(ada, actor=make_member(f"m{number}"))

    with django_assert_max_num_queries(8) as captured:
        ada_client.get(address("home"))

    assert len([q for q in captured if "notifications_" in q["sql"]]) == 2


def test_one_is_read_with_and_without_htmx(ada: Member, ada_client: Client) -> None:
    first, second = tell(ada, "First"), tell(ada, "Second")

    plain = ada_client.post(address("reading", notification_id=first.pk), {"unread": "on"})
    live = ada_client.post(address("reading", notification_id=second.pk), {"unread": "on"}, headers=HTMX)

    assert (plain.status_code, plain["Location"]) == (303, address("home") + "?unread=True")
    assert live.status_code == 200
    assert live.text.strip().startswith('<news-list id="news"')
    assert "You are up to date" in live.text
    assert queries.unread_count(ada) == 0


def test_the_redirect_keeps_the_filter(ada: Member, ada_client: Client) -> None:
    row = tell(ada, "First")

    response = ada_client.post(address("reading", notification_id=row.pk), {"unread": "on"}, follow=True)

    assert "You are up to date" in response.text


def test_what_is_not_mine_is_not_found(ben: Member, ada_client: Client) -> None:
    row = tell(ben)

    for wanted in (row.pk, 10**30):
        assert ada_client.post(address("reading", notification_id=wanted)).status_code == 404


def test_all_are_read_up_to_the_newest_that_was_shown(ada: Member, ada_client: Client) -> None:
    shown = tell(ada, "Shown")
    tell(ada, "Arrived meanwhile")

    response = ada_client.post(address("reading_all"), {"up_to": shown.pk}, follow=True)

    assert "Everything is read." in response.text
    assert queries.unread_count(ada) == 1


def test_all_of_a_group_are_read(ada: Member, ada_client: Client) -> None:
    tell(ada, kind="network.follow")
    tell(ada, kind="organisations.joined")

    response = ada_client.post(address("reading_all"), {"group": "Network"}, headers=HTMX)

    assert response.status_code == 200
    assert queries.unread_count(ada) == 1


@pytest.mark.parametrize("up_to", ["", "-1", "x", str(10**30)])
def test_a_broken_mark_reads_everything_but_sees_nothing(ada: Member, ada_client: Client, up_to: str) -> None:
    tell(ada)

    seen = ada_client.post(address("seen"), {"up_to": up_to})
    assert seen.status_code == 204
    assert Notification.objects.get().seen_at is None


def test_looking_at_the_page_is_noted(ada: Member, ada_client: Client) -> None:
    row = tell(ada)

    response = ada_client.post(address("seen"), {"up_to": row.pk})

    assert response.status_code == 204
    assert Notification.objects.get().seen_at is not None
    assert queries.unread_count(ada) == 1


def test_older_news_come_alone(ada: Member, ada_client: Client) -> None:
    for number in range(queries.PAGE_SIZE + 1):
        tell(ada, f"Number {number}.")

    first = ada_client.get(address("home"))
    cursor = queries.entries(ada).next_cursor
    second = ada_client.get(address("home"), {"cursor": cursor}, headers=HTMX)

    assert "Number 0." not in first.text
    assert "cursor=" in first.text
    assert "Number 0." in second.text
    assert "<news-list" not in second.text


def test_a_group_is_a_filter_in_the_address(ada: Member, ada_client: Client) -> None:
    tell(ada, "Follows", kind="network.follow")
    tell(ada, "Joined", kind="organisations.joined")

    text = ada_client.get(address("home") + "?group=Organisations").text

    assert "Joined" in text
    assert "Follows" not in text


def test_preferences_are_shown_and_saved(ada: Member, ada_client: Client) -> None:
    page = ada_client.get(address("preferences"))
    sent = form_of(page) | {
        "mail-network.follow": "instant",
        "digest": "weekly",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    }
    del sent["app-network.request"]

    response = ada_client.post(address("preferences"), sent)

    wishes = queries.wishes_of(ada)
    assert (page.status_code, response.status_code) == (200, 303)
    assert wishes.channels["network.follow"] == Channels(True, Mail.INSTANT)
    assert wishes.channels["network.request"] == Channels(False, Mail.DIGEST)
    assert wishes.tray.digest == "weekly"
    assert 'value="22:00"' in ada_client.get(address("preferences")).text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"quiet_from": "22:00"}, "Give quiet hours a beginning and a different end"),
        ({"quiet_from": "25:00"}, "Enter a valid time."),
        ({"digest": "hourly"}, "Select a valid choice."),
        ({"mail-network.follow": "pigeon"}, "Select a valid choice."),
    ],
)
def test_a_wrong_choice_is_shown_at_its_field(
    ada: Member, ada_client: Client, wrong: dict[str, str], told: str
) -> None:
    sent = form_of(ada_client.get(address("preferences"))) | wrong

    response = ada_client.post(address("preferences"), sent)

    assert response.status_code == 422
    assert told in response.text
    assert Tray.objects.count() == 0


def test_mail_is_paused_and_goes_on(ada: Member, ada_client: Client) -> None:
    ada_client.post(address("pause"), {"span": "day"})
    paused = ada_client.get(address("preferences"))
    ada_client.post(address("pause"), {"span": "none"})

    assert "End the pause" in paused.text
    assert Tray.objects.get(pk=ada.pk).paused_until is None


def test_a_pause_of_no_length_is_refused(ada_client: Client) -> None:
    assert ada_client.post(address("pause"), {"span": "forever"}).status_code == 422
    assert Tray.objects.count() == 0


def test_the_link_in_a_mail_asks_first_and_mail_programs_need_no_session(ada: Member, db: None) -> None:
    link = address("unsubscribe", token=queries.unsubscribe_token(ada.pk, "digest"))
    program = Client(enforce_csrf_checks=True)

    asked = program.get(link)
    assert "Stop the digest?" in asked.text
    assert Tray.objects.count() == 0
    done = program.post(link, {"List-Unsubscribe": "One-Click"})

    assert "That is off" in done.text
    assert Tray.objects.get(pk=ada.pk).digest == "off"


def test_the_link_of_a_kind_names_it(ada: Member, client: Client) -> None:
    link = address("unsubscribe", token=queries.unsubscribe_token(ada.pk, "network.request"))

    assert "mail about “Requests to connect”" in client.get(link).text


def test_a_broken_link_is_not_found(client: Client, db: None) -> None:
    assert client.get(address("unsubscribe", token="nonsense")).status_code == 404


def test_the_bell_reads_one_row(ada: Member, django_assert_num_queries: Callable[..., Any]) -> None:
    set_tray(ada, unread_count=7)
    badge = points.MODULES["notifications"].badge

    with django_assert_num_queries(1):
        assert badge is not None
        assert badge(ada) == 7


def test_what_several_did_at_one_place_is_told_and_read_in_one_line(ada: Member, ada_client: Client) -> None:
    people = [make_member(f"reader{n}", name=f"Reader {n}") for n in range(3)]
    for person in people:
        tell(
            ada,
            f"{person.name} reacted to your post: “Oak”",
            actor=person,
            kind="timeline.reaction",
            url="/timeline/posts/7/",
        )
    tell(ada, "Reader 0 follows you", actor=people[0], url="/people/reader0/")

    text = ada_client.get(address("home")).text
    bundle = next(b for b in queries.bundles(queries.entries(ada).items) if len(b.entries) > 1)
    also = " ".join(str(entry.id) for entry in bundle.entries[1:])
    ada_client.post(address("reading", notification_id=bundle.latest.id), {"also": also})

    assert text.count("Reader 2 and 2 others reacted to your post: “Oak”</a>") == 1
    assert "Reader 0 follows you</a>" in text
    assert queries.unread_count(ada) == 1


def test_a_line_that_names_too_much_reads_only_itself(ada: Member, ada_client: Client) -> None:
    first, second = tell(ada), tell(ada)

    ada_client.post(address("reading", notification_id=first.pk), {"also": f"{second.pk}; DROP"})

    assert queries.unread_count(ada) == 1
