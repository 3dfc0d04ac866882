"""A clean list of calls for each test."""

import pytest

from tests.platform.jobs import tasks


@pytest.fixture
def calls() -> list[object]:
    tasks.calls.clear()
    tasks.at_gate.clear()
    return tasks.calls
