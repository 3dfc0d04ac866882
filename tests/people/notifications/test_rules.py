"""Who is told what on which channel, and when mail may go by somebody's own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from guildry.people.notifications import rules
from guildry.people.notifications.rules import Channels, Circumstances, Decision, Digest, Hours, Mail, Reason

NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def circumstances(**given: object) -> Circumstances:
    usual = {"is_own": False, "is_away": False, "is_blocked": False, "is_muted": False}
    return Circumstances(**{"channels": Channels(True, Mail.DIGEST), **usual, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "decision"),
    [
        ({}, Decision(True, Mail.DIGEST)),
        ({"is_own": True, "is_blocked": True}, Decision(False, Mail.OFF, Reason.OWN_ACTION)),
        ({"is_away": True, "is_muted": True}, Decision(False, Mail.OFF, Reason.AWAY)),
        ({"is_blocked": True, "is_muted": True}, Decision(False, Mail.OFF, Reason.BLOCKED)),
        ({"is_muted": True}, Decision(False, Mail.OFF, Reason.MUTED)),
        ({"channels": Channels(False, Mail.OFF)}, Decision(False, Mail.OFF, Reason.PREFERENCE)),
        ({"channels": Channels(False, Mail.INSTANT)}, Decision(False, Mail.INSTANT)),
        ({"channels": Channels(True, Mail.OFF)}, Decision(True, Mail.OFF)),
    ],
)
def test_the_first_thing_against_it_is_the_reason(given: dict[str, object], decision: Decision) -> None:
    assert rules.decide(circumstances(**given)) == decision


@pytest.mark.parametrize(
    ("local", "start", "end", "quiet"),
    [
        ("12:00", "22:00", "07:00", False),
        ("22:00", "22:00", "07:00", True),
        ("06:59", "22:00", "07:00", True),
        ("07:00", "22:00", "07:00", False),
        ("13:00", "12:00", "14:00", True),
        ("14:00", "12:00", "14:00", False),
        ("12:00", "12:00", "12:00", False),
    ],
)
def test_quiet_hours_may_pass_midnight(local: str, start: str, end: str, quiet: bool) -> None:
    times = [time.fromisoformat(text) for text in (local, start, end)]

    assert rules.is_quiet(*times) is quiet


def test_half_quiet_hours_are_none() -> None:
    assert not rules.is_quiet(time(3), None, time(7))
    assert not rules.is_quiet(time(3), time(22), None)


@pytest.mark.parametrize(
    ("zone", "now", "free"),
    [
        # The same instant is night in Leeds, day in Auckland, and morning 45 minutes past the hour in Kathmandu.
        ("Europe/London", "2026-01-10T23:30+00:00", "2026-01-11T07:00+00:00"),
        ("Pacific/Auckland", "2026-01-10T23:30+00:00", "2026-01-10T23:30+00:00"),
        ("Asia/Kathmandu", "2026-01-10T23:30+00:00", "2026-01-11T01:15+00:00"),
        ("America/St_Johns", "2026-01-11T02:00+00:00", "2026-01-11T10:30+00:00"),
        # Clocks go forward in the night: it is an hour shorter.
        ("Europe/London", "2026-03-28T23:30+00:00", "2026-03-29T06:00+00:00"),
        # Clocks go back in the night: it is an hour longer.
        ("Europe/London", "2026-10-24T22:30+00:00", "2026-10-25T07:00+00:00"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", "2026-10-03T12:00+00:00", "2026-10-03T20:00+00:00"),
    ],
)
def test_mail_waits_for_the_morning_of_its_reader(zone: str, now: str, free: str) -> None:
    hours = Hours(ZoneInfo(zone), **NIGHT)  # type: ignore[arg-type]

    assert rules.first_free(moment(now), hours) == moment(free)


def test_an_end_that_the_clocks_skip_is_the_moment_after() -> None:
    hours = Hours(ZoneInfo("Europe/London"), time(22), time(1, 30))

    assert rules.first_free(moment("2026-03-28T23:00+00:00"), hours) == moment("2026-03-29T01:30+00:00")


def test_an_end_that_comes_twice_is_the_one_that_lies_ahead() -> None:
    hours = Hours(ZoneInfo("Europe/London"), time(22), time(1, 30))

    before, after = moment("2026-10-25T00:15+00:00"), moment("2026-10-25T01:15+00:00")

    assert rules.first_free(before, hours) == moment("2026-10-25T00:30+00:00")
    assert rules.first_free(after, hours) == moment("2026-10-25T01:30+00:00")


def test_a_pause_that_ends_at_night_waits_for_the_morning_too() -> None:
    paused = moment("2026-01-12T23:00+00:00")
    hours = Hours(ZoneInfo("Europe/London"), paused_until=paused, **NIGHT)  # type: ignore[arg-type]

    assert rules.first_free(moment("2026-01-10T12:00+00:00"), hours) == moment("2026-01-13T07:00+00:00")
    assert rules.first_free(moment("2026-01-14T12:00+00:00"), hours) == moment("2026-01-14T12:00+00:00")


@pytest.mark.parametrize(
    "zone", ["Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]
)
def test_the_first_free_moment_is_never_quiet_nor_past(zone: str) -> None:
    hours = Hours(ZoneInfo(zone), **NIGHT)  # type: ignore[arg-type]
    start = moment("2026-03-27T00:00+00:00")

    for step in range(0, 10 * 24 * 60, 17):
        now = start + timedelta(minutes=step)
        free = rules.first_free(now, hours)
        assert now <= free <= now + timedelta(hours=10)
        assert not rules.is_quiet(free.astimezone(hours.zone).time(), hours.quiet_from, hours.quiet_until)


@pytest.mark.parametrize(
    ("digest", "now", "due"),
    [
        (Digest.DAILY, "2026-03-28T07:59+00:00", "2026-03-28T08:00+00:00"),
        (Digest.DAILY, "2026-03-28T08:00+00:00", "2026-03-29T07:00+00:00"),
        (Digest.WEEKLY, "2026-03-28T12:00+00:00", "2026-03-30T07:00+00:00"),
        (Digest.WEEKLY, "2026-03-30T07:00+00:00", "2026-04-06T07:00+00:00"),
    ],
)
def test_digests_come_in_the_morning_by_the_clock_on_the_wall(digest: Digest, now: str, due: str) -> None:
    hours = Hours(ZoneInfo("Europe/London"))

    assert rules.next_digest(moment(now), digest, hours) == moment(due)


def test_a_digest_waits_for_the_end_of_quiet_hours_and_none_is_none() -> None:
    late = Hours(ZoneInfo("Europe/London"), time(20), time(10))

    assert rules.next_digest(moment("2026-01-10T12:00+00:00"), Digest.DAILY, late) == moment(
        "2026-01-11T10:00+00:00"
    )
    assert rules.next_digest(moment("2026-01-10T12:00+00:00"), Digest.OFF, late) is None


def test_a_zone_nobody_knows_is_utc() -> None:
    assert rules.zone_of("Mars/Olympus") is UTC
    assert rules.zone_of("../etc/passwd") is UTC
    assert rules.zone_of("Asia/Kathmandu") == ZoneInfo("Asia/Kathmandu")


def test_long_lines_are_cut_and_breaks_flattened() -> None:
    assert rules.shorten("  one\n two ") == "one two"
    assert rules.shorten("x" * 300) == "x" * 300
    assert rules.shorten("x" * 301) == "x" * 299 + "…"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("/timeline/", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://x", False),
        ("", False),
    ],
)
def test_only_pages_of_ours_are_local(url: str, local: bool) -> None:
    assert rules.is_local(url) is local


def test_today_is_the_readers_day() -> None:
    zone = ZoneInfo("Pacific/Auckland")

    assert rules.is_today(moment("2026-01-10T11:30+00:00"), moment("2026-01-11T08:00+00:00"), zone)
    assert not rules.is_today(moment("2026-01-10T10:30+00:00"), moment("2026-01-11T08:00+00:00"), zone)


@pytest.mark.parametrize(
    ("names", "said"),
    [(["Ada"], "Ada"), (["Ada", "Ben"], "Ada and Ben"), (["Ada", "Ben", "Cy"], "Ada and 2 others")],
)
def test_names_are_listed_as_one_says_them(names: list[str], said: str) -> None:
    assert rules.listed(names) == said


def test_the_words_after_a_name_are_found_only_after_that_name() -> None:
    assert rules.words_after("Ada", "Ada reacted") == " reacted"
    assert rules.words_after("Ada", "Adam reacted") == ""
