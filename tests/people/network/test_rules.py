"""Tables of what may follow what, how long things last, and how reasons read."""

from datetime import UTC, datetime, timedelta

import pytest

from guildry.kernel.states import IllegalTransition
from guildry.people.network import rules
from guildry.people.network.rules import Standing, State

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("current", "allowed"),
    [
        ("requested", {"requested", "accepted", "declined", "withdrawn"}),
        ("accepted", {"ended"}),
        ("declined", {"requested", "accepted", "withdrawn"}),
        ("withdrawn", {"requested"}),
        ("ended", {"requested"}),
    ],
)
def test_every_state_has_its_followers_and_no_others(current: str, allowed: set[str]) -> None:
    for wanted in State:
        if wanted in allowed:
            rules.STATES.check(current, wanted)
        else:
            with pytest.raises(IllegalTransition):
                rules.STATES.check(current, wanted)


@pytest.mark.parametrize(
    ("state", "age_in_days", "seen_by_requester", "seen_by_addressee"),
    [
        ("requested", 1, "requested", "asked"),
        ("requested", 89, "requested", "asked"),
        ("requested", 90, "none", "none"),
        ("declined", 1, "requested", "none"),
        ("declined", 90, "none", "none"),
        ("withdrawn", 1, "none", "none"),
        ("ended", 1, "none", "none"),
        ("accepted", 400, "connected", "connected"),
    ],
)
def test_a_declined_request_looks_like_one_that_waits(
    state: str, age_in_days: int, seen_by_requester: str, seen_by_addressee: str
) -> None:
    asked = NOW - timedelta(days=age_in_days)

    assert rules.standing(state, asked, NOW, is_requester=True) == Standing(seen_by_requester)
    assert rules.standing(state, asked, NOW, is_requester=False) == Standing(seen_by_addressee)


@pytest.mark.parametrize(
    ("pausing", "days_left", "may"), [(None, None, True), (1, 1, False), (1, 0, True), (2, 1, True)]
)
def test_a_pause_binds_one_side_until_it_is_over(
    pausing: int | None, days_left: int | None, may: bool
) -> None:
    until = None if days_left is None else NOW + timedelta(days=days_left)

    assert rules.may_ask(pausing, until, 1, NOW) is may


def test_newcomers_follow_and_ask_less() -> None:
    fresh, settled = NOW - timedelta(days=6), NOW - timedelta(days=7)

    follows = [rules.follows_allowed(joined, NOW, hourly=60) for joined in (fresh, settled)]
    requests = [rules.requests_allowed(joined, NOW, daily=40) for joined in (fresh, settled)]

    assert [allowance.burst for allowance in (*follows, *requests)] == [20, 60, 10, 40]
    assert follows[1].per_second == 60 / 3600


def test_a_pair_has_one_name() -> None:
    assert rules.pair(7, 3) == rules.pair(3, 7) == (3, 7)


@pytest.mark.parametrize(
    ("organisations", "names", "connections", "skills", "told"),
    [
        (["A"], ["Ben"], 1, ["x"], "You both belong to A"),
        (["A", "B", "C"], [], 0, [], "You both belong to A and B"),
        ([], ["Ben"], 1, ["x"], "Connected with Ben"),
        ([], ["Ben"], 3, [], "Connected with Ben and 2 more of your connections"),
        ([], [], 2, ["x"], "You share a skill: x"),
        ([], [], 0, ["x", "y", "z", "w"], "You share 4 skills: x, y, z"),
    ],
)
def test_the_strongest_reason_is_told(
    organisations: list[str], names: list[str], connections: int, skills: list[str], told: str
) -> None:
    assert rules.reason(organisations, names, connections, skills) == told


def test_meeting_weighs_more_than_knowing_the_same() -> None:
    assert rules.closeness(1, 0, 0) > rules.closeness(0, 1, 0) > rules.closeness(0, 0, 3)
    assert rules.closeness(9, 9, 9) == rules.closeness(2, 4, 5)


def test_nothing_is_listed_as_nothing() -> None:
    assert rules.listing([]) == ""
