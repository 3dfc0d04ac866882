"""A collector of OpenTelemetry on a real port, which keeps what it is sent by OTLP over HTTP."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.trace.v1 import trace_pb2 as trace


@dataclass
class Collector:
    """A collector on this machine: answers as it is told and keeps what it was sent."""

    url: str = ""
    status: int = 200
    reply: bytes = b""
    seen: list[tuple[str, dict[str, str], service.ExportTraceServiceRequest]] = field(default_factory=list)

    @property
    def spans(self) -> list[trace.Span]:
        groups = [group for _, _, request in self.seen for group in request.resource_spans]
        return [span for group in groups for scope in group.scope_spans for span in scope.spans]


@contextmanager
def running() -> Iterator[Collector]:
    """Run a collector on a free port of this machine."""
    told = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
            request = service.ExportTraceServiceRequest.FromString(body)
            told.seen.append((self.path, dict(self.headers.items()), request))
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(told.reply)))
            self.end_headers()
            self.wfile.write(told.reply)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()
