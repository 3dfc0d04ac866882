"""systemd is told in its own words, and nobody is told when it does not listen."""

import socket
from pathlib import Path

import pytest

from guildry.config import environment
from guildry.platform.lifecycle.serving.systemd import Notifier


def test_each_stage_is_one_datagram(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address)
        notifier = Notifier(address, watchdog=2)

        notifier.ready("The site is ready")
        notifier.status("The site is degraded (mail)")
        notifier.alive()
        notifier.stopping("Finishing", 85)
        notifier.reloading()
        told = [ear.recv(4096).decode().splitlines() for _ in range(5)]

    assert told[:4] == [
        ["READY=1", "STATUS=The site is ready"],
        ["STATUS=The site is degraded (mail)"],
        ["WATCHDOG=1"],
        ["STOPPING=1", "STATUS=Finishing", "EXTEND_TIMEOUT_USEC=85000000"],
    ]
    assert told[4][0] == "RELOADING=1"
    assert int(told[4][1].removeprefix("MONOTONIC_USEC=")) > 0


def test_without_a_listener_nothing_is_said_and_nothing_fails(tmp_path: Path) -> None:
    Notifier().ready("The site is ready")
    Notifier(str(tmp_path / "gone")).ready("The site is ready")

    assert Notifier(watchdog=2).watchdog == 0


@pytest.mark.parametrize(
    ("given", "watchdog"),
    [
        ({}, 0.0),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, 0.0),
    ],
)
def test_what_systemd_hands_over_is_taken_once(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], watchdog: float
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"NOTIFY_SOCKET": "@guildry"} | given).items():
        monkeypatch.setenv(name, value)

    first, second = environment.take_notify_socket(), environment.take_notify_socket()

    assert (first, second) == (("@guildry", watchdog), ("", 0.0))
