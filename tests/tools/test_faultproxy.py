"""Every fault of the proxy, as the one who talks through it meets it."""

import re
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tools.faultproxy import Remote

from tools import faultproxy, steps

pytestmark = pytest.mark.loopback

QUICK = 0.3


class Echo(socketserver.StreamRequestHandler):
    """Answers every line with the same line."""

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line)


class EchoServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def echo() -> Iterator[int]:
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(echo: int) -> Iterator[Remote]:
    with faultproxy.between("127.0.0.1", echo) as remote:
        yield remote


@contextmanager
def caller(port: int, within: float = 5) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=within) as connection:
        yield connection


def said(connection: socket.socket, words: bytes = b"hello\n") -> bytes:
    """Say something and return the answer, empty when the other side has hung up."""
    connection.sendall(words)
    return connection.recv(1024)


def test_a_good_line_carries_both_ways(proxy: Remote) -> None:
    with caller(proxy.port) as connection:
        assert said(connection) == b"hello\n"
        assert said(connection, b"again\n") == b"again\n"
    assert proxy.met == 1


def test_latency_is_added_to_each_way(proxy: Remote) -> None:
    with caller(proxy.port) as connection, proxy.failing(latency=0.1, jitter=0.02):
        began = time.monotonic()
        assert said(connection) == b"hello\n"
        assert time.monotonic() - began >= 0.2


def test_a_held_line_takes_everything_says_nothing_and_goes_on_when_it_is_let_go(proxy: Remote) -> None:
    with caller(proxy.port, within=QUICK) as connection:
        with proxy.failing(hold=True), pytest.raises(TimeoutError):
            said(connection)
        connection.settimeout(5)
        assert connection.recv(1024) == b"hello\n"


def test_a_held_line_still_lets_in_who_knocks(proxy: Remote) -> None:
    with (
        proxy.failing(hold=True),
        caller(proxy.port, within=QUICK) as connection,
        pytest.raises(TimeoutError),
    ):
        said(connection)


def test_a_reset_ends_conversations_that_run_and_those_that_begin(proxy: Remote) -> None:
    with caller(proxy.port) as running:
        assert said(running) == b"hello\n"
        with proxy.failing(reset=True):
            with pytest.raises(ConnectionResetError):
                said(running)
            with pytest.raises(ConnectionResetError), caller(proxy.port) as beginning:
                said(beginning)
    with caller(proxy.port) as after:
        assert said(after) == b"hello\n"


def test_a_refusing_port_is_shut_and_opens_again_where_it_was(proxy: Remote) -> None:
    port = proxy.port
    with caller(port) as running:
        assert said(running) == b"hello\n"
        with proxy.failing(refuse=True):
            assert running.recv(1024) == b""
            with pytest.raises(ConnectionRefusedError), caller(port):
                pass
    with caller(port) as after:
        assert said(after) == b"hello\n"


def test_a_limit_ends_the_answer_in_the_middle(proxy: Remote) -> None:
    with proxy.failing(limit=9), caller(proxy.port) as connection:
        assert said(connection) == b"hello\n"
        assert said(connection, b"again\n") == b"aga"
        assert connection.recv(1024) == b""


def test_a_limit_of_nothing_ends_before_the_first_byte(proxy: Remote) -> None:
    with proxy.failing(limit=0), caller(proxy.port) as connection:
        assert said(connection) == b""


def test_a_target_that_is_away_hangs_up(echo: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        away = nobody.getsockname()[1]
    with faultproxy.between("127.0.0.1", away) as proxy, caller(proxy.port) as connection:
        assert connection.recv(1024) == b""


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("latency 0.2 jitter 0.1", "latency 0.2 jitter 0.1"),
        ("limit 0", "limit 0"),
        ("hold latency 1", "latency 1 hold"),
        ("reset", "reset"),
        ("refuse", "refuse"),
        ("clear", "clear"),
    ],
)
def test_a_line_of_commands_is_read(line: str, shown: str) -> None:
    assert str(faultproxy.parsed(line)) == shown


@pytest.mark.parametrize("line", ["explode", "latency", "limit much", "hold reset", "latency -1", "limit -2"])
def test_a_line_that_makes_no_sense_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        faultproxy.parsed(line)


def test_the_program_obeys_its_standard_input(echo: int) -> None:
    command = [sys.executable, "-m", "tools.faultproxy", "--to", f"127.0.0.1:{echo}"]
    lines = "hold\nshow\nnonsense\nclear\n"

    done = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=steps.ROOT, timeout=30)

    heading, *answers = done.stdout.splitlines()
    assert re.fullmatch(rf"listening on 127\.0\.0\.1:\d+, to 127\.0\.0\.1:{echo}", heading)
    assert answers[:2] == ["ok: hold", "hold; 0 conversations so far"]
    assert answers[2].startswith("refused: 'nonsense' is none of clear, hold")
    assert answers[3:] == ["ok: clear"]
    assert done.returncode == 0


def test_the_program_obeys_a_control_port(echo: int) -> None:
    command = [sys.executable, "-m", "tools.faultproxy", "--to", f"127.0.0.1:{echo}", "--control", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=steps.ROOT) as program:
        assert program.stdout
        port, steering = (int(program.stdout.readline().split(",")[0].rsplit(":", 1)[1]) for _ in range(2))
        with caller(steering) as steer:
            answer = said(steer, b"limit 3\n")
        with caller(port) as connection:
            heard = said(connection)
        program.terminate()

    assert (answer, heard) == (b"ok: limit 3\n", b"hel")
