"""Smoke tests: start, join, sign in, post, hear of it on a socket, run a job, stop; on the real program.

`./dev smoke` starts an installation of its own on SQLite, `--on servers` one on MariaDB with Redis. `--on URL --email
ADDRESS` tries a running one as a member whose password is read from standard input: it publishes two posts that only
connections can read, schedules a third, and deletes them all.
"""

import argparse
import getpass
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect

from tools import mail_server, services, steps

PATIENCE = 60.0
# A scheduled post is published at least a minute ahead, by a job that looks every half a minute.
SCHEDULED = timedelta(seconds=75)
TIMELINE = "/timeline"
EMAIL, PASSWORD = "smoke@example.org", "four unrelated words smoke"


class Failure(Exception):
    """A step did not do what it should; the message says what was seen instead."""


class Visitor:
    """A browser without a screen."""

    def __init__(self, origin: str) -> None:
        self.origin = origin.rstrip("/")
        self.client = httpx.Client(base_url=self.origin, timeout=30)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def fill_in(self, path: str, *, at: str = "", **fields: str) -> httpx.Response:
        """Send the form of a page, with its hidden token, to the page itself or `at` another address."""
        data = {"csrfmiddlewaretoken": self.token_of(path), **fields}
        return self.client.post(at or path, data=data, headers=self.headers(path))

    def ask(self, method: str, path: str, content: dict[str, Any]) -> Any:
        """Call an operation of the API as a page of ours would, and return what it answers."""
        headers = {**self.headers(path), "X-CSRFToken": self.token_of("/timeline/compose/")}
        return expect(self.client.request(method, path, json=content, headers=headers), 200, 201).json()

    def token_of(self, path: str) -> str:
        page = expect(self.get(path), 200)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        if not found:
            raise Failure(f"{path} shows no form.")
        return found[1]

    def headers(self, path: str) -> dict[str, str]:
        return {"Origin": self.origin, "Referer": f"{self.origin}{path}"}

    def sign_in(self, email: str, password: str) -> None:
        expect(self.fill_in("/sign-in/", login=email, password=password), 302, 303)
        if expect(self.get("/settings/"), 200, 302, 303).status_code != 200:
            raise Failure(
                "The site did not let this member in. Is the password right, and no second factor set?"
            )

    def publish(self, body: str) -> None:
        fields = {"audience": "connections", "intent": "publish"}
        expect(self.fill_in("/timeline/compose/", body=body, **fields), 303)

    def post_with(self, mark: str) -> int:
        """Return the id of the newest post of one's own that holds these words, 0 when there is none."""
        for post in expect(self.get("/api/v1/timeline/posts?tab=latest"), 200).json()["items"]:
            if mark in json.dumps(post):
                return int(post["id"])
        return 0

    def remove(self, post_id: int) -> None:
        expect(self.fill_in("/timeline/compose/", at=f"/timeline/posts/{post_id}/deletion/"), 303)


class Socket:
    """One Socket.IO conversation in one namespace, with the session of a visitor."""

    def __init__(self, connection: Any, namespace: str) -> None:
        self.connection, self.namespace = connection, namespace
        self.send(f"40{namespace},")
        self.hear(f"40{namespace},")
        self.send(f'42{namespace},1["resume",{{}}]')
        self.hear(f"43{namespace},1[")

    def send(self, packet: str) -> None:
        self.connection.send(packet)

    def hear(self, beginning: str, within: float = PATIENCE) -> str:
        """Wait for a packet that begins like this and return it."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            with suppress(TimeoutError):
                packet = str(self.connection.recv(left))
                if packet == "2":
                    self.send("3")
                if packet.startswith(f"44{self.namespace}"):
                    raise Failure(f"The socket was refused: {packet[:300]}")
                if packet.startswith(beginning):
                    return packet
        raise Failure(f"No {beginning!r} came within {within:.0f} s.")

    def hear_event(self, name: str) -> Any:
        return json.loads(self.hear(f'42{self.namespace},["{name}"').split(",", 1)[1])[1]


@contextmanager
def socket_of(visitor: Visitor) -> Iterator[Socket]:
    address = f"{visitor.origin.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
    with connect(address, origin=visitor.origin, additional_headers={"Cookie": cookies}) as connection:  # type: ignore[arg-type]
        yield Socket(connection, TIMELINE)


class Report:
    """Runs steps and prints a line for each."""

    def __init__(self, title: str) -> None:
        self.failed = ""
        print(f"\n{title}", flush=True)

    def step(self, name: str, do: Callable[[], Any]) -> Any:
        """Do one step; raises SystemExit naming the step when it fails."""
        began = time.monotonic()
        try:
            outcome = do()
        except Exception as error:
            self.failed = name
            print(f"  FAIL  {name:<8} {time.monotonic() - began:6.2f} s  {_words_of(error)}", flush=True)
            raise SystemExit(f"smoke: the step {name} failed.") from error
        print(f"  ok    {name:<8} {time.monotonic() - began:6.2f} s", flush=True)
        return outcome


class Installation:
    """`guildry serve` on a folder of its own, with a mail server that keeps what it is given."""

    def __init__(self, folder: Path, post: mail_server.Post, servers: dict[str, str]) -> None:
        self.folder, self.post = folder, post
        self.origin = f"http://localhost:{services.free_port()}"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GUILDRY_", "DJANGO_"))
        }
        self.environment = {
            **kept,
            "PYTHONPATH": str(steps.ROOT / "src"),
            "GUILDRY_MAIL": post.address,
            **servers,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> None:
        port = self.origin.rsplit(":", 1)[1]
        words = ["serve", "--data", str(self.folder / "data"), "--port", port, "--no-demo"]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guildry.config", *words], env=self.environment, stdout=log, stderr=log
            )
        wait_for(self._is_ready, "the site is ready")

    def _is_ready(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise Failure(f"It ended with {self.process.returncode}: {self.log[-2000:]}")
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.origin}/readyz").json() == {"status": "pass"}
        return False

    def stop(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        if code := self.process.wait(PATIENCE):
            raise Failure(f"It ended with {code}: {self.log[-2000:]}")

    def end(self) -> None:
        """Leave no process behind, however the steps went."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)


