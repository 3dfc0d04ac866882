"""Dependencies are probed in the background; a probe that hangs has failed."""

import json
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from guildry.kernel.loops import Loop
from guildry.kernel.observing import Depth, HealthCheck, Observation, Queue
from guildry.kernel.points import Point
from guildry.platform.health import commands, queries, sampler
from guildry.platform.health.queries import verdicts
from guildry.platform.health.rules import Level
from guildry.platform.health.sampler import Sampler
from guildry.platform.lifecycle.rules import State

Watch = Callable[..., Sampler]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Sample these checks and no others for the length of the test."""
    running: list[Sampler] = []

    def begin(*checks: HealthCheck) -> Sampler:
        point: Point[HealthCheck] = Point("checks of a test", HealthCheck, key="name")
        point.register(*checks)
        monkeypatch.setattr(sampler, "HEALTH_CHECKS", point)
        monkeypatch.setattr(sampler, "QUEUES", Point("queues of a test", Queue))
        monkeypatch.setattr(commands, "HEALTH_CHECKS", point)
        running.append(Sampler())
        monkeypatch.setattr(verdicts, "SAMPLER", running[0])
        running[0].start()
        return running[0]

    yield begin
    for each in running:
        each.stop()


def check(name: str, probe: Callable[[], str], *, critical: bool = False, timeout: float = 5) -> HealthCheck:
    often = timedelta(milliseconds=5)
    return HealthCheck(name, probe, critical=critical, every=often, timeout=timedelta(seconds=timeout))


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def refuse() -> str:
    raise OSError("connection refused")


def test_failed_checks_come_first_and_say_why(watch: Watch) -> None:
    watching = watch(check("a", lambda: "fine"), check("b", refuse), check("c", refuse, critical=True))
    until(lambda: len(watching.samples) == 3)

    shown = [(sample.name, sample.passes, sample.detail) for sample in watching.current()]

    assert shown == [
        ("c", False, "OSError: connection refused"),
        ("b", False, "OSError: connection refused"),
        ("a", True, "fine"),
    ]


def test_a_probe_of_our_own_that_says_what_is_wrong_is_quoted_as_it_stands(watch: Watch) -> None:
    def late() -> str:
        raise RuntimeError("3 waiting; the oldest waits 90 s")

    watching = watch(check("queue", late))
    until(lambda: len(watching.samples) == 1)

    assert watching.current()[0].detail == "3 waiting; the oldest waits 90 s"


def test_a_critical_store_that_fails_is_an_outage_until_it_is_back(watch: Watch) -> None:
    away = threading.Event()

    def store() -> str:
        return refuse() if away.is_set() else "fine"

    watching = watch(
        HealthCheck("store", store, critical=True, every=timedelta(milliseconds=5), kind="datastore"),
        check("part", refuse, critical=True),
    )
    until(lambda: len(watching.samples) == 2)
    before = watching.outage
    away.set()
    until(lambda: watching.outage == "store")
    away.clear()
    until(lambda: watching.outage == "")

    assert before == ""


def test_what_was_not_sampled_yet_has_not_passed(watch: Watch) -> None:
    gate = threading.Event()
    watching = watch(check("a", lambda: str(gate.wait(10))))

    assert [(sample.passes, sample.detail) for sample in watching.current()] == [(False, "not sampled yet")]
    gate.set()


def test_a_probe_that_hangs_has_failed_until_it_returns(watch: Watch) -> None:
    gate = threading.Event()
    gate.set()
    watching = watch(check("a", lambda: str(gate.wait(10)), timeout=0.05))
    until(lambda: watching.current()[0].passes)

    gate.clear()
    until(lambda: not watching.current()[0].passes)
    hanging = watching.current()[0].detail
    gate.set()

    assert hanging.startswith("no answer for 0.")
    until(lambda: watching.current()[0].passes)


@pytest.mark.parametrize(
    ("critical", "optional", "state", "verdict"),
    [
        ("fine", "fine", State.READY, (200, b'{"status":"pass"}')),
        ("fine", "down", State.READY, (200, b'{"status":"warn"}')),
        ("down", "fine", State.READY, (503, b'{"status":"fail"}')),
        ("fine", "fine", State.STARTING, (503, b'{"status":"fail"}')),
        ("fine", "fine", State.DRAINING, (503, b'{"status":"fail"}')),
    ],
)
def test_readiness_follows_the_state_and_what_is_critical(
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
    critical: str,
    optional: str,
    state: State,
    verdict: tuple[int, bytes],
) -> None:
    probes = {"fine": lambda: "fine", "down": refuse}
    watching = watch(check("a", probes[critical], critical=True), check("b", probes[optional]))
    until(lambda: len(watching.samples) == 2)
    monkeypatch.setattr(verdicts.lifecycle, "state", lambda: state)

    assert queries.readiness() == verdict


@pytest.mark.parametrize(
    ("state", "alive", "started"),
    [("starting", 200, 503), ("ready", 200, 200), ("draining", 200, 200), ("failed", 503, 503)],
)
def test_liveness_and_startup_follow_the_state_alone(
    monkeypatch: pytest.MonkeyPatch, state: str, alive: int, started: int
) -> None:
    monkeypatch.setattr(verdicts.lifecycle, "state", lambda: state)

    assert (queries.liveness()[0], queries.startup()[0]) == (alive, started)


@pytest.mark.django_db
def test_the_command_prints_a_line_for_each_check_and_fails_with_a_critical_one(
    watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    watch(check("a", lambda: "fine"), check("b", refuse), check("c", refuse, critical=True))

    code = commands.health(Namespace(json=False))

    assert code == 69
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if "dependency changed" not in line] == [
        "pass  a            fine",
        "warn  b            OSError: connection refused",
        "FAIL  c            OSError: connection refused",
    ]


@pytest.mark.django_db
def test_the_probes_of_the_database_see_it_answer_and_take_a_row() -> None:
    assert commands.DatabaseProbe()().detail.endswith(" answers")
    assert commands.writes() == "a row was written"


def test_a_disk_with_too_little_room_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert commands.disk().detail.endswith(" MB free")

    monkeypatch.setattr(commands, "LEAST_FREE", 10**18)

    with pytest.raises(OSError, match=r"only .* MB are free"):
        commands.disk()


def test_redis_is_not_missed_where_none_is_configured(settings: object) -> None:
    settings.REDIS_URL = ""  # type: ignore[attr-defined]

    assert commands.redis() == "not configured; one process needs none"


@pytest.mark.mariadb
def test_redis_answers_or_raises(settings: object) -> None:
    assert commands.redis() == "answers"

    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="refused"):
        commands.redis()


@pytest.mark.django_db
def test_an_optional_dependency_may_miss_two_samples_and_comes_back_after_two() -> None:
    answers = iter([True, False, False, True, False, False, False, True, True])
    seen: list[bool] = []

    def probe() -> str:
        if not next(answers):
            raise OSError("refused")
        return "fine"

    watching = Sampler()
    for _ in range(9):
        watching._note(sampler.take(check("a", probe)))
        seen.append(watching.samples["a"].passes)

    assert seen == [True, True, True, True, True, True, False, False, True]


def test_changes_and_the_hour_are_kept(watch: Watch) -> None:
    gate = threading.Event()

    def probe() -> Observation:
        if gate.is_set():
            raise OSError("refused")
        return Observation("fine", 3.0, "things")

    watching = watch(check("a", probe, critical=True))
    until(lambda: watching.current()[0].value == 3.0)
    gate.set()
    until(lambda: len(watching.changes) == 1)

    assert [(change.name, change.level, change.detail) for change in watching.changes] == [
        ("a", Level.FAIL, "OSError: refused")
    ]
    assert watching.minutes_of("a")[-1] is Level.FAIL
    assert watching.minutes_of("a")[0] is None


def test_whoever_was_failed_has_the_dependency_looked_at_again_at_once(watch: Watch) -> None:
    seen: list[int] = []
    rarely = HealthCheck("a", lambda: str(seen.append(1)), every=timedelta(hours=1))
    watching = watch(rarely)
    until(lambda: len(seen) == 1)

    watching.look_again("a")
    watching.look_again("nothing of that name")

    until(lambda: len(seen) == 2)


def test_a_queue_that_keeps_work_waiting_too_long_is_not_well(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    ages = iter([5.0, 61.0])
    queue = Queue("post", "Post", lambda: Depth(2, next(ages), dead=1), patience=timedelta(seconds=60))
    watching = Sampler()

    well = watching._depth_of(queue)

    assert (well.detail, well.value) == ("2 waiting, 0 running, 0 to be tried again, 1 given up", 2)
    with pytest.raises(RuntimeError, match="the oldest waits 61 s"):
        watching._depth_of(queue)


@pytest.mark.django_db
def test_the_command_speaks_json(watch: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    watch(check("a", lambda: "fine"))

    assert commands.health(Namespace(json=True)) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "a": {"status": "pass", "output": "fine", "critical": False}
    }


@pytest.mark.django_db
def test_the_schema_is_that_of_this_release() -> None:
    assert commands.schema().detail.endswith("and the tables are as it wants them")


def test_the_place_of_uploads_takes_a_file_and_keeps_none() -> None:
    assert commands.storage() == "a file was written and read"
    assert [path.name for path in settings.FILES_ROOT.glob(".probe-*")] == []


def test_a_check_in_doubt_is_probed_sooner_than_one_that_stands(watch: Watch) -> None:
    answers = iter(["fine", OSError("away"), "fine", "fine"])

    def probe() -> str:
        answer = next(answers, "fine")
        if isinstance(answer, OSError):
            raise answer
        return str(answer)

    watching = watch(HealthCheck("a", probe, critical=True, every=timedelta(seconds=1)))
    until(lambda: watching.samples.get("a") is not None)
    began = time.monotonic()
    watching.look_again("a")
    until(lambda: not watching.current()[0].passes)
    until(lambda: watching.current()[0].passes)

    assert time.monotonic() - began < 1


def test_background_work_tries_again_when_something_critical_answers(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, is_away = threading.Event(), threading.Event()
    monkeypatch.setattr(sampler.loops, "try_again", words.set)

    def probe() -> str:
        if is_away.is_set():
            raise OSError("away")
        return "fine"

    watching = watch(HealthCheck("a", probe, critical=True, every=timedelta(milliseconds=20)))
    until(lambda: bool(watching.samples) and watching.current()[0].passes)
    is_away.set()
    until(lambda: not watching.current()[0].passes)
    too_early = words.is_set()
    is_away.clear()

    assert words.wait(5)
    assert not too_early


@pytest.mark.parametrize("critical", [True, False])
def test_work_that_waits_after_a_failure_is_tried_again_once_the_store_answers(
    watch: Watch, critical: bool
) -> None:
    is_full = threading.Event()
    ticks: list[bool] = []

    def store() -> str:
        return refuse() if is_full.is_set() else "fine"

    def tick() -> bool:
        ticks.append(is_full.is_set())
        return bool(is_full.is_set() and refuse())

    is_full.set()
    loop = Loop("work", tick, every=20)
    loop.start()
    watching = watch(HealthCheck("store", store, critical, every=timedelta(milliseconds=5), kind="datastore"))
    until(lambda: "store" in watching.samples and ticks == [True])
    is_full.clear()
    until(lambda: watching.samples["store"].passes)
    until(lambda: ticks[-1] is False)

    assert loop.probe() == "turns"
    loop.stop()


def test_a_store_that_is_well_leaves_work_that_failed_by_itself_to_its_pauses(watch: Watch) -> None:
    ticks: list[int] = []

    def tick() -> bool:
        ticks.append(1)
        return bool(refuse())

    seen: list[int] = []
    loop = Loop("work", tick, every=20)
    loop.start()
    watch(
        HealthCheck("store", lambda: str(seen.append(1)), every=timedelta(milliseconds=5), kind="datastore")
    )
    until(lambda: len(seen) > 5)
    loop.stop()

    assert ticks == [1]
