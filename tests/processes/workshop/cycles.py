"""Starting and stopping the site many times in one process, and counting what stays behind."""

import argparse
import asyncio
import gc
import os
import signal
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

from guildry.platform.lifecycle import commands
from guildry.platform.lifecycle.serving import records, server
from guildry.platform.lifecycle.serving.systemd import Notifier


def turn(count: int) -> dict[str, Any]:
    """Go through a few cycles to get warm, then through `count`, and say what there was before and after."""
    codes = [cycle() for _ in range(3)]
    before = inventory()
    codes += [cycle() for _ in range(count)]
    return {"codes": sorted(set(codes)), "before": before, "after": inventory()}


def cycle() -> int:
    """Start, answer a request, stop."""
    parser = argparse.ArgumentParser()
    commands.serve_arguments(parser)
    arguments = parser.parse_args(["--no-supervisor", "--no-demo", "--port", "0"])
    arguments.began, arguments.notifier = time.monotonic(), Notifier()
    visitor = threading.Thread(target=_visit, daemon=True)
    visitor.start()
    code = server.serve(arguments)
    visitor.join()
    return code


def _visit() -> None:
    while not (
        addresses := [each["address"] for each in records.running(settings.DATA_DIR) if each["address"]]
    ):
        time.sleep(0.01)
    with urllib.request.urlopen(f"{addresses[0]}/healthz", timeout=30) as answer:
        answer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def inventory() -> dict[str, Any]:
    gc.collect()
    folders = [Path(tempfile.gettempdir()), Path(settings.DATA_DIR)]
    return {
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "tasks": sum(isinstance(each, asyncio.Task) and not each.done() for each in gc.get_objects()),
        "loops": sum(
            isinstance(each, asyncio.AbstractEventLoop) and not each.is_closed() for each in gc.get_objects()
        ),
        "files": sum(len(files) for folder in folders for _, _, files in os.walk(folder)),
    }
