"""What an account may be called and do, how long proofs last, and how devices are told apart."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts import rules
from guildry.people.accounts.models import OneTimeCode

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("handle", ["ada", "a1", "0day", "ada_nwosu", "a" * 30])
def test_a_handle_is_small_letters_digits_and_underscores(handle: str) -> None:
    assert re.match(rules.HANDLE, handle)


@pytest.mark.parametrize("handle", ["a", "_ada", "Ada", "ada-n", "ada.n", "a" * 31, "", "ädä"])
def test_nothing_else_is_a_handle(handle: str) -> None:
    assert not re.match(rules.HANDLE, handle)


def test_words_that_people_trust_are_reserved() -> None:
    assert not rules.is_free_word("support")
    assert not rules.is_free_word("settings")
    assert rules.is_free_word("ada")


def test_a_sign_in_code_lasts_ten_minutes_and_five_tries() -> None:
    assert rules.LIFETIMES["sign_in"] == timedelta(minutes=10)
    assert OneTimeCode.MOST_ATTEMPTS == 5
    assert rules.CODE_LENGTH == 6


def test_nobody_grants_themselves() -> None:
    assert not rules.may_grant(7, 7)
    assert rules.may_grant(7, 8)
    assert rules.may_grant(None, 8)


def test_the_active_hat_is_worn_or_none() -> None:
    assert rules.may_wear("", [])
    assert rules.may_wear("mentor", ["mentor"])
    assert not rules.may_wear("client", ["mentor"])


def test_roles_rest_until_there_is_a_second_factor() -> None:
    granted = frozenset({StaffRole.OPERATOR})

    assert rules.roles_in_force(granted, has_second_factor=True) == (granted, frozenset())
    assert rules.roles_in_force(granted, has_second_factor=False) == (frozenset(), granted)


@pytest.mark.parametrize(
    ("scopes", "method", "area", "is_allowed"),
    [
        (["read"], "GET", "timeline", True),
        (["read"], "HEAD", "me", True),
        (["read"], "POST", "timeline", False),
        (["write"], "GET", "timeline", True),
        (["write"], "DELETE", "me", True),
        (["timeline.read"], "GET", "timeline", True),
        (["timeline.read"], "PUT", "timeline", False),
        (["timeline.read"], "GET", "network", False),
        (["timeline.write"], "GET", "timeline", True),
        (["timeline.write"], "PATCH", "timeline", True),
        (["timeline.write"], "PATCH", "timelines", False),
        ([], "GET", "timeline", False),
    ],
)
def test_scopes_cover_their_area_and_write_includes_read(
    scopes: list[str], method: str, area: str, is_allowed: bool
) -> None:
    assert rules.is_allowed_by(scopes, method=method, area=area) is is_allowed


def test_a_scope_is_a_verb_with_an_area_or_without() -> None:
    assert all(rules.is_scope(scope) for scope in ("read", "write", "timeline.read", "me.write"))
    assert not any(rules.is_scope(scope) for scope in ("", "admin", "timeline.", "Timeline.read", "a.b.read"))


def test_a_last_seen_time_is_written_at_most_once_a_minute() -> None:
    assert rules.is_due(None, NOW)
    assert rules.is_due(NOW - timedelta(seconds=60), NOW)
    assert not rules.is_due(NOW - timedelta(seconds=59), NOW)


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (FIREFOX, "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        (SAFARI, "Safari on iPhone"),
        (ANDROID, "Chrome on Android"),
        ("curl/8.5.0", "curl"),
        ("SomethingNew on Windows", "Windows"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_named_by_its_browser_and_system(user_agent: str, label: str) -> None:
    assert rules.device_label(user_agent) == label


def test_an_address_is_kept_as_the_network_it_is_in() -> None:
    assert rules.address_prefix("203.0.113.77") == "203.0.113.0/24"
    assert rules.address_prefix("2001:db8:aaaa:bbbb::1") == "2001:db8:aaaa::/48"
    assert rules.address_prefix("unix:/run/socket") == ""
    assert rules.address_prefix("") == ""


def test_the_mail_to_reset_a_password_has_its_link() -> None:
    letter = rules.library_letter(
        "account/email/password_reset_key", {"password_reset_url": "https://x/reset"}, origin="https://x"
    )

    assert letter["button"] == ("Choose a new password", "https://x/reset")


def test_an_address_without_an_account_is_invited_to_join() -> None:
    letter = rules.library_letter(
        "account/email/unknown_account", {"signup_url": "https://x/join/"}, origin="https://x"
    )

    assert letter["subject"] == "There is no account with this address"
    assert letter["button"] == ("Join", "https://x/join/")


@pytest.mark.parametrize(
    ("context", "from_where"),
    [
        ({"ip": "203.0.113.9", "user_agent": FIREFOX}, f"This came from 203.0.113.9, {FIREFOX}."),
        ({}, "This came from an unknown address, an unknown device."),
    ],
)
def test_a_notice_says_where_a_change_came_from(context: dict[str, str], from_where: str) -> None:
    letter = rules.library_letter("account/email/password_changed", context, origin="https://x")

    assert letter["subject"] == "Your password was changed"
    assert letter["paragraphs"][0] == f"Your password was changed. {from_where}"
    assert letter["button"] == ("Look at your security settings", "https://x/settings/security/")


def test_a_mail_that_nobody_worded_is_refused() -> None:
    with pytest.raises(KeyError):
        rules.library_letter("account/email/something_new", {}, origin="https://x")
