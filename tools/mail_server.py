"""A mail server on a real port that takes messages, or answers with what a test wants to hear."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer


class Post:
    """What the server was given; `answers` replaces its reply to a command, such as {"RCPT": "550 No such box"}."""

    def __init__(self, port: int) -> None:
        self.address = f"smtp://127.0.0.1:{port}"
        self.answers: dict[str, str] = {}
        self.messages: list[EmailMessage] = []
        self.envelopes: list[str] = []

    def answer(self, command: str) -> str:
        usual = {"DATA": "354 Go on", "QUIT": "221 Bye"}
        return self.answers.get(command, usual.get(command, "250 Good"))


@contextmanager
def running() -> Iterator[Post]:
    """Run a mail server on a free port of this machine."""

    class Handler(StreamRequestHandler):
        timeout = 5

        def handle(self) -> None:
            self._say("220 post.example")
            while line := self.rfile.readline().decode().strip():
                command = line[:4].upper()
                if command in ("MAIL", "RCPT"):
                    post.envelopes.append(line)
                self._say(post.answer(command))
                if command == "DATA" and post.answer(command).startswith("354"):
                    self._take()
                if command == "QUIT":
                    return

        def _take(self) -> None:
            lines = iter(self.rfile.readline, b".\r\n")
            content = b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)
            post.messages.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            self._say("250 Taken")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    post = Post(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
