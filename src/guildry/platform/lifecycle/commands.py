"""The verbs `guildry serve`, `status`, `restart` and `drain`."""

import argparse
import json
import os
import pwd
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guildry.platform.lifecycle import rules
from guildry.platform.lifecycle.rules import Exit, State
from guildry.platform.lifecycle.serving import records


def serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8000; a worker needs none)")
    parser.add_argument("--fd", type=int, help="listen on this inherited socket instead")
    parser.add_argument("--data", metavar="DIR", help="folder for database, uploads and keys (default data)")
    parser.add_argument(
        "--role",
        type=_role,
        default="all",
        help="all (default), or some of web,realtime,worker with commas between",
    )
    parser.add_argument(
        "--no-supervisor",
        dest="supervisor",
        action="store_false",
        help="run in one process, which cannot be renewed with guildry restart",
    )
    parser.add_argument("--supervised", default="", help=argparse.SUPPRESS)
    parser.add_argument(
        "--no-demo", dest="demo", action="store_false", help="start empty, without the demo community"
    )
    _time_arguments(parser)


def _time_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--grace",
        type=float,
        default=25,
        metavar="S",
        help="seconds a running request has after a signal (default 25)",
    )
    parser.add_argument(
        "--lame-duck",
        type=float,
        default=0,
        metavar="S",
        help="seconds to go on accepting after a signal, until a balancer has noticed (default 0; behind one 5)",
    )
    parser.add_argument(
        "--ready-within",
        type=float,
        default=60,
        metavar="S",
        help="seconds a new generation may take before it is given up (default 60)",
    )


def _role(text: str) -> str:
    try:
        rules.parts_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def serve(arguments: argparse.Namespace) -> int:
    """Run the site until it is told to stop."""
    from guildry.platform.lifecycle.serving import server

    return server.serve(arguments)


def status_arguments(parser: argparse.ArgumentParser) -> None:
    _data_argument(parser)
    parser.add_argument("--json", action="store_true", help="print what is known as JSON")


def status(arguments: argparse.Namespace) -> int:
    """Print a line for each process; fails when none serves, or one misses something critical."""
    running = records.running(_folder())
    if arguments.json:
        sys.stdout.write(json.dumps({"data": str(_folder()), "running": running}, indent=2) + "\n")
    else:
        sys.stdout.write("".join(_lines(each) for each in running) or f"Nothing runs on {_folder()}.\n")
    serving = [process["state"] for each in running for process in each.get("processes", [])]
    if State.NOT_READY in serving:
        return Exit.DEPENDENCY
    return Exit.CLEAN if set(serving) & {State.READY, State.DEGRADED} else Exit.FAILED


def restart_arguments(parser: argparse.ArgumentParser) -> None:
    _data_argument(parser)
    _choice_arguments(parser, "restart")


def restart(arguments: argparse.Namespace) -> int:
    """Renew each `guildry serve` and return when the generation before is gone; fails when the old one goes on."""
    return _of_each(_renew, arguments)


def drain_arguments(parser: argparse.ArgumentParser) -> None:
    _data_argument(parser)
    _choice_arguments(parser, "drain")


def drain(arguments: argparse.Namespace) -> int:
    """Tell each `guildry serve` to stop and return when it has; the exit code is theirs."""
    return _of_each(_drained, arguments)


def _data_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="data folder of the site (default data)")


def _choice_arguments(parser: argparse.ArgumentParser, verb: str) -> None:
    parser.add_argument(
        "--pid", type=int, help=f"{verb} this process only (default: every one on the folder)"
    )
    parser.add_argument("--reason", default="", help="why; it stays in the audit trail")
    parser.add_argument(
        "--within", type=float, default=150, metavar="S", help="seconds to wait for the result (default 150)"
    )


def _folder() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR)


def _of_each(act: Callable[[dict[str, Any], argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    chosen = [each for each in records.running(_folder()) if arguments.pid in (None, each["pid"])]
    if not chosen:
        return _told(Exit.FAILED, f"Nothing runs on {_folder()}.")
    return max(act(each, arguments) for each in chosen)


def _record(order: str, record: dict[str, Any], reason: str) -> None:
    """Keep who ordered it; a database that is away keeps nobody from stopping the site."""
    from django.db import Error

    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.lifecycle import actions

    by = f"by {_account()} at {socket.gethostname()}"
    words = f"{reason} (ordered {by})" if reason.strip() else f"Ordered {by}"
    try:
        actions.record_order(
            SYSTEM, order=order, process_id=record["pid"], generation=record["generation"], reason=words
        )
    except Error as error:
        sys.stderr.write(f"guildry: This order is not in the audit trail: {error}\n")


def _account() -> str:
    """Return the account of the machine that acts, and who signed in when that is somebody else."""
    own = pwd.getpwuid(os.getuid()).pw_name
    try:
        arrived = os.getlogin()
    except OSError:
        return own
    return own if arrived == own else f"{arrived} as {own}"


def _lines(record: dict[str, Any]) -> str:
    where = record.get("address") or "no port"
    lines = [f"process {record['pid']}, role {record['role']}, {where}"]
    for process in record.get("processes", []):
        since = datetime.fromtimestamp(process["since"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        reason = f" ({process['reason']})" if process["reason"] else ""
        lines.append(f"  generation {process['generation']}: {process['state']}{reason} since {since}")
    return "\n".join(lines) + "\n"


def _renew(record: dict[str, Any], arguments: argparse.Namespace) -> int:
    pid, before = record["pid"], record["generation"]
    if not record["supervised"]:
        return _told(Exit.USAGE, f"Process {pid} was started with --no-supervisor and cannot be renewed.")
    _record("restart", record, arguments.reason)
    os.kill(pid, signal.SIGUSR2)
    for now in _watched(pid, arguments.within):
        failed = now.get("failed", {})
        if failed.get("generation", 0) > before:
            return _told(
                Exit.FAILED,
                f"Generation {failed['generation']} ended with {failed['code']} before it was ready; "
                f"generation {now['generation']} goes on.",
            )
        if now["generation"] > before and len(now["processes"]) == 1:
            return _told(Exit.CLEAN, f"Process {pid} serves with generation {now['generation']}.")
    return _told(Exit.FAILED, f"Process {pid} has no new generation after {arguments.within:g} s.")


def _drained(record: dict[str, Any], arguments: argparse.Namespace) -> int:
    pid = record["pid"]
    _record("drain", record, arguments.reason)
    os.kill(pid, signal.SIGTERM)
    for _ in _watched(pid, arguments.within):
        continue
    if records.is_running(_folder(), pid):
        return _told(Exit.INCOMPLETE_DRAIN, f"Process {pid} still runs after {arguments.within:g} s.")
    last = records.last_words(_folder(), pid)
    cut = ", ".join(last.get("cut", []))
    return _told(
        last.get("code", Exit.INCOMPLETE_DRAIN),
        f"Process {pid} stopped, but cut off: {cut}." if cut else f"Process {pid} stopped.",
    )


def _watched(pid: int, within: float) -> Iterator[dict[str, Any]]:
    """Give what a process says of itself again and again, until it is gone or the time is over."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and records.is_running(_folder(), pid):
        if now := records.last_words(_folder(), pid):
            yield now
        time.sleep(0.1)


def _told(code: int, message: str) -> int:
    sys.stdout.write(f"{message}\n")
    return code
