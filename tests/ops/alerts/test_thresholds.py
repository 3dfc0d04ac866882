"""Every threshold is a setting: the same site has an alert below it and none above."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guildry.kernel import clock, runtime
from guildry.kernel.ids import uuid7
from guildry.kernel.permissions import SYSTEM
from guildry.ops.alerts import actions, queries
from guildry.ops.alerts.apps import SETTINGS
from guildry.ops.alerts.models import Alert
from guildry.ops.alerts.queries import measurements
from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.jobs.models import Job
from guildry.platform.mail.models import OutgoingMail
from guildry.platform.perimeter.models import PolicyViolation

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)
# Said elsewhere: how many readings it takes, and where the news goes.
NO_THRESHOLDS = {"samples", "recovery_samples", "mail", "push", "webhook", "private_hosts"}


@dataclass(frozen=True)
class Case:
    """A site that is beyond one value of a threshold and within another."""

    setting: str
    alert: str
    arrange: Callable[[pytest.MonkeyPatch], Any]
    beyond: Any
    within: Any


def _job(state: str, waits: timedelta = timedelta()) -> Callable[[Any], Any]:
    def arrange(_: Any) -> None:
        now = clock.now()
        Job.objects.create(task="a.b", arguments="[[],{}]", state=state, run_at=now - waits, created_at=now)

    return arrange


def _fact(state: str, age: timedelta = timedelta()) -> Callable[[Any], Any]:
    def arrange(_: Any) -> None:
        made = uuid7()
        key = UUID(int=made.int - (round(age.total_seconds() * 1000) << 80))
        fact = StoredFact.objects.create(key=key, name="a.B", payload="{}", created_at=clock.now(), seq=1)
        Receipt.objects.create(fact=fact, subscriber="one", state=state)

    return arrange


def _letter(state: str, waits: timedelta = timedelta()) -> Callable[[Any], Any]:
    def arrange(_: Any) -> None:
        words = {"to": "a@example.org", "sender": "b@example.org", "subject": "c", "text": "d", "html": ""}
        OutgoingMail.objects.create(**words, state=state, created_at=clock.now() - waits)

    return arrange


def _report(_: Any) -> None:
    now = clock.now()
    PolicyViolation.objects.create(fingerprint="a", directive="script-src", first_at=now, last_at=now)


def _certificate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(measurements.settings, "IS_SECURE", True)
    patch.setattr(measurements.settings, "ORIGIN", "https://guild.example")
    patch.setattr(measurements, "certificate_end", lambda host, port: clock.now() + timedelta(days=10))


def _room(patch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 2000 * 1024**2

    patch.setattr(measurements.shutil, "disk_usage", lambda path: Usage)


CASES = (
    Case("queue_age", "queue.age", _job("ready", HALF_AN_HOUR), timedelta(minutes=5), timedelta(hours=1)),
    Case("queue_dead", "queue.dead", _job("dead"), 0, 1),
    Case("facts_lag", "facts.lag", _fact("pending", HALF_AN_HOUR), timedelta(minutes=5), timedelta(hours=1)),
    Case("facts_dead", "facts.dead", _fact("dead"), 0, 1),
    Case("errors_per_minute", "errors.rate", lambda _: actions.note_failures(SYSTEM, process="one", count=10), 1, 2),
    Case("report_kinds", "csp.new", _report, 0, 1),
    Case("certificate_days", "certificate.expiry", _certificate, 14, 5),
    Case("disk_free", "disk.free", _room, 3000, 1000),
    Case("mail_refused", "mail.refused", _letter("refused"), 0, 1),
    Case("mail_waiting", "mail.waiting", _letter("waiting", HALF_AN_HOUR), timedelta(minutes=5), timedelta(hours=1)),
)  # fmt: skip


def looked(setting: str, value: Any, alert: str) -> set[str]:
    """Measure once with a threshold and return the alerts of that kind that stand then."""
    values = {f"alerts.{setting}": value, "alerts.samples": 1, "alerts.recovery_samples": 1}
    with runtime.overridden(values):
        actions.evaluate_thresholds(SYSTEM, readings=queries.readings())
    return set(Alert.objects.exclude(current_key=None).values_list("key", flat=True)) & {alert}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.setting)
def test_a_threshold_opens_an_alert_and_another_value_ends_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.arrange(monkeypatch)

    found = [looked(case.setting, value, case.alert) for value in (case.within, case.beyond, case.within)]

    assert found == [set(), {case.alert}, set()]


def test_every_threshold_there_is_was_tried() -> None:
    known = {setting.key.removeprefix("alerts.") for setting in SETTINGS}

    assert {case.setting for case in CASES} == known - NO_THRESHOLDS
