"""A clamd virus scanner, asked over its INSTREAM command."""

import socket
import struct

from django.conf import settings

from guildry.kernel import errors

_CHUNK = 64 * 1024
_SECONDS = 20.0


class ScannerAway(errors.Unavailable):
    problem = errors.problem("scanner-away", 503, "Files cannot be checked right now", retryable=True)
    detail = "The virus scanner is not answering, so the file waits. It appears once it has been checked."


class VirusFound(errors.Invalid):
    problem = errors.problem("virus-found", 422, "This file carries a virus")
    detail = "The virus scanner refused this file. Nothing was kept."


def scan(address: str, content: bytes) -> None:
    """Have clamd at `host:port` look at the content; only its OK lets it pass.

    Raises VirusFound, and ScannerAway for every other answer or none.
    """
    answer = _ask(address, content)
    if answer.endswith(" FOUND"):
        raise VirusFound(field="file")
    if answer != "stream: OK":
        raise ScannerAway(retry_after=30)


def scanner_answers() -> str:
    """Ask clamd whether it is there, or say that none is used; raises OSError for any other answer than its own."""
    if not settings.CLAMD:
        return "not configured; files are checked by their structure alone"
    host, _, port = settings.CLAMD.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=2) as link:
        link.sendall(b"zPING\0")
        answer = _line_from(link).rstrip("\0")
    if answer != "PONG":
        raise OSError(f"clamd answered {answer[:40]!r}")
    return "clamd answers"


def _ask(address: str, content: bytes) -> str:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_SECONDS) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                link.sendall(struct.pack("!L", len(chunk)) + chunk)
            link.sendall(struct.pack("!L", 0))
            return _line_from(link)
    except OSError as error:
        raise ScannerAway(retry_after=30) from error


def _line_from(link: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < 4096:
        part = link.recv(1024)
        if not part:
            break
        received += part
    return received.rstrip(b"\0").decode("utf-8", "replace")
