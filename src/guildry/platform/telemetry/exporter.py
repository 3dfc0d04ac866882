"""Sends spans to a collector by OTLP over HTTP: from a bounded queue, by a thread of its own."""

import gzip
import http.client
import os
import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.common.v1 import common_pb2 as common
from opentelemetry.proto.trace.v1 import trace_pb2 as trace

from guildry.kernel import redaction
from guildry.kernel.loops import Loop
from guildry.kernel.observing import Reading
from guildry.kernel.tracing import Span, is_trace
from guildry.platform.telemetry import rules

log = structlog.get_logger("guildry.telemetry")


class NotTaken(RuntimeError):
    """The collector takes spans later."""


class Exporter:
    """A queue that loses its oldest spans rather than grow; what a collector refuses for good is dropped and told."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], *, most: int = rules.MOST_WAITING) -> None:
        self.address, self.headers = urlsplit(endpoint), dict(headers)
        self.sent = self.lost = 0
        self._queue: deque[Span] = deque()
        self._most, self._changing = most, threading.Lock()
        self._loop = Loop("telemetry exporter", self.send, every=rules.EXPORT_EVERY)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        """End the thread and offer what is left once."""
        self._loop.stop()
        try:
            while self.send():
                pass
        except (OSError, http.client.HTTPException, NotTaken) as error:
            log.warning("spans not exported", count=len(self._queue), error=str(error))

    def probe(self) -> str:
        return self._loop.probe()

    def offer(self, spans: Iterable[Span]) -> None:
        """Queue spans; returns at once."""
        with self._changing:
            self._queue.extend(spans)
            for _ in range(len(self._queue) - self._most):
                self._queue.popleft()
                self.lost += 1

    def send(self) -> bool:
        """Send the oldest spans; returns whether more are waiting. Raises NotTaken or OSError, and keeps them then."""
        with self._changing:
            batch = [self._queue.popleft() for _ in range(min(rules.MOST_AT_ONCE, len(self._queue)))]
        if not batch:
            return False
        try:
            status, reply = self._post(request_of(batch).SerializeToString())
            if rules.is_worth_repeating(status):
                raise NotTaken(f"the collector answered {status}")
        except BaseException:
            self._put_back(batch)
            raise
        self._count(batch, status, reply)
        return bool(self._queue)

    def figures(self) -> list[Reading]:
        return [
            Reading(float(self.sent), (("outcome", "sent"),)),
            Reading(float(self.lost), (("outcome", "lost"),)),
        ]

    def _put_back(self, batch: list[Span]) -> None:
        with self._changing:
            self._queue.extendleft(reversed(batch))
        self.offer(())

    def _count(self, batch: list[Span], status: int, reply: bytes) -> None:
        rejected = len(batch) if status >= 300 else _rejected(reply)
        self.sent += len(batch) - rejected
        self.lost += rejected
        if rejected:
            log.warning("spans refused", count=rejected, status=status)

    def _post(self, body: bytes) -> tuple[int, bytes]:
        host, port = str(self.address.hostname), self.address.port
        if self.address.scheme == "https":
            context = ssl.create_default_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=rules.EXPORT_TIMEOUT, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=rules.EXPORT_TIMEOUT)
        path = f"{self.address.path.rstrip('/')}/v1/traces"
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip", **self.headers}
        try:
            connection.request("POST", path, gzip.compress(body, 1), headers)
            response = connection.getresponse()
            return response.status, response.read(65_536)
        finally:
            connection.close()


def request_of(spans: Iterable[Span]) -> service.ExportTraceServiceRequest:
    """Return spans as a collector takes them; what is no trace by W3C's rules has no place there."""
    request = service.ExportTraceServiceRequest()
    group = request.resource_spans.add()
    named = {"service.name": "guildry", "service.instance.id": f"{socket.gethostname()}:{os.getpid()}"}
    group.resource.attributes.extend(_attributes(named))
    scope = group.scope_spans.add()
    scope.scope.name = "guildry"
    scope.spans.extend(_span(span) for span in spans if is_trace(span.trace_id))
    return request


def _span(span: Span) -> trace.Span:
    facts = redaction.redacted(span.facts)
    began = round(span.began * 1e9)
    told = trace.Span(
        trace_id=bytes.fromhex(span.trace_id),
        span_id=bytes.fromhex(span.span_id),
        parent_span_id=bytes.fromhex(span.parent_id),
        name=redaction.scrubbed(rules.exported_name(span)),
        kind=trace.Span.SpanKind.Value(f"SPAN_KIND_{rules.exported_kind(span.kind)}"),
        start_time_unix_nano=began,
        end_time_unix_nano=began + round((span.seconds or 0) * 1e9),
        attributes=_attributes(rules.exported_facts(span.kind, redaction.scrubbed(span.name), facts)),
    )
    if problem := rules.problem_of(span.facts):
        told.status.code = trace.Status.STATUS_CODE_ERROR
        told.status.message = problem
    return told


def _attributes(facts: Mapping[str, Any]) -> list[common.KeyValue]:
    return [common.KeyValue(key=key, value=_value(value)) for key, value in facts.items()]


def _value(value: Any) -> common.AnyValue:
    if isinstance(value, bool):
        return common.AnyValue(bool_value=value)
    if isinstance(value, int):
        return common.AnyValue(int_value=value)
    if isinstance(value, float):
        return common.AnyValue(double_value=value)
    return common.AnyValue(string_value=str(value))


def _rejected(reply: bytes) -> int:
    """Return how many spans a collector that took the others did not take; some answer nothing at all."""
    try:
        told = service.ExportTraceServiceResponse.FromString(reply)
    except DecodeError:
        return 0
    return int(told.partial_success.rejected_spans)
