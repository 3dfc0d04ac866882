"""Pages take turns in one process, and one that takes long holds up no other."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from guildry.config import asgi
from guildry.config.asgi import Handler
from guildry.kernel.sqlite.turns import Turns


class Desk:
    """Pages that stay inside until they are let go."""

    def __init__(self) -> None:
        self.came = {name: threading.Event() for name in "ab"}
        self.may_go = {name: threading.Event() for name in "ab"}

    def __call__(self, handler: Any, environ: str, start_response: Any) -> str:
        self.came[environ].set()
        assert self.may_go[environ].wait(10)
        if environ == "b":
            raise ValueError(environ)
        return environ


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk()
    monkeypatch.setattr(Handler, "_answer", lambda *arguments: desk(*arguments))
    yield desk
    for event in desk.may_go.values():
        event.set()


def visit(handler: Handler, name: str) -> threading.Thread:
    def ask() -> None:
        with suppress(ValueError):
            handler(name, None)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_a_page_waits_for_the_one_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "LONGEST_TURN", 10.0)
    handler = Handler(Turns())

    first = visit(handler, "b")
    assert desk.came["b"].wait(10)
    second = visit(handler, "a")
    came_too_early = desk.came["a"].wait(0.1)
    desk.may_go["b"].set()

    assert not came_too_early
    assert desk.came["a"].wait(10)
    desk.may_go["a"].set()
    first.join()
    second.join()


def test_a_page_that_takes_long_holds_up_no_other(desk: Desk) -> None:
    turns = Turns()
    handler = Handler(turns)

    first = visit(handler, "a")
    assert desk.came["a"].wait(10)
    second = visit(handler, "b")
    assert desk.came["b"].wait(10)
    desk.may_go["b"].set()
    second.join()
    desk.may_go["a"].set()
    first.join()

    assert turns.take(0.0)


def test_without_turns_pages_are_made_side_by_side(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "LONGEST_TURN", 60.0)
    handler = Handler()

    threads = [visit(handler, "a"), visit(handler, "b")]
    both_came = desk.came["a"].wait(10) and desk.came["b"].wait(10)
    for event in desk.may_go.values():
        event.set()
    for thread in threads:
        thread.join()

    assert both_came
