"""One id leads from a request to everything it caused, and no line on the way shows what it must not."""

import io
import json
import logging
import re
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.test import Client
from django.urls import reverse

from guildry.community.timeline.models import Post
from guildry.kernel import clock, tracing
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions as notifications
from guildry.people.notifications.models import Tray
from guildry.people.notifications.rules import GRACE
from guildry.platform.jobs.models import Job
from guildry.platform.lifecycle.bridge import access
from guildry.platform.lifecycle.serving import logs
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter, OutgoingMail
from guildry.platform.mail.tasks import purge
from guildry.platform.realtime.gateway.dispatcher import Dispatcher
from guildry.platform.telemetry import commands, queries, rules
from guildry.platform.telemetry.recorder import RECORDER, Recorder
from tests.factories.notifications import choose, tell
from tests.platform.realtime.listeners import Room, ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.loopback]

OTHER = "9bf92f3577b34da6a3ce929d0e0e4736"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACED = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """Log as `guildry serve` does to a program, and give the suite its logging back."""
    root, levels = (
        logging.root,
        {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict},
    )
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    access.write_to(None)
    root.handlers, _ = handlers, root.setLevel(level)
    for name, kept in levels.items():
        logging.getLogger(name).setLevel(kept)
    structlog.reset_defaults()


