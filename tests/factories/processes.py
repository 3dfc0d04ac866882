"""Processes of the site for tests."""

from datetime import timedelta
from typing import Any

from guildry.kernel import clock
from guildry.platform.lifecycle.models import RunningProcess


def running_process(name: str, **fields: Any) -> RunningProcess:
    """Return a process that said a moment ago that it is ready, unless `fields` say otherwise."""
    now = clock.present()
    usual = {"role": "web", "release": "1.2.3", "generation": 1, "state": "ready", "seen_at": now}
    return RunningProcess.objects.create(
        name=name, **{**usual, "started_at": now - timedelta(hours=1), **fields}
    )
