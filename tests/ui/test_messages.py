"""Messages wait for one page in a signed cookie, and no cookie is spoken of when there are none."""

from typing import Any

import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.test import RequestFactory

from guildry.ui.messages import SignedMessages


def exchange(cookies: dict[str, str], *added: str) -> tuple[list[str], HttpResponse]:
    """Show what waits, add what comes next, and answer."""
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    storage, response = SignedMessages(request), HttpResponse()
    shown = [str(message) for message in storage]
    for text in added:
        storage.add(messages.SUCCESS, text)
    storage.update(response)
    return shown, response


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-messages"), (False, "messages")])
def test_a_message_waits_for_one_page(settings: Any, secure: bool, name: str) -> None:
    settings.SESSION_COOKIE_SECURE = secure
    _, first = exchange({}, "Published.")
    kept = first.cookies[name]

    shown, second = exchange({name: kept.value})

    assert shown == ["Published."]
    assert (second.cookies[name].value, second.cookies[name]["max-age"]) == ("", 0)


def test_nothing_to_say_sets_no_cookie() -> None:
    shown, response = exchange({})

    assert shown == []
    assert not response.cookies


def test_a_message_somebody_else_wrote_is_not_shown() -> None:
    shown, _ = exchange({"messages": '[["__json_message",0,25,"Send money","")]]:forged'})

    assert shown == []