def join(visitor: Visitor, post: mail_server.Post) -> None:
    """Become a member with the code that a job has mailed."""
    fields = {"name": "Smoke Test", "handle": "smoke", "email": EMAIL, "password": PASSWORD}
    expect(visitor.fill_in("/join/", **fields), 303)
    expect(visitor.fill_in("/join/confirm/", code=code_in(letter_to(post, 1))), 303)


def post_and_read(visitor: Visitor, mark: str) -> int:
    visitor.publish(f"A smoke test was here: {mark}")
    post_id = visitor.post_with(mark)
    if not post_id:
        raise Failure("The post is not on the Timeline of its author.")
    return post_id


def hear_of_post(visitor: Visitor, mark: str) -> None:
    """Publish while a socket listens, and take the post back when it was heard of."""
    with socket_of(visitor) as socket:
        post_id = post_and_read(visitor, mark)
        told = socket.hear_event("post.new")
        visitor.remove(post_id)
        if told.get("post_id") != post_id:
            raise Failure(f"Another post was heard of: {told}")


def mailed_by_job(origin: str, post: mail_server.Post) -> None:
    """Ask for a sign-in code, and use the one that a job has mailed."""
    visitor = Visitor(origin)
    expect(visitor.fill_in("/sign-in/code/", email=EMAIL), 303)
    expect(visitor.fill_in("/sign-in/code/confirm/", code=code_in(letter_to(post, 2))), 303)


def published_by_job(visitor: Visitor, mark: str) -> None:
    """Schedule a post, wait until a job has published it, and take it back."""
    drafts, content = "/api/v1/timeline/drafts", {"body": mark, "audience": "connections"}
    draft_id = visitor.ask("POST", drafts, content)["id"]
    moment = {"publish_at": (datetime.now(UTC) + SCHEDULED).isoformat()}
    visitor.ask("PUT", f"{drafts}/{draft_id}/schedule", moment)
    visitor.remove(wait_for(lambda: visitor.post_with(mark), "the scheduled post appears", within=200))


def letter_to(post: mail_server.Post, count: int) -> EmailMessage:
    wait_for(lambda: len(post.messages) >= count, "a letter arrives")
    return post.messages[count - 1]


def code_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    found = re.search(r"^    (\S.*)$", body.get_content() if body else "", re.MULTILINE)
    if not found:
        raise Failure("The letter holds no code.")
    return found[1]


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    if answer.status_code not in statuses:
        raise Failure(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}: {_title(answer.text)}"
        )
    return answer


def wait_for(happens: Callable[[], Any], what: str, within: float = PATIENCE) -> Any:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if outcome := happens():
            return outcome
        time.sleep(0.1)
    raise Failure(f"Not within {within:.0f} s: {what}.")


def own(title: str, servers: dict[str, str]) -> None:
    """Run every step on an installation that lives for this test alone."""
    report, mark = Report(title), f"mark{os.getpid()}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guildry-smoke-")))
        post = stack.enter_context(mail_server.running())
        installation = Installation(folder, post, servers)
        stack.callback(installation.end)
        report.step("start", installation.start)
        visitor = Visitor(installation.origin)
        report.step("join", lambda: join(visitor, post))
        visitor = Visitor(installation.origin)
        report.step("sign-in", lambda: visitor.sign_in(EMAIL, PASSWORD))
        report.step("post", lambda: post_and_read(visitor, f"{mark} first"))
        report.step("socket", lambda: hear_of_post(visitor, f"{mark} second"))
        report.step("job", lambda: mailed_by_job(installation.origin, post))
        report.step("stop", installation.stop)


def running(address: str, email: str, password: str) -> None:
    """Run the steps that a running installation can be put through, and leave nothing behind."""
    report, mark = Report(f"Smoke test of {address}"), f"mark{int(time.time())}"
    visitor = Visitor(address)
    report.step("reach", lambda: expect(visitor.get("/readyz"), 200))
    report.step("sign-in", lambda: visitor.sign_in(email, password))
    report.step("post", lambda: visitor.remove(post_and_read(visitor, f"{mark} first")))
    report.step("socket", lambda: hear_of_post(visitor, f"{mark} second"))
    report.step("job", lambda: published_by_job(visitor, f"{mark} third"))


def smoke(arguments: list[str]) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="./dev smoke", description=__doc__)
    parser.add_argument(
        "--on", default="sqlite", metavar="WHERE", help="sqlite (default), servers, or an address"
    )
    parser.add_argument("--email", help="the member to act as at an address")
    chosen = parser.parse_args(arguments)
    if chosen.on == "sqlite":
        own("Smoke test on SQLite", {})
    elif chosen.on == "servers":
        with services.mariadb() as database, services.redis() as redis:
            own("Smoke test on MariaDB with Redis", {"GUILDRY_DATABASE": database, "GUILDRY_REDIS": redis})
    elif not chosen.on.startswith(("http://", "https://")):
        parser.error("--on takes sqlite, servers, or an address that begins with http:// or https://")
    elif not chosen.email:
        parser.error("--on with an address needs --email")
    else:
        running(chosen.on, chosen.email, _password())
    return 0


def _password() -> str:
    return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _words_of(error: Exception) -> str:
    return str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"


def _title(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else page[:200]


if __name__ == "__main__":
    steps.main(smoke)
