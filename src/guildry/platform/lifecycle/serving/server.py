"""`guildry serve`: take the folder and the port, prepare, start, answer until told to stop, stop cleanly."""

import argparse
import gc
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog
import uvicorn
from django.conf import settings
from django.db import OperationalError, connection
from django.utils.module_loading import import_string

from guildry.kernel.points import COMPONENTS, GREETINGS
from guildry.platform.lifecycle.bridge import Bridge, Pool, access
from guildry.platform.lifecycle.bridge.wire import Wire
from guildry.platform.lifecycle.graph import PROCESS, StartFailed
from guildry.platform.lifecycle.rules import Exit, Role, parts_of
from guildry.platform.lifecycle.serving import logs, preparation, static
from guildry.platform.lifecycle.serving.answering import Leave, Server
from guildry.platform.lifecycle.serving.keepers import Keeper, keeper_for
from guildry.platform.lifecycle.serving.listening import Refusal, address_of, listener_for
from guildry.platform.lifecycle.serving.lock import Taken
from guildry.platform.lifecycle.serving.orders import Orders, stop_at_the_next_signal

log = structlog.get_logger("guildry.lifecycle")

# One page that takes longer, in seconds, holds up no other.
LONGEST_TURN = 0.05


@dataclass(frozen=True)
class Site:
    """What the composition root hands to the server: how to build the application and its websocket protocol."""

    build: Callable[[Pool, frozenset[str]], Bridge]
    websocket_protocol: Any = "websockets-sansio"


def serve(arguments: argparse.Namespace) -> int:
    """Run the site until a signal ends it; returns the exit code."""
    logs.configure(debug=settings.DEBUG)
    keeper = keeper_for(arguments, shared=arguments.role != Role.ALL)
    orders, PROCESS.generation = Orders(keeper, arguments.grace), keeper.number
    handlers = {number: signal.getsignal(number) for number in orders.handlers}
    try:
        _check_role(arguments.role)
        keeper.begin(orders.retire)
        return _serve(arguments, keeper, orders)
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
        keeper.end()
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _serve(arguments: argparse.Namespace, keeper: Keeper, orders: Orders) -> int:
    listener = listener_for(arguments)
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
    greet = _greeting(arguments, listener)

    def ready() -> None:
        greet()
        keeper.opened(address_of(listener))

    connection.close()
    gc.freeze()
    gc.enable()
    cut = (
        _answer_requests(arguments, listener, orders, ready) if listener else _wait_for_the_end(orders, ready)
    )
    cut += PROCESS.stop()
    connection.close()
    keeper.ended(Exit.INCOMPLETE_DRAIN if cut else Exit.CLEAN, cut)
    if cut:
        return _refuse(Exit.INCOMPLETE_DRAIN, f"Stopped, but cut off: {', '.join(cut)}.")
    log.info("stopped cleanly")
    return Exit.CLEAN


def _answer_requests(
    arguments: argparse.Namespace, listener: socket.socket, orders: Orders, ready: Callable[[], None]
) -> list[str]:
    site: Site = import_string(settings.SITE)
    # A database elsewhere is waited for, and meanwhile others may compute.
    pool = Pool(2, patience=LONGEST_TURN) if connection.vendor == "sqlite" else Pool(4)
    config = uvicorn.Config(
        site.build(pool, parts_of(arguments.role)),
        loop="uvloop",
        http=Wire,
        ws=site.websocket_protocol,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_max_size=1024 * 1024,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=20,
    )
    server = Server(config, orders, Leave(arguments.grace, arguments.lame_duck), ready)
    # What the start made stays: the collector need not look at it again with every few pages.
    gc.freeze()
    gc.set_threshold(25_000, 10, 1_000)
    pool.start()
    try:
        server.run(sockets=[listener])
    finally:
        stop_at_the_next_signal()
        pool.stop(seconds=1)
        access.flush()
    return [f"{server.cut} requests"] if server.cut else []


def _wait_for_the_end(orders: Orders, ready: Callable[[], None]) -> list[str]:
    told = threading.Event()
    orders.begin_end = told.set
    for number, handle in orders.handlers.items():
        signal.signal(number, lambda *_, handle=handle: handle())
    ready()
    while not told.wait(1.0):
        orders.keeper.alive()
    stop_at_the_next_signal()
    return []


def _check_role(role: str) -> None:
    if role != Role.ALL and connection.vendor == "sqlite":
        raise Refusal(
            Exit.CONFIGURATION,
            f"Role {role} shares its database with other processes; set GUILDRY_DATABASE to a mysql:// address, "
            "or leave --role out to run everything in one process.",
        )


def _greeting(arguments: argparse.Namespace, listener: socket.socket | None) -> Callable[[], None]:
    where = address_of(listener) or "no port, jobs and facts only"
    lines: list[str] = []
    # Who looks at the terminal knows already where the next generations are.
    is_first = arguments.supervised.partition(",")[0] in ("", "1")
    if arguments.role == Role.ALL and preparation.has_demo():
        lines = ["", *(f"  {line}" for greeting in GREETINGS for line in greeting.lines(where))]

    def greet() -> None:
        took = time.monotonic() - arguments.began
        if arguments.role == Role.ALL and is_first:
            head = ["", f"  Guildry is open at {where}", f"  Ready in {took:.1f} s. Ctrl-C stops it."]
            sys.stdout.write("\n".join([*head, *lines, "", ""]))
        log.info("ready", role=arguments.role, origin=where, seconds=round(took, 2))
        sys.stdout.flush()

    return greet


def _refuse(code: Exit, message: str) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"guildry: {message}\n")
    return code
