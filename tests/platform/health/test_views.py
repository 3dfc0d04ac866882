"""The probes answer as pages too, to anybody, on any host, and nobody keeps what they said."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.health import actions, queries, sampler
from guildry.platform.lifecycle.bridge import TRAFFIC
from guildry.platform.lifecycle.graph import PROCESS
from guildry.platform.runtime.models import ProcessVersion
from tests.factories.people import grant
from tests.factories.processes import running_process

BOARD_QUERIES = 5


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/startupz", "/readyz"])
def test_a_probe_answers_as_a_page(path: str) -> None:
    answer = Client().get(path, HTTP_HOST="10.0.0.7")

    status, body = queries.PROBES[path]()
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_probe_changes_nothing_and_takes_no_form() -> None:
    assert Client().post("/healthz").status_code == 405


PROGRAMS = [
    "/ops/health",
    "/ops/health/dependencies",
    "/ops/health/transitions",
    "/ops/queues",
    "/ops/metrics",
]


@pytest.fixture
def token(settings: Any, tmp_path: Path) -> str:
    settings.DATA_DIR = tmp_path
    (tmp_path / "metrics_token").write_text("new-token\n")
    (tmp_path / "metrics_token.old").write_text("old-token\n")
    return "new-token"


def get(path: str, token: str, **headers: str) -> Any:
    return Client().get(path, HTTP_AUTHORIZATION=f"Bearer {token}", **headers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROGRAMS)
def test_a_stranger_learns_nothing(path: str, token: str) -> None:
    guest, guesser = Client().get(path), get(path, "guess")

    assert guest.status_code == 302
    assert (guesser.status_code, guesser.json()["code"]) == (401, "ops_token_refused")
    assert guesser.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROGRAMS)
def test_both_tokens_open_every_address_for_programs(path: str, token: str) -> None:
    assert [get(path, known).status_code for known in (token, "old-token")] == [200, 200]


@pytest.mark.django_db
def test_without_tokens_nobody_is_let_in_by_one(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    assert get("/ops/metrics", "").status_code == 401


@pytest.mark.django_db
def test_health_is_told_in_the_usual_form(token: str) -> None:
    answer = get("/ops/health", token)

    document = answer.json()
    assert answer.headers["Content-Type"] == "application/health+json"
    assert document["checks"]["queue:jobs"][0]["componentType"] == "component"
    assert document["checks"]["database"][0].keys() >= {"status", "time", "since", "output", "critical"}
    assert document["links"]["queues"] == "/ops/queues"


@pytest.mark.django_db
def test_dependencies_come_in_pages_each_once_whatever_flaps(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get("/ops/health/dependencies?limit=4", token).json()
    monkeypatch.setattr(queries.documents.verdicts, "samples", list)
    names, page = [entry["componentId"] for entry in first["dependencies"]], first
    while page["next"]:
        page = get(f"/ops/health/dependencies?limit=4&cursor={page['next']}", token).json()
        names += [entry["componentId"] for entry in page["dependencies"]]

    assert len(names) == len(set(names)) == len(sampler.SAMPLER.current())


@pytest.mark.django_db
def test_dependencies_are_chosen_by_kind_and_status(token: str) -> None:
    found = get("/ops/health/dependencies?kind=datastore&limit=100", token).json()["dependencies"]

    assert {entry["componentId"] for entry in found} == {
        "backups.after_restore", "database", "writes", "schema", "redis",
    }  # fmt: skip
    assert get("/ops/health/dependencies?status=pass", token).json()["dependencies"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("limit=0", 422, "invalid"), ("limit=many", 422, "invalid"), ("cursor=gone.4", 410, "listing_over")],
)
def test_a_wrong_page_is_said(token: str, query: str, status: int, code: str) -> None:
    answer = get(f"/ops/health/dependencies?{query}", token)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.django_db
def test_metrics_are_what_prometheus_reads(token: str) -> None:
    TRAFFIC.note("/api/v1/posts", 200, 0.003)

    text = get("/ops/metrics", token).content.decode()

    families = {family.name: family for family in text_string_to_metric_families(text)}
    answered = {
        (sample.labels["area"], sample.labels["le"]): sample.value
        for sample in families["guildry_requests_seconds"].samples
        if sample.name.endswith("_bucket")
    }
    assert answered["api", "0.005"] >= 1
    assert {
        "guildry_ready",
        "guildry_dependency_up",
        "guildry_sockets",
        "process_resident_memory_bytes",
    } <= set(families)


@pytest.mark.django_db
def test_the_board_shows_every_dependency_and_its_part_alone_to_htmx(
    ada: Member, ben: Member, client: Client
) -> None:
    client.force_login(grant(ben, StaffRole.OPERATOR, by=ada))

    whole, part = client.get("/ops/health/"), client.get("/ops/health/", HTTP_HX_REQUEST="true")

    for name in ("Database", "Queue facts", "Jobs waiting"):
        assert name in whole.content.decode()
    assert part.content.decode().lstrip().startswith('<div id="board"')


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_board_shows_the_processes_of_the_whole_site(
    ada: Member, ben: Member, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    client.force_login(grant(ben, StaffRole.OPERATOR, by=ada))
    client.get("/ops/health/")
    for number in range(count):
        running_process(f"here:{number}:abc", role="realtime,web", generation=number + 1)

    with django_assert_num_queries(BOARD_QUERIES):
        page = client.get("/ops/health/").content.decode()

    assert page.count("Realtime, web") == count
    assert f"here, process {count - 1}, generation {count}" in page
    assert page.count("Not said yet") == count
    assert "Silent" not in page


@pytest.mark.django_db
def test_a_process_that_is_silent_or_behind_is_said_to_be(ada: Member, ben: Member, client: Client) -> None:
    client.force_login(grant(ben, StaffRole.OPERATOR, by=ada))
    now = clock.present()
    running_process("here:1:a", seen_at=now - timedelta(minutes=1))
    running_process("here:2:b", state="degraded", reason="redis")
    for name, version, error in (("here:1:a", -1, "it does not fit"), ("here:2:b", 0, "")):
        ProcessVersion.objects.create(process=name, version=version, error=error, applied_at=now, seen_at=now)

    silent, well = queries.processes()
    page = client.get("/ops/health/").content.decode()

    assert (silent.is_heard_of, silent.is_current, silent.trouble) == (False, False, "it does not fit")
    assert (well.is_heard_of, well.is_current, well.state) == (True, True, "degraded")
    assert (page.count("Silent"), page.count("Behind"), page.count("v0")) == (1, 1, 1)


@pytest.mark.django_db
def test_the_end_of_sampling_takes_the_process_off_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    running_process(PROCESS.name)
    stopped: list[bool] = []
    monkeypatch.setattr(sampler.Sampler, "stop", lambda self: stopped.append(True))

    actions.stop_sampling(SYSTEM)

    assert (stopped, queries.processes()) == ([True], [])
