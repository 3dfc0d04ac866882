"""Each part of an installation that is wrong is found, with why it matters and what to do."""

import json
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guildry.config.__main__ import _parser
from guildry.kernel import clock
from guildry.kernel.points import COMMANDS
from guildry.ops.doctor import commands, queries
from guildry.ops.doctor.queries import machine, reach, servers, work
from guildry.ops.doctor.rules import Finding, Grade
from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.jobs.models import Job
from guildry.platform.lifecycle.models import Lease
from tools import mail_server, services

pytestmark = pytest.mark.loopback


def only(findings: Iterator[Finding]) -> Finding:
    (found,) = findings
    assert found.grade == Grade.GOOD or (found.why and found.fix)
    return found


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    return tmp_path


def test_the_python_and_the_packages_of_this_suite_are_good() -> None:
    assert only(machine.python()).grade == Grade.GOOD
    assert only(machine.packages()).grade != Grade.FAULT


def test_an_old_python_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "NEEDED", (9, 0))

    assert "written for 3.11 and newer" in only(machine.python()).why


def test_a_package_that_is_missing_or_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.metadata, "requires", lambda name: ["nosuchthing>=1", "django>=99.1"])

    found = only(machine.packages())

    assert (found.grade, "nosuchthing is missing; django is 5.2" in found.what) == (Grade.FAULT, True)


def test_packages_beside_the_lock_file_are_a_thing_to_look_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = tmp_path / "run.lock"
    lock.write_text("django==1.0 \\\n")
    monkeypatch.setattr(machine, "LOCK", lock)

    found = only(machine.packages())

    assert (found.grade, found.what[:50]) == (
        Grade.ADVICE,
        "1 differ from the lock file: django is 5.2.19, not"[:50],
    )


def test_a_folder_that_is_not_there_is_said(folder: Path, settings: Any) -> None:
    settings.DATA_DIR = folder / "nowhere"

    found = only(machine.folder())

    assert (found.grade, found.what.endswith("It does not exist.")) == (Grade.FAULT, True)
    assert "install -d -m 700" in found.fix


def test_a_folder_that_can_be_written_is_good_and_its_room_is_told(folder: Path) -> None:
    written, room = machine.folder()

    assert (written.grade, room.part) == (Grade.GOOD, "disk")


def test_a_key_that_others_can_read_is_a_fault(folder: Path, settings: Any) -> None:
    key = folder / "secret_key"
    key.write_text(settings.SECRET_KEY)
    key.chmod(0o644)
    assert only(machine.secret_key()).fix.startswith(f"chmod 600 {key}")

    key.chmod(0o600)
    assert only(machine.secret_key()).grade == Grade.GOOD

    key.write_text("another")
    assert only(machine.secret_key()).grade == Grade.ADVICE

    key.unlink()
    assert only(machine.secret_key()).what == "comes from the environment"


def test_static_files_are_missing_before_the_first_start_and_incomplete_after_a_bad_one(folder: Path) -> None:
    assert only(machine.static_files()).grade == Grade.ADVICE

    (folder / "static").mkdir()
    (folder / "static" / "one.css").touch()
    assert only(machine.static_files()).grade == Grade.FAULT

    (folder / "static" / "staticfiles.json").touch()
    assert only(machine.static_files()).grade == Grade.GOOD


def test_a_port_is_free_taken_by_a_stranger_or_in_use_by_the_site_itself(folder: Path) -> None:
    assert only(machine.port(services.free_port())).grade == Grade.GOOD
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        number = somebody.getsockname()[1]
        assert "is in use by another program" in only(machine.port(number)).what

        from guildry.platform.lifecycle.serving.lock import FolderLock

        lock = FolderLock(folder)
        lock.take(shared=False)
        assert (
            only(machine.port(number)).what
            == f"{number} is in use while process {os.getpid()} of this site runs"
        )
        lock.release()


@pytest.mark.django_db
def test_the_database_of_this_suite_is_good() -> None:
    assert [found.grade for found in servers.database()] == [Grade.GOOD]
    assert [found.grade for found in servers.schema()] == [Grade.GOOD]


def test_each_answer_of_a_database_server_is_put_in_words() -> None:
    from django.db import OperationalError

    for number in servers.REASONS:
        found = servers._unreachable(OperationalError(number, "whatever"))
        assert (found.grade, found.runbook) == (Grade.FAULT, "database-down")


@pytest.mark.django_db
def test_a_schema_of_a_newer_release_is_said() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('files', '0999_later', '2030-01-01')"
        )

    found = only(servers.schema())

    assert (found.grade, "files.0999_later" in found.what, found.runbook) == (Grade.FAULT, True, "upgrade")


@pytest.mark.django_db
def test_a_change_that_waits_is_said() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")

    found = only(servers.schema())

    assert (found.grade, found.what) == (Grade.ADVICE, "1 changes wait, the first of them in jobs.")


@pytest.mark.django_db
def test_clocks_of_this_machine_agree(folder: Path) -> None:
    assert only(servers.clock()).grade == Grade.GOOD


