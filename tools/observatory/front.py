"""A server with a certificate of its own before the product, which shows one page at a time as the home page."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PER_CONNECTION = {"connection", "transfer-encoding", "keep-alive"}


class Front:
    """Where the scanner looks: `path` and `cookie` say which page it sees there, and as whom."""

    def __init__(self, product: int, folder: Path) -> None:
        self.product, self.path, self.cookie = product, "/", ""
        self.certificate = folder / "front.pem"
        _write_certificate(self.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.secure, self.plain = _server(_Pages), _server(_Redirect)
        self.secure.front = self  # type: ignore[attr-defined]
        self.secure.socket = context.wrap_socket(self.secure.socket, server_side=True)

    @property
    def ports(self) -> tuple[str, str]:
        return str(self.secure.server_port), str(self.plain.server_port)

    @contextmanager
    def running(self) -> Iterator["Front"]:
        servers = (self.secure, self.plain)
        for server in servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            for server in servers:
                server.shutdown()
                server.server_close()


def ask(
    port: int, method: str, path: str, headers: dict[str, str], body: str = ""
) -> http.client.HTTPResponse:
    """Ask the product as a proxy would; the answer is read already."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, {"Host": "localhost", **headers})
    answer = connection.getresponse()
    answer.content = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def _server(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    return server


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        return

    def send_response(self, code: int, message: str | None = None) -> None:
        """Say nothing of this server itself: the answer is the product's."""
        self.send_response_only(code, message)


class _Pages(_Quiet):
    def do_GET(self) -> None:
        front: Front = self.server.front  # type: ignore[attr-defined]
        headers = {"Accept": self.headers.get("Accept", "text/html"), "Cookie": front.cookie}
        answer = ask(front.product, "GET", front.path if self.path == "/" else self.path, headers)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in PER_CONNECTION:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content)  # type: ignore[attr-defined]


class _Redirect(_Quiet):
    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", f"https://localhost{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()


def _write_certificate(path: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
