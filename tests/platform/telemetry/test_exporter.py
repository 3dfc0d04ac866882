"""Spans reach a collector by OTLP, in the background, and nothing grows or waits when it is away."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.trace.v1 import trace_pb2 as trace

from guildry.config.keys import KEYS
from guildry.kernel.tracing import Span
from guildry.platform.telemetry import rules
from guildry.platform.telemetry.exporter import Exporter, NotTaken
from guildry.platform.telemetry.recorder import Recorder
from tests.platform.telemetry import collector as collecting
from tests.platform.telemetry.collector import Collector

pytestmark = pytest.mark.loopback

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting.running() as running:
        yield running


def span(number: int = 1, kind: str = "http", name: str = "GET /x", **facts: Any) -> Span:
    return Span(TRACE, f"{number:016x}", PARENT, kind, name, 1_790_000_000.5, 0.25, facts)


def attributes(of: trace.Span) -> dict[str, Any]:
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in of.attributes}


def test_a_span_arrives_in_the_words_of_opentelemetry(collector: Collector) -> None:
    exporter = Exporter(f"{collector.url}/otlp/", {"authorization": "Bearer abc"})
    exporter.offer([span(status=503, slow=True, share=0.5)])

    more = exporter.send()

    ((path, headers, request),) = collector.seen
    (told,) = collector.spans
    assert (more, path, headers["authorization"]) == (False, "/otlp/v1/traces", "Bearer abc")
    assert headers["Content-Type"] == "application/x-protobuf"
    assert (told.trace_id.hex(), told.span_id.hex(), told.parent_span_id.hex()) == (
        TRACE,
        f"{1:016x}",
        PARENT,
    )
    assert (told.name, told.kind, told.status.message) == ("GET", trace.Span.SPAN_KIND_SERVER, "HTTP 503")
    assert told.status.code == trace.Status.STATUS_CODE_ERROR
    assert told.start_time_unix_nano == 1_790_000_000_500_000_000
    assert told.end_time_unix_nano - told.start_time_unix_nano == 250_000_000
    assert attributes(told) == {
        "http.request.method": "GET", "url.path": "/x", "http.response.status_code": 503,
        "guildry.kind": "http", "guildry.slow": True, "guildry.share": 0.5,
    }  # fmt: skip
    resource = {one.key: one.value.string_value for one in request.resource_spans[0].resource.attributes}
    assert resource["service.name"] == "guildry"
    assert resource["service.instance.id"].endswith(f":{os.getpid()}")


def test_a_step_that_failed_a_moment_and_one_outside_every_trace(collector: Collector) -> None:
    exporter = Exporter(collector.url, {})
    moment = Span(TRACE, f"{2:016x}", "", "fact", "timeline.PostPublished", 1_790_000_000.0, None, {})
    foreign = Span("abc", f"{3:016x}", "", "fact", "timeline.PostPublished", 1_790_000_000.0, None, {})
    exporter.offer([span(1, "job", "mail.deliver", error="NotTaken", job=7), moment, foreign])

    exporter.send()

    failed, stored = collector.spans
    assert (failed.name, failed.kind) == ("job mail.deliver", trace.Span.SPAN_KIND_CONSUMER)
    assert (failed.status.message, attributes(failed)["error.type"]) == ("NotTaken", "NotTaken")
    assert stored.start_time_unix_nano == stored.end_time_unix_nano
    assert (stored.parent_span_id, stored.kind) == (b"", trace.Span.SPAN_KIND_PRODUCER)


def test_no_secret_leaves_with_a_span(collector: Collector) -> None:
    exporter = Exporter(collector.url, {})
    exporter.offer([span(1, "fetch", "ada@example.org", token="gdy_secret", note="password=sesame")])

    exporter.send()

    sent = str(collector.seen[0][2])
    assert [word for word in ("ada@example.org", "gdy_secret", "sesame") if word in sent] == []


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_what_a_busy_collector_does_not_take_is_offered_again_in_order(
    collector: Collector, status: int
) -> None:
    exporter = Exporter(collector.url, {})
    exporter.offer([span(1), span(2)])
    collector.status = status
    with pytest.raises(NotTaken):
        exporter.send()
    exporter.offer([span(3)])
    collector.status, collector.seen = 200, []

    exporter.send()

    assert [int(told.span_id.hex(), 16) for told in collector.spans] == [1, 2, 3]
    assert (exporter.sent, exporter.lost) == (3, 0)


def test_what_a_collector_refuses_for_good_is_dropped_and_counted(collector: Collector) -> None:
    exporter = Exporter(collector.url, {})
    collector.status = 400
    exporter.offer([span(1)])
    refused = exporter.send()
    partly = service.ExportTraceServiceResponse()
    partly.partial_success.rejected_spans = 1
    collector.status, collector.reply = 200, partly.SerializeToString()
    exporter.offer([span(2), span(3)])
    exporter.send()
    collector.reply = b"\xff\xff<html>"
    exporter.offer([span(4)])
    exporter.send()

    assert (refused, exporter.sent, exporter.lost) == (False, 2, 2)
    assert [(reading.value, reading.labels) for reading in exporter.figures()] == [
        (2.0, (("outcome", "sent"),)), (2.0, (("outcome", "lost"),)),
    ]  # fmt: skip


def test_the_queue_loses_its_oldest_spans_while_the_collector_is_away() -> None:
    exporter = Exporter("http://127.0.0.1:9", {}, most=3)
    exporter.offer(span(number) for number in range(1, 4))
    with pytest.raises(OSError, match="refused"):
        exporter.send()
    began = time.perf_counter()
    exporter.offer([span(4)])
    took = time.perf_counter() - began
    exporter.start()
    exporter.stop()

    assert [int(one.span_id, 16) for one in exporter._queue] == [2, 3, 4]
    assert exporter.lost == 1
    assert took < 0.1


def test_a_long_queue_goes_in_several_requests(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_AT_ONCE", 2)
    exporter = Exporter(collector.url, {})
    exporter.offer(span(number) for number in range(1, 6))

    more = [exporter.send() for _ in range(4)]

    assert more == [True, True, False, False]
    assert (len(collector.seen), exporter.sent) == (3, 5)


def test_what_the_recorder_writes_is_exported_and_the_end_sends_the_rest(
    collector: Collector, tmp_path: Path
) -> None:
    recorder, exporter = Recorder(tmp_path), Exporter(collector.url, {})
    recorder.export = exporter.offer
    exporter.start()
    recorder.note(span(1))
    recorder.note({"event": "a line", "level": "info", "logger": "x", "timestamp": 1_790_000_000.0})
    recorder.write()

    probed = exporter.probe()
    exporter.stop()

    assert probed == "turns"
    assert [told.name for told in collector.spans] == ["GET"]


def test_https_is_spoken_to_a_collector_that_asks_for_it(collector: Collector) -> None:
    exporter = Exporter(collector.url.replace("http:", "https:"), {})
    exporter.offer([span(1)])

    with pytest.raises(OSError, match=r"SSL|EOF|reset"):
        exporter.send()

    assert collector.seen == []


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("", {}),
        ("authorization=Bearer%20a=b, x-team = one ", {"authorization": "Bearer a=b", "x-team": "one"}),
    ],
)
def test_headers_are_written_as_other_exporters_take_them(text: str, headers: dict[str, str]) -> None:
    assert rules.headers_in(text) == headers


@pytest.mark.parametrize("text", ["authorization", "a b=c", "=c", "a=b%0D%0Ac: d", "a=1,a=2"])
def test_what_is_no_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"takes name=value|is no header"):
        rules.headers_in(text)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("telemetry.endpoint", "collector:4318", "takes http://host:port"),
        ("telemetry.endpoint", "http://collector:4318", ""),
        ("telemetry.headers", "authorization", "takes name=value"),
        ("telemetry.headers", "authorization=x", ""),
    ],
)
def test_a_wrong_collector_is_said_before_anything_starts(key: str, value: str, said: str) -> None:
    check: Callable[[str], str] = next(one.check for one in KEYS if one.key == key)  # type: ignore[assignment]

    assert check(value).startswith(said)
    assert bool(check(value)) == bool(said)


def test_an_installation_without_the_extra_is_told_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildry.config.keys.find_spec", lambda name: None)
    check = next(one.check for one in KEYS if one.key == "telemetry.endpoint")

    assert "guildry[telemetry]" in check("http://collector:4318")  # type: ignore[misc]


LOADED = """
import sys, django
django.setup()
from guildry.kernel.points import COMPONENTS
print("guildry.platform.telemetry.exporter" in sys.modules, any(m.startswith(("opentelemetry", "google.protobuf")) for m in sys.modules), "telemetry.exporter" in COMPONENTS)
"""


@pytest.mark.parametrize(
    ("collector_is_given", "told"), [(False, "False False False"), (True, "True True True")]
)
def test_nothing_of_it_is_imported_without_a_collector(
    tmp_path: Path, collector_is_given: bool, told: str
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "DJANGO_SETTINGS_MODULE": "guildry.config.settings",
        "GUILDRY_DATA_DIR": str(tmp_path),
        **({"GUILDRY_OTLP_ENDPOINT": "http://127.0.0.1:4318"} if collector_is_given else {}),
    }

    ran = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.stdout.strip(), ran.returncode) == (told, 0), ran.stderr
