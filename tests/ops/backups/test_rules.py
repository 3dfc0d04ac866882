"""Which backups stay, when the next is due, and how ages are worded."""

from datetime import UTC, datetime, timedelta

import pytest

from guildry.kernel.states import IllegalTransition
from guildry.ops.backups import rules
from guildry.ops.backups.rules import Candidate, Finding, Keeping, Kind, Report, State

NOW = datetime(2026, 7, 21, 12, tzinfo=UTC)
USUAL = Keeping(7, 4, 12, timedelta(days=1))


def daily(days: int, *, verified: bool = True) -> list[Candidate]:
    return [Candidate(f"{n:03}", NOW - timedelta(days=n, hours=1), verified) for n in range(days)]


def test_a_year_of_days_leaves_the_newest_of_seven_days_four_weeks_and_twelve_months() -> None:
    reasons = rules.kept(daily(400), USUAL, now=NOW)

    kept = sorted(reasons)
    assert kept[:7] == [f"{n:03}" for n in range(7)]
    assert len(kept) == 7 + 2 + 11
    assert reasons["000"][0] == "the newest that was verified"
    assert "newest of month 2025-08" in reasons["324"]


def test_the_newest_verified_one_stays_whatever_its_age() -> None:
    old = Candidate("old", NOW - timedelta(days=900), is_verified=True)
    fresh = daily(40, verified=False)

    reasons = rules.kept([*fresh, old], Keeping(7, 4, 1, timedelta(days=1)), now=NOW)

    assert reasons["old"] == ["the newest that was verified"]


def test_a_verified_backup_stands_for_its_day_before_a_newer_one_that_is_not() -> None:
    one = Candidate("one", NOW - timedelta(days=3, hours=2), is_verified=True)
    two = Candidate("two", NOW - timedelta(days=3, hours=1), is_verified=False)

    reasons = rules.kept([one, two], Keeping(3, 0, 0, timedelta(0)), now=NOW)

    assert list(reasons) == ["one"]


def test_what_is_held_or_too_young_stays() -> None:
    young = Candidate("young", NOW - timedelta(hours=2), is_verified=False)
    younger = Candidate("younger", NOW - timedelta(hours=1), is_verified=True)
    held = Candidate("held", NOW - timedelta(days=500), is_verified=False, is_held=True)

    reasons = rules.kept([held, young, younger], Keeping(1, 0, 0, timedelta(days=1)), now=NOW)

    assert (reasons["young"], reasons["held"]) == (["too young to go"], ["held"])


def test_nothing_is_kept_of_nothing() -> None:
    assert rules.kept([], USUAL, now=NOW) == {}


def test_a_backup_that_is_gone_does_not_come_back() -> None:
    rules.STATES.check(State.VERIFIED, State.PRUNED)
    with pytest.raises(IllegalTransition):
        rules.STATES.check(State.PRUNED, State.VERIFIED)


def test_two_recipients_have_to_differ() -> None:
    assert rules.recipients_refusal([]) == ""
    assert rules.recipients_refusal(["a", "b"]) == ""
    assert "two different recipients" in rules.recipients_refusal(["a", "a"])


def test_the_next_is_due_when_the_last_is_old_enough() -> None:
    day = timedelta(days=1)

    assert [rules.is_due(at, day, now=NOW) for at in (None, NOW - day, NOW)] == [True, True, False]
    assert [rules.is_stale(at, day, now=NOW) for at in (None, NOW - 2 * day, NOW - day)] == [
        True,
        True,
        False,
    ]


def test_names_sort_as_times_do() -> None:
    assert rules.name_of(NOW, "abcdef") == "20260721T120000Z-abcdef"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-5, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (7200, "2 hours"),
        (86400, "1 day"),
    ],
)
def test_ages_are_told_in_words(age: int, words: str) -> None:
    assert rules.words_for(timedelta(seconds=age)) == words


def test_findings_are_told_plainly() -> None:
    finding = Finding(Kind.PART_MISSING, "db.age", "it is not there")

    assert str(finding) == "part-missing in db.age: it is not there"
    assert rules.told([finding]) == [{"kind": "part-missing", "where": "db.age", "detail": "it is not there"}]
    assert Report("one").is_right
    assert not Report("one", (finding,)).is_right
