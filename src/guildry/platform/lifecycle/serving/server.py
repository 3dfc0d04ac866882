"""`guildry serve`: take the folder and the port, prepare, start, answer until told to stop, stop cleanly."""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import structlog
import uvicorn
from django.conf import settings
from django.db import OperationalError, connection
from django.utils.module_loading import import_string

from guildry.kernel.points import COMPONENTS, GREETINGS
from guildry.platform.lifecycle.bridge import Bridge, Pool
from guildry.platform.lifecycle.graph import PROCESS, StartFailed
from guildry.platform.lifecycle.rules import Exit, Role, parts_of
from guildry.platform.lifecycle.serving import logs, preparation, static
from guildry.platform.lifecycle.serving.lock import FolderLock, Taken

log = structlog.get_logger("guildry.lifecycle")
BACKLOG = 2048


@dataclass(frozen=True)
class Site:
    """What the composition root hands to the server: how to build the application and its websocket protocol."""

    build: Callable[[Pool, frozenset[str]], Bridge]
    websocket_protocol: Any = "websockets-sansio"


class Refusal(Exception):
    """The start is not possible; `code` is the exit code and the message says what to do."""

    def __init__(self, code: Exit, message: str) -> None:
        self.code = code
        super().__init__(message)


def serve(arguments: argparse.Namespace) -> int:
    """Run the site until a signal ends it; returns the exit code."""
    logs.configure(debug=settings.DEBUG)
    lock = FolderLock(settings.DATA_DIR)
    try:
        _check_role(arguments.role)
        lock.take(shared=arguments.role != Role.ALL)
        return _serve(arguments)
    except Taken as error:
        return _refuse(Exit.LOCKED, str(error))
    except Refusal as refusal:
        return _refuse(refusal.code, str(refusal))
    except OperationalError as error:
        return _refuse(Exit.DEPENDENCY, f"The database does not answer: {error}")
    except StartFailed as failure:
        log.error("start failed", component=failure.name, exc_info=failure.__cause__)
        return _refuse(Exit.FAILED, str(failure))
    except OSError as error:
        where = error.filename or settings.DATA_DIR
        return _refuse(Exit.CONFIGURATION, f"Cannot write in {where}: {error.strerror or error}.")
    except KeyboardInterrupt:
        return _refuse(Exit.FAILED, "Stopped before the start was complete.")
    finally:
        lock.release()


def _serve(arguments: argparse.Namespace) -> int:
    listener = _listener(arguments)
    gc.disable()
    with ThreadPoolExecutor(1, "collect static files") as beside:
        collected = beside.submit(static.collect) if listener else None
        gc.disable()
        preparation.migrate()
        if arguments.role == Role.ALL:
            preparation.settle_demo(wanted=arguments.demo)
        if collected:
            collected.result()
    PROCESS.start(COMPONENTS, parts_of(arguments.role))
    greeting = _greeting(arguments, listener)
    connection.close()
    gc.freeze()
    gc.enable()
    cut = _answer_requests(arguments, listener, greeting) if listener else _wait_for_signal(greeting)
    failed = PROCESS.stop()
    if cut or failed:
        return _refuse(Exit.INCOMPLETE_DRAIN, f"Stopped, but cut off: {', '.join([*cut, *failed])}.")
    log.info("stopped cleanly")
    return Exit.CLEAN


class Server(uvicorn.Server):
    """Stops at the first signal after the running requests, at the second at once."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self.cut = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._told_to_stop)
        yield

    def _told_to_stop(self) -> None:
        if self.should_exit:
            _stop_at_once()
        PROCESS.drain()
        log.info("stopping", open_connections=len(self.server_state.connections))
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self.cut = len(self.server_state.tasks)


def _answer_requests(
    arguments: argparse.Namespace, listener: socket.socket, ready: Callable[[], None]
) -> list[str]:
    site: Site = import_string(settings.SITE)
    pool = Pool(2 if connection.vendor == "sqlite" else 4)
    config = uvicorn.Config(
        site.build(pool, parts_of(arguments.role)),
        loop="uvloop",
        http="httptools",
        ws=site.websocket_protocol,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_max_size=1024 * 1024,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=arguments.grace,
    )
    server = Server(config, ready)
    # What the start made stays: the collector need not look at it again with every few pages.
    gc.freeze()
    gc.set_threshold(25_000, 10, 10)
    pool.start()
    try:
        server.run(sockets=[listener])
    finally:
        _stop_at_the_next_signal()
        pool.stop(seconds=1)
    return [f"{server.cut} requests"] if server.cut else []


def _wait_for_signal(ready: Callable[[], None]) -> list[str]:
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    ready()
    told.wait()
    _stop_at_the_next_signal()
    PROCESS.drain()
    log.info("stopping")
    return []


def _stop_at_the_next_signal() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _stop_at_once())


def _stop_at_once() -> NoReturn:
    """End now: facts and jobs that were on their way are found again by the next process."""
    os.write(2, b"guildry: Stopped at once, at the second signal.\n")
    os._exit(Exit.INCOMPLETE_DRAIN)


def _check_role(role: str) -> None:
    if role != Role.ALL and connection.vendor == "sqlite":
        raise Refusal(
            Exit.CONFIGURATION,
            f"Role {role} shares its database with other processes; set GUILDRY_DATABASE to a mysql:// address, "
            "or leave --role out to run everything in one process.",
        )


def _listener(arguments: argparse.Namespace) -> socket.socket | None:
    if arguments.fd is not None:
        return socket.socket(fileno=arguments.fd)
    if arguments.port is None and arguments.role == Role.WORKER:
        return None
    host, port = arguments.host, arguments.port if arguments.port is not None else 8000
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if arguments.role != Role.ALL:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
        if arguments.role == Role.ALL:
            # Whoever asks while the start is not complete waits in line; of several processes on one port only ready ones do.
            listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Refusal(
            Exit.DEPENDENCY, f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port."
        ) from error
    return listener


def _greeting(arguments: argparse.Namespace, listener: socket.socket | None) -> Callable[[], None]:
    where = _address(listener) if listener else "no port, jobs and facts only"
    lines: list[str] = []
    if arguments.role == Role.ALL and preparation.has_demo():
        lines = ["", *(f"  {line}" for greeting in GREETINGS for line in greeting.lines(where))]

    def greet() -> None:
        took = time.monotonic() - arguments.began
        if arguments.role == Role.ALL:
            head = ["", f"  Guildry is open at {where}", f"  Ready in {took:.1f} s. Ctrl-C stops it."]
            sys.stdout.write("\n".join([*head, *lines, "", ""]))
        log.info("ready", role=arguments.role, address=where, seconds=round(took, 2))
        sys.stdout.flush()

    return greet


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::", "::1") else host  # noqa: S104 - only compared
    return f"http://{shown}:{port}"


def _refuse(code: Exit, message: str) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"guildry: {message}\n")
    return code
