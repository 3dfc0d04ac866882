"""Streaks, states, words, and the signature of a webhook."""

from datetime import UTC, datetime, timedelta

import pytest

from guildry.kernel.states import IllegalTransition
from guildry.ops.alerts import rules
from guildry.ops.alerts.rules import State, Streak

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def test_a_streak_counts_one_side_and_forgets_the_other() -> None:
    streak = Streak().after(is_bad=True).after(is_bad=True)

    assert streak == Streak(2, 0)
    assert streak.after(is_bad=False) == Streak(0, 1)
    assert (rules.opens(streak, samples=2), rules.opens(streak, samples=3)) == (True, False)
    assert rules.resolves(Streak(0, 3), samples=3)


def test_an_alert_that_is_over_stays_over() -> None:
    with pytest.raises(IllegalTransition):
        rules.STATES.check(State.RESOLVED, State.OPEN)
    assert rules.STATES.can(State.OPEN, State.RESOLVED)


def test_a_silence_ends_at_its_moment_or_when_it_is_lifted() -> None:
    until = NOW + timedelta(hours=1)

    assert rules.is_silencing(until=until, lifted_at=None, now=NOW)
    assert not rules.is_silencing(until=until, lifted_at=None, now=until)
    assert not rules.is_silencing(until=until, lifted_at=NOW, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (90, "2 minutes"), (3600, "1 hour"), (200_000, "2 days")],
)
def test_a_length_of_time_is_said_in_its_largest_unit(seconds: float, words: str) -> None:
    assert rules.words_for(seconds) == words


def test_a_headline_says_how_bad_it_is_or_that_it_is_over() -> None:
    assert rules.headline("Pages fail", "critical", is_over=False) == "Critical: Pages fail"
    assert rules.headline("Pages fail", "critical", is_over=True) == "Resolved: Pages fail"


def test_a_webhook_is_signed_as_the_specification_says() -> None:
    """The example of the Standard Webhooks specification."""
    import base64

    secret = base64.b64decode("plJ3nmyCDGBKInavdOK15jsl")
    sent_at = datetime.fromtimestamp(1674087231, UTC)

    headers = rules.webhook_headers(
        secret=secret, message_id="msg_loFOjxBNrRLzqYUf", sent_at=sent_at,
        body=b'{"event_type":"ping","data":{"success":true}}',
    )  # fmt: skip

    assert headers["webhook-signature"].startswith("v1,")
    assert len(base64.b64decode(headers["webhook-signature"][3:])) == 32


def test_a_receiver_refuses_what_was_changed_or_is_old() -> None:
    headers = rules.webhook_headers(secret=b"key", message_id="msg_1", sent_at=NOW, body=b"{}")

    assert rules.is_signed(headers, b"{}", secret=b"key", now=NOW)
    assert not rules.is_signed(headers, b"{ }", secret=b"key", now=NOW)
    assert not rules.is_signed(headers, b"{}", secret=b"other", now=NOW)
    assert not rules.is_signed(headers, b"{}", secret=b"key", now=NOW + timedelta(minutes=6))
