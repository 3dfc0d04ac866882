"""When something counts as down, and how an hour is drawn."""

import pytest

from guildry.platform.health import rules
from guildry.platform.health.rules import Level, Standing, Stretch


@pytest.mark.parametrize(
    ("critical", "samples", "stands"),
    [
        (True, [True, False], [True, False]),
        (True, [True, False, True, True], [True, False, False, True]),
        (False, [True, False, False, False], [True, True, True, False]),
        (False, [True, False, False, True, False], [True, True, True, True, True]),
        (False, [False], [False]),
    ],
)
def test_a_verdict_turns_after_enough_samples_in_a_row(
    critical: bool, samples: list[bool], stands: list[bool]
) -> None:
    standing: Standing | None = None
    seen = []
    for passes in samples:
        standing = rules.after_sample(standing, passes=passes, critical=critical)
        seen.append(standing.passes)

    assert seen == stands


def test_minutes_alike_are_joined_and_unseen_ones_left_out() -> None:
    minutes = [None, None, Level.PASS, Level.PASS, Level.FAIL, None, Level.PASS]

    assert rules.stretches(minutes) == [
        Stretch(2, 2, Level.PASS),
        Stretch(4, 1, Level.FAIL),
        Stretch(6, 1, Level.PASS),
    ]


def test_pages_end_where_the_list_does() -> None:
    assert rules.page_of("abc", 0, 2) == rules.Page(("a", "b"), 2)
    assert rules.page_of("abc", 2, 2) == rules.Page(("c",), None)
