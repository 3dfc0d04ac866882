"""An extension point takes frozen values of its kind, once each, until it closes."""

from dataclasses import dataclass

import pytest

from guildry.kernel import points


@dataclass(frozen=True)
class Entry:
    key: str


def make_point() -> points.Point[Entry]:
    point = points.Point("entries", Entry)
    points.ALL_POINTS.remove(point)
    return point


def test_entries_keep_their_order_and_are_found_by_key() -> None:
    point = make_point()

    point.register(Entry("b"), Entry("a"))

    assert [entry.key for entry in point] == ["b", "a"]
    assert len(point) == 2
    assert "a" in point
    assert point["a"] == Entry("a")
    assert point.get("c") is None


def test_a_taken_key_is_refused() -> None:
    point = make_point()
    point.register(Entry("a"))

    with pytest.raises(points.PointError, match="already has"):
        point.register(Entry("a"))


def test_another_kind_is_refused() -> None:
    with pytest.raises(points.PointError, match="takes Entry"):
        make_point().register("a")  # type: ignore[arg-type]


def test_a_closed_point_takes_nothing() -> None:
    point = make_point()
    point.close()

    with pytest.raises(points.PointError, match="closed"):
        point.register(Entry("a"))

    assert list(point) == []
