"""Logs are lines for people and objects for programs, and never show what a function held."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from guildry.platform.lifecycle.bridge import access
from guildry.platform.lifecycle.serving import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the suite back the logging it had."""
    root, levels = logging.root, {}
    handlers, level = root.handlers, root.level
    for name in list(root.manager.loggerDict):
        levels[name] = logging.getLogger(name).level
    yield
    access.write_to(None)
    root.handlers, _ = handlers, root.setLevel(level)
    for name, kept in levels.items():
        logging.getLogger(name).setLevel(kept)
    structlog.reset_defaults()


def fail_with(password: str) -> None:
    secret = f"copy of {password}"
    raise ValueError(f"wrong, {len(secret)} letters")


def log_a_failure() -> None:
    try:
        fail_with(" ".join(("open", "sesame")))
    except ValueError:
        structlog.get_logger("guildry.test").exception("it failed", job=7)


def test_programs_get_one_object_a_line_with_the_traceback_and_no_secret() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)

    log_a_failure()

    entry = json.loads(stream.getvalue())
    frames = entry["exception"][0]["frames"]
    assert (entry["event"], entry["job"], entry["level"]) == ("it failed", 7, "error")
    assert [frame["name"] for frame in frames] == ["log_a_failure", "fail_with"]
    assert entry["exception"][0]["exc_value"] == "wrong, 19 letters"
    assert "open sesame" not in stream.getvalue()


def test_people_get_lines_with_the_traceback_and_no_secret() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream, terminal=True)

    log_a_failure()

    assert "it failed" in stream.getvalue()
    assert "ValueError: wrong, 19 letters" in stream.getvalue()
    assert "open sesame" not in stream.getvalue()


def test_libraries_log_through_the_same_lines_and_values_of_any_kind_are_shown() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)

    logging.getLogger("some.library").warning("careful")
    structlog.get_logger("guildry.test").info("odd", value={1j})

    library, odd = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (library["event"], library["logger"], library["level"]) == ("careful", "some.library", "warning")
    assert odd["value"] == ["1j"]