def test_redis_that_does_not_answer_is_said(settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{services.free_port()}/0"
    assert only(servers.redis()).what.startswith("It does not answer")

    settings.REDIS_URL = ""
    assert only(servers.redis()).grade == Grade.GOOD


@pytest.mark.parametrize(
    ("version", "most", "policy", "grade"),
    [
        ("5.0.1", 0, "noeviction", Grade.FAULT),
        ("7.0.1", 1000, "noeviction", Grade.ADVICE),
        ("7.0.1", 1000, "allkeys-lru", Grade.GOOD),
        ("7.0.1", 0, "noeviction", Grade.GOOD),
    ],
)
def test_redis_is_judged_by_age_and_memory(version: str, most: int, policy: str, grade: Grade) -> None:
    assert only(servers._redis_of(version, most, policy)).grade == grade


def test_a_mail_server_that_takes_letters_is_good(settings: Any) -> None:
    with mail_server.running() as post:
        settings.MAIL = post.address
        assert only(reach.mail()).grade == Grade.GOOD


def test_a_mail_server_that_is_away_or_wants_another_password_is_said(settings: Any) -> None:
    settings.MAIL = f"smtp://127.0.0.1:{services.free_port()}"
    assert "does not answer as a mail server does" in only(reach.mail()).what

    with mail_server.running() as post:
        settings.MAIL = post.address.replace("//", "//user:word@")
        assert "speaks no TLS that can be trusted" in only(reach.mail()).what


def test_a_site_that_keeps_its_mail_is_only_for_one_machine(settings: Any) -> None:
    settings.MAIL, settings.ORIGIN = "mailbox", "http://localhost:8000"
    assert only(reach.mail()).grade == Grade.GOOD

    settings.ORIGIN = "https://guild.example"
    assert "Nobody can join" in only(reach.mail()).why


def test_an_address_that_answers_nothing_is_said() -> None:
    found = only(reach._seen_from_outside(f"http://127.0.0.1:{services.free_port()}/healthz"))

    assert found.what.startswith("It gives no useful answer")


@pytest.mark.django_db
def test_leases_of_processes_that_are_gone_are_named() -> None:
    assert only(work.leases()).what == "0 held, none by a process that is gone"
    later = clock.now() + timedelta(seconds=30)
    here = socket.gethostname()[:40]
    Lease.objects.create(name="mine", holder=f"{here}:{os.getpid()}:ab", expires_at=later)
    Lease.objects.create(name="elsewhere", holder="another-machine:1:ab", expires_at=later)
    assert only(work.leases()).grade == Grade.GOOD

    Lease.objects.create(name="orphan", holder=f"{here}:4194999:ab", expires_at=later)

    found = only(work.leases())
    assert (found.grade, "orphan until" in found.what, "mine" in found.what) == (Grade.ADVICE, True, False)


@pytest.mark.django_db
def test_jobs_that_wait_or_were_given_up_are_counted() -> None:
    now = clock.now()
    assert only(work.jobs()).grade == Grade.GOOD

    Job.objects.create(task="a.b", arguments="[[],{}]", state="dead", run_at=now, created_at=now)
    assert only(work.jobs()).what == "1 were given up."

    Job.objects.create(task="a.b", arguments="[[],{}]", run_at=now - timedelta(minutes=10), created_at=now)
    assert [found.what for found in work.jobs()] == ["1 were given up.", "1 wait, the oldest for 10 minutes."]


@pytest.mark.django_db
def test_facts_that_wait_or_were_given_up_are_counted() -> None:
    assert only(work.facts()).grade == Grade.GOOD
    fact = StoredFact.objects.create(
        key=UUID(int=int((clock.present().timestamp() - 600) * 1000) << 80), name="a.B", payload="{}",
        created_at=clock.now() - timedelta(minutes=10), seq=1,
    )  # fmt: skip
    Receipt.objects.create(fact=fact, subscriber="one", state="dead")
    assert only(work.facts()).what == "1 deliveries were given up."

    Receipt.objects.create(fact=fact, subscriber="two")
    assert [found.what for found in work.facts()][1] == "1 wait, the oldest for 10 minutes."


def test_a_look_that_fails_is_a_finding() -> None:
    def broken() -> Iterator[Finding]:
        raise OSError("no eyes")

    (found,) = queries._taken(broken)

    assert (found.part, found.what) == ("broken", "It could not be looked at: OSError: no eyes")


def doctor(*words: str) -> int:
    return COMMANDS["doctor"].run(_parser().parse_args(["doctor", *words]))


@pytest.mark.django_db
def test_findings_are_printed_for_people_and_for_programs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = doctor("--port", str(services.free_port()))
    text = capsys.readouterr().out
    assert doctor("--json", "--port", str(services.free_port())) == code
    told = json.loads(capsys.readouterr().out)

    assert "to look at.\n" in text
    assert told["code"] == code == 0
    parts = {finding["part"] for finding in told["findings"]}
    assert {"python", "packages", "data folder", "database", "schema", "jobs", "facts", "leases"} <= parts


def test_a_finding_says_why_and_what_to_do() -> None:
    found = Finding("disk", Grade.FAULT, "It is full.", "Nothing can be posted.", "Make room.", "disk-full")

    assert commands.printed(found) == (
        "FAULT  disk          It is full.\n"
        "                     Why it matters: Nothing can be posted.\n"
        "                     What to do: Make room.\n"
        "                     More: guildry runbook disk-full\n"
    )


def test_a_damaged_file_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        servers, "_one", lambda statement: "3.40.1" if "version" in statement else "row 3 missing"
    )

    found = only(servers._sqlite())

    assert (found.what, found.runbook) == ("The file is damaged: row 3 missing.", "restore")
