"""Logs hide what the inventory hides, and what looks like a secret wherever it stands."""

from dataclasses import dataclass
from typing import Any

import pytest

from guildry.kernel import redaction
from guildry.kernel.inventory import Log
from guildry.kernel.redaction import HIDDEN, redacted, scrubbed

DRAWN = "kX9-uT2mQw7Lp_4RzB8vNc1Ye6Hs0JdFaGi3OoKl5Mx"


@dataclass
class Held:
    token: str
    place: str


@pytest.fixture(autouse=True)
def learned() -> None:
    redaction.learn_inventory()


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "new_password1",
        "csrf_token",
        "Set-Cookie",
        "authorization",
        "api_key",
        "sessionid",
        "ticket",
    ],
)
def test_a_key_that_names_a_secret_hides_whatever_stands_under_it(key: str) -> None:
    assert redacted({key: "open sesame"}) == {key: HIDDEN}
    assert redacted({key: 481516}) == {key: HIDDEN}


def test_a_key_is_treated_as_the_inventory_treats_the_field_of_that_name() -> None:
    shown = redacted({"body": "Dear diary", "email": "Ada@Example.org", "handle": "ada", "payload": None})

    again = redacted({"email": "ada@example.org "})
    assert (shown["body"], shown["handle"], shown["payload"]) == (HIDDEN, "ada", None)
    assert shown["email"] == again["email"]
    assert shown["email"].startswith("[hash ")


def test_the_stricter_of_two_declarations_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_declared", {})

    redaction.declare("riddle", Log.NEVER)
    redaction.declare("riddle", Log.HASH)

    assert redaction.treatment_of("riddle") is Log.NEVER
    redaction.treatment_of.cache_clear()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /invitations/" + DRAWN + "/", f"GET /invitations/{HIDDEN}/"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: Bearer {HIDDEN}"),
        ("mysql://guildry:hunter2@db.example/site", f"mysql://{HIDDEN}@db.example/site"),
        ("IntegrityError: Duplicate entry 'x''y' for key 'z'", f"IntegrityError: Duplicate entry '{HIDDEN}' for key 'z'"),
        ("POST /?token=abc&next=/", f"POST /?token={HIDDEN}&next=/"),
        ("{'password': 'open sesame', 'b': 1}", f"{{'password': {HIDDEN}, 'b': 1}}"),
        ("GET /password/reset/a1-c9f-0123/", f"GET /password/reset/{HIDDEN}/"),
        ("POST /timeline/posts/12/", "POST /timeline/posts/12/"),
        ("trace 4bf92f3577b34da6a3ce929d0e0e4736", "trace 4bf92f3577b34da6a3ce929d0e0e4736"),
        ("guildry.platform.notifications.tasks", "guildry.platform.notifications.tasks"),
    ],
)  # fmt: skip
def test_free_text_loses_secrets_and_nothing_else(text: str, shown: str) -> None:
    assert scrubbed(text) == shown


def test_an_address_in_free_text_can_be_followed_but_not_read() -> None:
    shown = scrubbed("no such mailbox: ada.nwosu+guild@example.org")

    assert "ada" not in shown
    assert redacted({"email": "ada.nwosu+guild@example.org"})["email"] in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"cookie": "a", "place": "Hull"}, {"cookie": HIDDEN, "place": "Hull"}),
        ([{"token": "a"}, DRAWN, 3], [{"token": HIDDEN}, HIDDEN, 3]),
        (Held("a", "Hull"), {"token": HIDDEN, "place": "Hull"}),
        (ValueError("secret=a"), f"ValueError('secret={HIDDEN}')"),
    ],
)
def test_what_a_value_holds_is_treated_alike(value: Any, shown: Any) -> None:
    assert redacted({"what": value}) == {"what": shown}
