"""Decisions about profiles."""

from datetime import date

import pytest

from guildry.people.profiles import rules
from guildry.people.profiles.rules import Audience, Closeness

NOTHING = rules.Presence(False, False, 0, False, 0, 0, 0, False, 0, False)
EVERYTHING = rules.Presence(True, True, 200, True, 9, 3, 2, True, 1, True)


@pytest.mark.parametrize(
    ("nearness", "seen"),
    [
        (Closeness.GUEST, ["everyone"]),
        (Closeness.MEMBER, ["everyone", "members"]),
        (Closeness.CONNECTION, ["everyone", "members", "connections"]),
        (Closeness.SELF, ["everyone", "members", "connections", "only_me"]),
        (Closeness.INSPECTOR, ["everyone", "members", "connections", "only_me"]),
    ],
)
def test_each_step_nearer_sees_more(nearness: Closeness, seen: list[str]) -> None:
    assert [audience for audience in Audience if rules.sees(nearness, audience)] == seen


def test_audiences_have_names() -> None:
    assert [audience.label for audience in Audience] == ["Everyone", "Members", "Connections", "Only me"]


@pytest.mark.parametrize(
    ("viewer_id", "is_close", "inspects", "expected"),
    [
        (None, False, False, Closeness.GUEST),
        (1, True, True, Closeness.SELF),
        (2, False, True, Closeness.INSPECTOR),
        (2, True, False, Closeness.CONNECTION),
        (2, False, False, Closeness.MEMBER),
    ],
)
def test_how_near_somebody_stands(
    viewer_id: int | None, is_close: bool, inspects: bool, expected: Closeness
) -> None:
    assert rules.closeness(viewer_id=viewer_id, member_id=1, is_close=is_close, inspects=inspects) == expected


def test_every_section_has_a_default_audience() -> None:
    assert set(rules.DEFAULT_AUDIENCES) == set(rules.SECTIONS)


def test_rates_are_not_public_unless_their_owner_says_so() -> None:
    assert rules.DEFAULT_AUDIENCES["rates"] == Audience.MEMBERS


@pytest.mark.parametrize("is_for_hire", [True, False])
def test_the_points_of_all_steps_make_a_hundred(is_for_hire: bool) -> None:
    presence = rules.Presence(True, True, 200, True, 9, 3, 2, True, 1, is_for_hire)

    steps = rules.steps(presence)

    assert rules.completeness(steps) == 100
    assert min(step.points for step in steps) >= 5


def test_an_empty_profile_has_no_points_and_every_step_before_it() -> None:
    steps = rules.steps(NOTHING)

    assert rules.completeness(steps) == 0
    assert not any(step.is_done for step in steps)
    assert all(step.points > 0 and step.reason for step in steps)


def test_a_short_story_and_few_skills_do_not_count() -> None:
    steps = {
        s.key: s.is_done
        for s in rules.steps(rules.Presence(False, False, 29, False, 3, 0, 0, False, 0, True))
    }

    assert not steps["story"]
    assert not steps["skills"]


def test_a_full_profile_has_nothing_left() -> None:
    assert all(step.is_done for step in rules.steps(EVERYTHING))


def test_text_is_compared_without_case_accents_and_spaces() -> None:
    assert rules.fold("  Élan   VITAL ") == "elan vital"
    assert rules.sort_key("“Élan”") == "elan”"
    assert rules.sort_key("!!!") == "!!!"


def test_spans_are_in_order_and_in_living_memory() -> None:
    assert rules.is_in_order(date(2020, 1, 1), None)
    assert rules.is_in_order(date(2020, 1, 1), date(2020, 1, 1))
    assert not rules.is_in_order(date(2020, 1, 2), date(2020, 1, 1))
    assert not rules.is_in_order(date(1800, 1, 1), None)
