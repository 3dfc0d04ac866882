"""Facts are frozen, in the past tense of their app, and carry ids and plain values only."""

import dataclasses
import typing

import pytest

from guildry.kernel import bus, points

PLAIN = {int, str, bool, float, int | None, str | None, tuple[int, ...], tuple[str, ...]}


@pytest.mark.parametrize(
    "fact", sorted(bus.FACTS.values(), key=lambda fact: fact.name), ids=lambda fact: fact.name
)
def test_a_fact_is_frozen_and_carries_plain_values(fact: type[bus.Fact]) -> None:
    hints = typing.get_type_hints(fact)
    fields = dataclasses.fields(fact)

    assert fact.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert {field.name for field in fields if hints[field.name] not in PLAIN} == set()
    assert fact.__module__.endswith(".events")


def test_points_are_closed_after_the_start() -> None:
    with pytest.raises(points.PointError):
        points.COMMANDS.register(points.Command("late", "Comes too late", lambda arguments: 0))