@pytest.fixture
def recorded(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    RECORDER.start()
    yield tmp_path / "logs" / "log.jsonl"
    RECORDER.stop()


def test_one_tree_shows_what_a_post_caused(
    recorded: Path, ada: Member, ada_client: Client, deliver: Any, run_jobs: Any, capsys: Any
) -> None:
    room, token = Room(), accounts.issue_token(ada, name="tests", scopes=["read", "write"], days=7)
    dispatcher = Dispatcher(room)
    ask(dispatcher, room.seat(ada, token_id=token.token.pk))

    ada_client.post(
        reverse("timeline:compose"),
        {"body": "See http://127.0.0.1/x", "audience": "everyone"},
        headers=TRACED,
    )
    deliver()
    dispatcher.look()
    run_jobs()
    RECORDER.write()
    code = commands.trace(Namespace(what="show", trace=TRACED["traceparent"]))

    shown = capsys.readouterr().out.splitlines()
    steps = [re.sub(r"^\S+ +\S+ +(?:[\d.]+ ms)? +", "", line) for line in shown[2:]]
    published = next(index for index, step in enumerate(steps) if "fact timeline.PostPublished" in step)
    assert code == 0
    assert shown[0].startswith(f"Trace {TRACE}, began 20")
    assert steps[0] == "http POST /timeline/compose/  status=303"
    assert steps[published][:3] in ("├─ ", "└─ ")
    branch = [step.lstrip("│├└─ ") for step in steps[published + 1 :]]
    assert "delivery timeline.preview" in branch
    assert any(
        step.startswith("enqueued guildry.community.timeline.tasks.preview_link  job=") for step in branch
    )
    assert any(step.startswith("job guildry.community.timeline.tasks.preview_link  job=") for step in branch)
    assert any(step.startswith("socket /timeline ") for step in branch)
    assert "fetch 127.0.0.1  error=AddressRefused" in branch
    assert branch.index("delivery timeline.preview") < branch.index("fetch 127.0.0.1  error=AddressRefused")


def test_a_socket_is_told_which_trace_its_event_belongs_to(
    ada: Member, ada_client: Client, deliver: Callable[[], int]
) -> None:
    room, token = Room(), accounts.issue_token(ada, name="tests", scopes=["read", "write"], days=7)
    dispatcher = Dispatcher(room)
    ask(dispatcher, room.seat(ada, token_id=token.token.pk))

    posted = {"body": "Hello", "audience": "everyone"}
    ada_client.post(reverse("timeline:compose"), posted, headers=TRACED)
    deliver()
    dispatcher.look()

    assert f'"trace_id":"{TRACE}"'.encode() in b"".join(frame for _, frame in room.told)


def test_mail_leads_back_to_what_caused_it() -> None:
    letter = Letter(subject="Hello", paragraphs=("Hello.",))
    with tracing.span("job", "writes", trace_id=TRACE):
        mail.send_letter(SYSTEM, to="ada@example.org", letter=letter)
    mail.send_letter(SYSTEM, to="ben@example.org", letter=letter)

    traced, free = OutgoingMail.objects.order_by("pk")
    assert tracing.parse(traced.headers["Traceparent"])[0] == TRACE
    assert free.headers == {}


def test_mail_about_a_notification_belongs_to_the_trace_of_what_it_tells(
    recorded: Path, ada: Member, settings: Any, capsys: Any
) -> None:
    settings.EMAIL_BACKEND = "guildry.platform.mail.backend.Mailbox"
    choose(ada, "network.request", mail="instant")
    with tracing.span("http", "asks", trace_id=TRACE):
        row = tell(ada, "Ben wants to connect", kind="network.request")

    with clock.at(clock.now() + GRACE), tracing.span("job", "mails"):
        notifications.mail_notification(SYSTEM, notification_id=row.pk)
    RECORDER.write()
    commands.trace(Namespace(what="show", trace=TRACE))

    assert tracing.parse(OutgoingMail.objects.get().headers["Traceparent"])[0] == TRACE
    assert "notification network.request" in capsys.readouterr().out


def test_a_digest_is_seen_from_every_trace_it_tells_of(
    recorded: Path, ada: Member, settings: Any, capsys: Any
) -> None:
    settings.EMAIL_BACKEND = "guildry.platform.mail.backend.Mailbox"
    choose(ada, "network.request", mail="digest")
    for source, trace in enumerate((OTHER, TRACE)):
        with tracing.span("http", "asks", trace_id=trace):
            tell(ada, "Ben wants to connect", kind="network.request", source=f"request:{source}")
    Tray.objects.filter(pk=ada.pk).update(digest_due_at=clock.now())

    sent = notifications.mail_digest(SYSTEM, member_id=ada.pk)
    RECORDER.write()
    shown = [commands.trace(Namespace(what="show", trace=trace)) for trace in (OTHER, TRACE)]

    assert (sent, shown) == (2, [0, 0])
    assert tracing.parse(OutgoingMail.objects.get().headers["Traceparent"])[0] == TRACE
    told = capsys.readouterr().out
    assert f"digest of 2  told_in={TRACE}" in told
    assert re.search(r"ms  digest of 2\n", told)


def test_the_access_log_says_on_the_span_of_a_request_how_long_its_caller_waited() -> None:
    span = {
        "span": "http", "step": "GET /x", "timestamp": "2026-01-01T00:00:00.000000Z", "seconds": 0.001,
        "span_id": "a" * 16, "parent_id": "", "facts": {"status": 200},
    }  # fmt: skip
    line = {
        "event": "GET /x", "status": 200, "ms": 4.5, "level": "info", "logger": access.NAME,
        "timestamp": "2026-01-01T00:00:00.005000Z",
    }  # fmt: skip

    steps = rules.steps_of([line, span, line])

    assert [(step.kind, step.name, step.facts) for step in steps] == [
        ("http", "GET /x", {"status": 200, "answered_in": "4.5ms"}),
        ("info", "GET /x", {"status": 200, "ms": 4.5}),
    ]


async def test_lines_of_the_access_log_are_kept_with_their_trace(
    recorded: Path, printed: io.StringIO
) -> None:
    access.note("GET /x", 200, 0.0045, TRACE)
    access.note("GET /y", 503, 0.1, "")
    access.flush()
    RECORDER.write()

    assert [json.loads(line)["event"] for line in recorded.read_text().splitlines()] == ["GET /x", "GET /y"]
    assert [entry["ms"] for entry in queries.entries_of(TRACE, recorded.parent)] == [4.5]


def test_a_verb_that_does_something_leaves_a_trace_and_one_that_looks_leaves_none(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    with recorder.during("doctor"):
        looked = tracing.current()[0]
    with recorder.during("audit"):
        tracing.record(tracing.moment("fact", "audit.TrailExported"))
        acted = tracing.current()[0]

    assert queries.entries_of(looked, tmp_path) == []
    assert [(entry["span"], entry["step"]) for entry in queries.entries_of(acted, tmp_path)] == [
        ("fact", "audit.TrailExported"), ("command", "audit"),
    ]  # fmt: skip
    assert tracing.current() == ("", "")


def test_a_verb_goes_on_when_its_trace_cannot_be_kept(tmp_path: Path, printed: io.StringIO) -> None:
    (tmp_path / "logs").write_text("no folder")
    recorder = Recorder(tmp_path / "logs")

    with recorder.during("audit"):
        tracing.record(tracing.moment("fact", "audit.TrailExported"))

    assert "trace not kept" in printed.getvalue()


def test_a_job_that_nothing_traced_caused_begins_a_trace(recorded: Path, run_jobs: Callable[[], int]) -> None:
    purge.enqueue()
    run_jobs()
    RECORDER.write()

    (span,) = map(json.loads, recorded.read_text().splitlines())
    assert (Job.objects.get().trace_id, span["span"], tracing.is_trace(span["trace_id"])) == ("", "job", True)


@pytest.mark.parametrize(
    ("given", "code"), [("0" * 32, commands.USAGE), ("4bf9", commands.USAGE), ("a" * 32, commands.UNKNOWN)]
)
def test_a_trace_that_is_none_or_not_kept_is_said(recorded: Path, given: str, code: int, capsys: Any) -> None:
    assert commands.trace(Namespace(what="show", trace=given)) == code
    assert "".join(capsys.readouterr())


CANARIES = {
    "password": "Canary-passphrase-81",
    "email": "canary.mailbox@example.org",
    "body": "canary words nobody may read",
    "token": "gdy_kX9-uT2mQw7Lp4RzB8vNc1Ye6Hs0JdFaGi3OoKl5Mx",
    "link": "kX9-uT2mQw7Lp_4RzB8vNc1Ye6Hs0JdFaGi3OoKl5My",
    "cookie": "canaryCookie0Value1Of2Someone3Signed4In",
}


def cry_out() -> None:
    """Log each canary in every way that careless code does."""
    log, library = structlog.get_logger("guildry.careless"), logging.getLogger("careless.library")
    for key, value in CANARIES.items():
        log.info("careless", **{key: value})
        log.info("nested", what={"inner": [{key: value}]})
        if key != "body":
            library.warning("%s=%s", key, value)
            log.info(f"{key}: {value}")
        try:
            held = {key: value}
            raise ValueError(f"{key}={held[key]!r}" if key != "body" else "kept to itself")
        except ValueError:
            log.exception("careless failure")
            library.exception("careless failure")


def test_no_canary_reaches_any_line(
    printed: io.StringIO, recorded: Path, ada: Member, ada_client: Client, deliver: Any, run_jobs: Any
) -> None:
    bearer = {
        "Authorization": f"Bearer {CANARIES['token']}",
        "Cookie": f"guildry={CANARIES['cookie']}",
        **TRACED,
    }
    Client(headers=bearer).get(f"/api/v1/me?token={CANARIES['token']}")
    sign_in = {"login": CANARIES["email"], "password": CANARIES["password"]}
    Client(headers=TRACED).post(reverse("account_login"), sign_in)
    Client(headers=TRACED).get(f"/invitations/{CANARIES['link']}/")
    posted = {"body": CANARIES["body"], "audience": "everyone"}
    ada_client.post(reverse("timeline:compose"), posted, headers=TRACED)
    with tracing.span("job", "careless", trace_id=TRACE, **CANARIES):
        cry_out()
    deliver()
    run_jobs()
    RECORDER.write()

    everything = printed.getvalue() + recorded.read_text()
    assert Post.objects.get().body == CANARIES["body"]
    assert [name for name, value in CANARIES.items() if value in everything] == []
    assert printed.getvalue().count("careless failure") == 2 * len(CANARIES)
    assert recorded.read_text().count("careless failure") == 2 * len(CANARIES)
