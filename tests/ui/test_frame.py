"""The frame of pages is drawn once for a kind of reader, and says to each reader only what is their own."""

import re
from typing import Any

import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.test import Client, RequestFactory
from markupsafe import Markup

from guildry.people.accounts.models import Member
from guildry.ui import pages
from guildry.ui.frame import Marks
from guildry.ui.messages import SignedMessages
from tests.factories.people import make_member


def page_of(member: Member) -> str:
    client = Client()
    client.force_login(member)
    return client.get("/timeline/").content.decode()


def test_each_reader_finds_their_own_name_portrait_and_place(db: None) -> None:
    ada = make_member("ada", name="Ada <Lovelace> 100%s", headline="Counts %(name)s")
    ben = make_member("ben", name="Ben Brook", headline="Builds")

    first, second, again = page_of(ada), page_of(ben), page_of(ada)

    for page in (first, again):
        assert "Ada &lt;Lovelace&gt; 100%s" in page
        assert "Counts %(name)s" in page
        assert "@ada" in page
        assert "Ben Brook" not in page
    assert "Ben Brook" in second
    assert "@ben" in second
    assert "@ada" not in second
    assert "\x00" not in first + second


def test_what_changes_of_a_reader_shows_on_their_next_page(ada: Member) -> None:
    before = page_of(ada)
    Member.objects.filter(pk=ada.pk).update(name="Ada King", headline="Writes programs")
    renamed = page_of(ada)
    Member.objects.filter(pk=ada.pk).update(portrait="0" * 32)
    pictured = page_of(ada)

    assert "Ada King" not in before
    assert "Ada King" in renamed
    assert "Writes programs" in renamed
    assert "0" * 32 not in renamed
    assert "0" * 32 in pictured


def test_the_secrets_of_a_page_are_new_each_time(ada: Member) -> None:
    client = Client()
    client.force_login(ada)

    first, second = (client.get("/timeline/") for _ in range(2))

    for response in (first, second):
        nonce = response["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        assert f'hx-nonce="{nonce}"' in response.content.decode()
        assert response.content.decode().count(f'nonce="{nonce}"') == response.content.decode().count(
            'nonce="'
        )


def test_a_part_of_the_frame_cannot_ask_for_more_than_is_printed() -> None:
    with pytest.raises(AttributeError):
        _ = Marks().password


def test_a_kept_page_is_the_page_that_is_drawn_for_its_reader_alone(ada: Member, rf: RequestFactory) -> None:
    request = request_of(ada, rf)
    shape = {"tab": "latest", "tabs": (("latest", "Latest", "/timeline/?tab=latest", 0),)}
    holes = {
        "posts": "<p>100% of <b>%(name)s</b> \x00name\x00</p>",
        "more": "/timeline/?tab=latest&amp;cursor=x",
        "news": "/timeline/new/?tab=latest&amp;after=7",
        "beside": "",
    }

    kept = [pages.render_kept(request, "timeline/home.html", shape=shape, holes=holes) for _ in range(2)]
    alone = pages.render(request, "timeline/home.html", shape | {k: Markup(v) for k, v in holes.items()})

    assert plain(kept[0]) == plain(kept[1]) == plain(alone)
    assert holes["posts"] in plain(alone)
    assert 'hx-get="/timeline/?tab=latest&amp;cursor=x"' in plain(alone)


def test_a_kept_page_still_tells_what_waits_to_be_told(ada: Member, rf: RequestFactory) -> None:
    request = request_of(ada, rf)
    shape = {"tab": "latest", "tabs": ()}
    messages.success(request, "Saved for later.")

    holes = {"posts": "<p>", "more": "", "news": "/timeline/new/", "beside": ""}
    page = pages.render_kept(request, "timeline/home.html", shape=shape, holes=holes)

    assert "Saved for later." in page.content.decode()


def request_of(member: Member, rf: RequestFactory) -> Any:
    request: Any = rf.get("/timeline/")
    request.user, request.live_seq, request.csp_nonce = member, 7, "n0nce"
    request.htmx = False
    request.META["CSRF_COOKIE"] = 32 * "k"
    request._messages = SignedMessages(request)
    return request


def plain(response: HttpResponse) -> str:
    """Return a page without the masks of its secrets, which are new each time."""
    return re.sub(r'(value|data-csrf)="[A-Za-z0-9]{64}"', "", response.content.decode())
