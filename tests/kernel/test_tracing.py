"""One id goes with a request through everything it causes."""

from collections.abc import Iterator

import pytest
import structlog

from guildry.kernel import tracing
from guildry.kernel.tracing import Span

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.fixture
def spans() -> Iterator[list[Span]]:
    kept: list[Span] = []
    tracing.use_recorder(kept.append)
    yield kept
    tracing.use_recorder(None)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"00-{TRACE}-{PARENT}-01", (TRACE, PARENT)),
        (f"cc-{TRACE}-{PARENT}-01-what-the-future-brings", (TRACE, PARENT)),
        (f"00-{TRACE}-{PARENT}-01-more", ("", "")),
        (f"ff-{TRACE}-{PARENT}-01", ("", "")),
        (f"00-{TRACE.upper()}-{PARENT}-01", ("", "")),
        (f"00-{'0' * 32}-{PARENT}-01", ("", "")),
        (f"00-{TRACE}-{'0' * 16}-01", ("", "")),
        ("garbage", ("", "")),
        ("", ("", "")),
    ],
)
def test_only_a_valid_traceparent_is_continued(header: str, found: tuple[str, str]) -> None:
    assert tracing.parse(header) == found


def test_a_step_within_a_step_descends_from_it_and_leaves_everything_as_it_was(spans: list[Span]) -> None:
    with tracing.span("job", "outer", trace_id=TRACE, parent_id=PARENT) as told:
        told["attempt"] = 2
        with tracing.span("fetch", "inner"):
            tracing.record(tracing.moment("mail", "kept", mail=7))

    mail, inner, outer = spans
    assert [span.trace_id for span in spans] == [TRACE] * 3
    assert (mail.parent_id, inner.parent_id, outer.parent_id) == (inner.span_id, outer.span_id, PARENT)
    assert (mail.seconds, mail.facts, outer.facts) == (None, {"mail": 7}, {"attempt": 2})
    assert tracing.current() == ("", "")


def test_a_step_that_fails_names_its_error_and_a_step_of_nothing_begins_a_trace(spans: list[Span]) -> None:
    with pytest.raises(LookupError), tracing.span("job", "fails"):
        raise LookupError

    assert spans[0].facts == {"error": "LookupError"}
    assert (tracing.is_trace(spans[0].trace_id), spans[0].parent_id) == (True, "")


def test_a_step_of_another_trace_does_not_descend_from_the_running_one(spans: list[Span]) -> None:
    with tracing.span("job", "outer", trace_id=TRACE), tracing.span("delivery", "other", trace_id="f" * 32):
        pass

    assert (spans[0].trace_id, spans[0].parent_id) == ("f" * 32, "")


def test_what_is_handed_on_names_the_running_step_and_is_nothing_outside_a_trace(spans: list[Span]) -> None:
    outside = tracing.traceparent()
    with tracing.span("job", "asks", trace_id=TRACE):
        within = tracing.traceparent()
    with structlog.contextvars.bound_contextvars(trace_id="not one"):
        unfit = tracing.traceparent()

    assert (outside, unfit) == ("", "")
    assert tracing.parse(within) == (TRACE, spans[0].span_id)


def test_a_moment_outside_a_trace_is_nobodys(spans: list[Span]) -> None:
    tracing.record(tracing.moment("mail", "kept"))

    assert spans == []
