"""What is measured, and that each threshold is a setting that changes the verdict."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.module_loading import import_string

from guildry.kernel import clock, runtime
from guildry.kernel.guides import GUIDES
from guildry.kernel.ids import uuid7
from guildry.kernel.permissions import SYSTEM
from guildry.ops.alerts import actions, queries
from guildry.ops.alerts.queries import measurements
from guildry.ops.alerts.rules import Reading
from guildry.ops.alerts.tasks import FailureCounter
from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.jobs.models import Job
from guildry.platform.mail.models import OutgoingMail
from guildry.platform.perimeter.models import PolicyViolation

pytestmark = pytest.mark.django_db


def measured(key: str) -> Reading:
    return next(reading for reading in queries.readings() if reading.key == key)


def verdicts(key: str, setting: str, strict: Any, lax: Any) -> tuple[bool, bool]:
    with runtime.overridden({f"alerts.{setting}": strict}):
        first = measured(key).is_bad
    with runtime.overridden({f"alerts.{setting}": lax}):
        return first, measured(key).is_bad


def test_jobs_that_wait_or_were_given_up() -> None:
    now = clock.now()
    Job.objects.create(task="a.b", arguments="[[],{}]", run_at=now - timedelta(minutes=10), created_at=now)
    Job.objects.create(task="a.b", arguments="[[],{}]", state="dead", run_at=now, created_at=now)

    assert measured("queue.age").observed == "the oldest due job waits 10 minutes"
    assert verdicts("queue.age", "queue_age", timedelta(minutes=5), timedelta(minutes=20)) == (True, False)
    assert verdicts("queue.dead", "queue_dead", 0, 1) == (True, False)


def test_facts_that_are_late_or_were_given_up() -> None:
    fact = StoredFact.objects.create(key=uuid7(), name="a.B", payload="{}", created_at=clock.now(), seq=1)
    Receipt.objects.create(fact=fact, subscriber="one", state="dead")

    assert verdicts("facts.dead", "facts_dead", 0, 1) == (True, False)
    assert not measured("facts.lag").is_bad
    Receipt.objects.create(fact=fact, subscriber="two")
    with clock.at(clock.now()), runtime.overridden({"alerts.facts_lag": timedelta(seconds=5)}):
        assert measured("facts.lag").threshold == "5 seconds"


def test_a_rate_of_failures() -> None:
    actions.note_failures(SYSTEM, process="one", count=10)

    assert measured("errors.rate").observed == "2.0 failures a minute over 5 minutes"
    assert verdicts("errors.rate", "errors_per_minute", 1, 2) == (True, False)


def test_new_kinds_of_reports() -> None:
    now = clock.now()
    PolicyViolation.objects.create(fingerprint="a", directive="script-src", first_at=now, last_at=now)
    PolicyViolation.objects.create(
        fingerprint="b", directive="img-src", first_at=now - timedelta(days=1), last_at=now
    )

    assert measured("csp.new").observed == "1 new kinds in the last hour"
    assert verdicts("csp.new", "report_kinds", 0, 1) == (True, False)


def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 2000 * 1024**2

    monkeypatch.setattr(measurements.shutil, "disk_usage", lambda path: Usage)

    assert measured("disk.free").observed == "2,000 MB free"
    assert verdicts("disk.free", "disk_free", 3000, 1000) == (True, False)


def test_mail_that_is_refused_or_waits() -> None:
    now = clock.now()
    kept = {"to": "a@example.org", "sender": "b@example.org", "subject": "c", "text": "d", "html": ""}
    OutgoingMail.objects.create(**kept, state="refused", created_at=now)
    OutgoingMail.objects.create(**kept, state="waiting", created_at=now - timedelta(minutes=30))

    assert verdicts("mail.refused", "mail_refused", 0, 1) == (True, False)
    assert verdicts("mail.waiting", "mail_waiting", timedelta(minutes=10), timedelta(hours=1)) == (
        True,
        False,
    )


def test_a_certificate_is_read_only_where_there_is_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "certificate.expiry" not in {reading.key for reading in queries.readings()}

    settings.IS_SECURE, settings.ORIGIN = True, "https://guild.example"
    monkeypatch.setattr(measurements, "certificate_end", lambda host, port: clock.now() + timedelta(days=10))
    assert measured("certificate.expiry").observed == "it ends in 10 days"
    assert verdicts("certificate.expiry", "certificate_days", 14, 5) == (True, False)


def test_a_certificate_that_cannot_be_read_is_bad(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(host: str, port: int) -> None:
        raise OSError("certificate has expired")

    settings.IS_SECURE, settings.ORIGIN = True, "https://guild.example"
    monkeypatch.setattr(measurements, "certificate_end", refuse)

    found = measured("certificate.expiry")
    assert (found.is_bad, found.observed) == (True, "it cannot be read or trusted: certificate has expired")


def test_what_was_not_sampled_yet_says_nothing_of_health() -> None:
    assert [reading.key for reading in queries.readings() if reading.key.startswith("health.")] == []


def test_every_threshold_has_a_runbook_and_every_runbook_an_alert(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IS_SECURE, settings.ORIGIN = True, "https://guild.example"
    monkeypatch.setattr(measurements, "certificate_end", lambda host, port: clock.now() + timedelta(days=10))
    known = {reading.key for reading in queries.readings()}
    named = [key for guide in GUIDES for key in guide.alerts]
    checks = {f"health.{check}" for guide in GUIDES for check in guide.checks}

    assert known <= set(named)
    assert set(named) == known | checks
    assert len(named) == len(set(named))


def test_failures_of_this_process_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from guildry.platform.lifecycle import queries as lifecycle
    from guildry.platform.lifecycle.bridge.traffic import Traffic

    traffic = Traffic()
    monkeypatch.setattr(lifecycle, "TRAFFIC", traffic)
    counter = FailureCounter()
    traffic.note("/timeline/", 500, 0.1)
    traffic.note("/api/v1/", 503, 0.1)
    traffic.note("/timeline/", 200, 0.1)

    assert [counter.tick(), counter.tick()] == [False, False]

    with runtime.overridden({"alerts.errors_per_minute": 0}):
        assert measured("errors.rate").observed == "0.4 failures a minute over 5 minutes"


def test_the_schedule_measures_and_forgets() -> None:
    assert import_string("guildry.ops.alerts.tasks.evaluate").func() == 0
    assert import_string("guildry.ops.alerts.tasks.forget").func() == 0
