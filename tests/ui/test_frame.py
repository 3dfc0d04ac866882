"""The frame of pages is drawn once for a kind of reader, and says to each reader only what is their own."""

import pytest
from django.test import Client

from guildry.people.accounts.models import Member
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
    from guildry.ui.frame import Marks

    with pytest.raises(AttributeError):
        _ = Marks().password
