"""Every test begins with fresh allowances and may say who stands close to whom."""

import pytest

from guildry.kernel import limits, points


class Circles:
    """Who counts whom among their connections, and who is kept apart, for one test."""

    def __init__(self) -> None:
        self.close: dict[int, set[int]] = {}
        self.apart: dict[int, set[int]] = {}


@pytest.fixture(autouse=True)
def fresh_allowances() -> None:
    limits.use_store(limits.LocalStore())


@pytest.fixture
def circles(monkeypatch: pytest.MonkeyPatch) -> Circles:
    """Stand in for the app above that keeps connections and blocks, through the point it registers at."""
    known = Circles()
    entry = points.Circle(
        "test",
        lambda viewer_id: known.close.get(viewer_id, set()),
        lambda viewer_id: known.apart.get(viewer_id, set()),
    )
    monkeypatch.setattr(points.CIRCLES, "_entries", {"test": entry})
    return known
