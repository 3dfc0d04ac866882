"""Whatever a start makes, the stop takes away."""

import json

import pytest

from tests.processes.serving import Starter

pytestmark = pytest.mark.processes


def test_starts_and_stops_leave_no_thread_descriptor_task_or_file(start: Starter) -> None:
    own = start.data.parent / "tmp"
    own.mkdir()
    start.environment["TMPDIR"] = str(own)

    found = json.loads(start.workshop("cycles", "12").splitlines()[-1])

    assert found["codes"] == [0]
    assert found["after"] == found["before"]
    assert (found["after"]["threads"], found["after"]["tasks"]) == (["MainThread"], 0)
