"""What the gateway does of itself, without a socket."""

import threading

import pytest

from guildry.platform.lifecycle.graph import Transition
from guildry.platform.realtime.gateway import Gateway, server


@pytest.mark.parametrize(("generation", "gets_ready"), [(1, False), (2, True)])
def test_only_a_generation_that_takes_over_gets_ready_before_the_first_socket(
    monkeypatch: pytest.MonkeyPatch, generation: int, gets_ready: bool
) -> None:
    imported = threading.Event()
    monkeypatch.setattr(server.lifecycle, "generation", lambda: generation)
    monkeypatch.setattr(server, "_import_manager", imported.set)

    Gateway().expect()

    assert imported.wait(5 if gets_ready else 0.1) is gets_ready


def test_each_running_state_is_passed_to_the_loop_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[bool] = []

    class Loop:
        def call_soon_threadsafe(self, tell: object, is_degraded: bool) -> None:
            told.append(is_degraded)

    gateway = Gateway()
    monkeypatch.setattr(gateway, "loop", Loop())
    for state in ("not ready", "degraded", "ready", "draining", "stopped"):
        gateway._stands(Transition(state, at=None))  # type: ignore[arg-type]

    assert told == [True, False, False]
