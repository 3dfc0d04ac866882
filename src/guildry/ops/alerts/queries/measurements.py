"""What is measured against the thresholds: health, queues, facts, failures, reports, certificate, disk and mail."""

import shutil
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Min, Sum

from guildry.kernel import clock, runtime
from guildry.ops.alerts import rules
from guildry.ops.alerts.models import Tally
from guildry.ops.alerts.rules import Reading, Severity
from guildry.platform.facts import queries as facts
from guildry.platform.health.queries import samples
from guildry.platform.jobs import queries as jobs
from guildry.platform.mail.models import OutgoingMail
from guildry.platform.perimeter.models import PolicyViolation

critical = partial(Reading, severity=Severity.CRITICAL)
serious = partial(Reading, severity=Severity.SERIOUS)
HOUR = timedelta(hours=1)


def readings() -> list[Reading]:
    """Measure everything once; what cannot be measured is left out, for health says that already."""
    return [*_health(), *_queues(), *_facts(), *_failures(), *_reports(), *_certificate(), *_disk(), *_mail()]


def _health() -> Iterator[Reading]:
    for sample in samples():
        if not sample.is_new:
            make = critical if sample.critical else serious
            label = f"{sample.name.replace('.', ' ').capitalize()} fails"
            yield make(
                key=f"health.{sample.name}",
                label=label,
                observed=sample.detail[:300],
                threshold="answers",
                is_bad=not sample.passes,
            )


def _queues() -> Iterator[Reading]:
    backlog = jobs.backlog()
    waits = f"the oldest due job waits {rules.words_for(backlog.oldest_seconds)}"
    yield _age("queue.age", "Jobs wait too long", waits, backlog.oldest_seconds, "alerts.queue_age")
    yield _given_up("queue.dead", "Jobs were given up", backlog.dead, "alerts.queue_dead")


def _facts() -> Iterator[Reading]:
    backlog = facts.backlog()
    waits = f"the oldest fact on its way is {rules.words_for(backlog.oldest_seconds)} old"
    yield _age("facts.lag", "Members are told late", waits, backlog.oldest_seconds, "alerts.facts_lag")
    yield _given_up("facts.dead", "Deliveries of facts were given up", backlog.dead, "alerts.facts_dead")


def _age(key: str, label: str, observed: str, seconds: float, setting: str) -> Reading:
    patience: timedelta = runtime.value(setting)
    most = patience.total_seconds()
    return serious(
        key=key, label=label, observed=observed, threshold=rules.words_for(most), is_bad=seconds > most
    )


def _given_up(key: str, label: str, count: int, setting: str) -> Reading:
    most: int = runtime.value(setting)
    return serious(
        key=key, label=label, observed=f"{count} given up", threshold=f"{most}", is_bad=count > most
    )


def _failures() -> Iterator[Reading]:
    since = clock.now() - timedelta(minutes=rules.WINDOW_MINUTES)
    counted = Tally.objects.filter(minute__gt=since).aggregate(sum=Sum("count"))["sum"] or 0
    rate, most = counted / rules.WINDOW_MINUTES, float(runtime.value("alerts.errors_per_minute"))
    yield critical(
        key="errors.rate",
        label="Pages fail",
        observed=f"{rate:.1f} failures a minute over {rules.WINDOW_MINUTES} minutes",
        threshold=f"{most:g} a minute",
        is_bad=rate > most,
    )


def _reports() -> Iterator[Reading]:
    kinds = PolicyViolation.objects.filter(first_at__gt=clock.now() - HOUR).count()
    most: int = runtime.value("alerts.report_kinds")
    yield serious(
        key="csp.new",
        label="Browsers report something new",
        observed=f"{kinds} new kinds in the last hour",
        threshold=f"{most} an hour",
        is_bad=kinds > most,
    )


def _certificate() -> Iterator[Reading]:
    if not settings.IS_SECURE:
        return
    least: int = runtime.value("alerts.certificate_days")
    parts = urlsplit(settings.ORIGIN)
    try:
        ends_at = certificate_end(str(parts.hostname), parts.port or 443)
    except OSError as error:
        observed, is_bad = f"it cannot be read or trusted: {error}"[:300], True
    else:
        left = (ends_at - clock.now()).total_seconds()
        observed, is_bad = f"it ends in {rules.words_for(max(0.0, left))}", left < least * 86400
    yield serious(
        key="certificate.expiry",
        label="The certificate ends soon",
        observed=observed,
        threshold=f"{least} days",
        is_bad=is_bad,
    )


def certificate_end(host: str, port: int) -> datetime:
    """Return when the certificate that a host shows ends; raises OSError when it shows none that can be trusted."""
    with (
        socket.create_connection((host, port), timeout=5) as line,
        ssl.create_default_context().wrap_socket(line, server_hostname=host) as secure,
    ):
        shown = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _disk() -> Iterator[Reading]:
    free, least = shutil.disk_usage(settings.DATA_DIR).free // 1024**2, int(runtime.value("alerts.disk_free"))
    yield critical(
        key="disk.free",
        label="The disk is nearly full",
        observed=f"{free:,} MB free",
        threshold=f"{least:,} MB",
        is_bad=free < least,
    )


def _mail() -> Iterator[Reading]:
    now = clock.now()
    refused = OutgoingMail.objects.filter(state=OutgoingMail.State.REFUSED, created_at__gt=now - HOUR).count()
    most: int = runtime.value("alerts.mail_refused")
    yield serious(
        key="mail.refused",
        label="Mail is refused",
        observed=f"{refused} letters of the last hour were refused",
        threshold=f"{most} an hour",
        is_bad=refused > most,
    )
    oldest = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).aggregate(at=Min("created_at"))[
        "at"
    ]
    waits = (now - oldest).total_seconds() if oldest else 0.0
    patience: timedelta = runtime.value("alerts.mail_waiting")
    yield serious(
        key="mail.waiting",
        label="Mail does not leave",
        observed=f"the oldest letter waits {rules.words_for(waits)}",
        threshold=rules.words_for(patience.total_seconds()),
        is_bad=waits > patience.total_seconds(),
    )
