"""The socket the site answers on: inherited, or bound here."""

import argparse
import socket

from guildry.platform.lifecycle.rules import Exit, Role

BACKLOG = 2048


class Refusal(Exception):
    """The start is not possible; `code` is the exit code and the message says what to do."""

    def __init__(self, code: Exit, message: str) -> None:
        self.code = code
        super().__init__(message)


def listener_for(arguments: argparse.Namespace) -> socket.socket | None:
    """Return the socket that the arguments of `serve` ask for, None for a worker without one; raises Refusal."""
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


def address_of(listener: socket.socket | None) -> str:
    if listener is None:
        return ""
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::", "::1") else host  # noqa: S104 - only compared
    return f"http://{shown}:{port}"
