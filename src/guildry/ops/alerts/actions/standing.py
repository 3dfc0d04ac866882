"""The life of an alert: opened after enough bad readings, acknowledged, silenced, resolved after enough good ones."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from guildry.kernel import bus, clock, errors, permissions, runtime, text
from guildry.kernel.permissions import Actor
from guildry.ops.alerts import events, queries, rules
from guildry.ops.alerts.models import Alert, Silence, Tally, Watch
from guildry.ops.alerts.rules import Reading, State, Streak


class NotSilenced(errors.Conflict):
    problem = errors.problem("not-silenced", 409, "That silence is over")
    detail = "That silence has ended or was lifted before."


def evaluate_thresholds(actor: Actor, *, readings: Iterable[Reading]) -> int:
    """Count each reading, opening and resolving alerts where enough of them agree; returns how many changed."""
    known = queries.streaks()
    return sum(_settle(actor, reading, known.get(reading.key, Streak())) for reading in readings)


def _settle(actor: Actor, reading: Reading, streak: Streak) -> bool:
    streak = streak.after(is_bad=reading.is_bad)
    Watch.objects.update_or_create(key=reading.key, defaults={"bad": streak.bad, "good": streak.good})
    with transaction.atomic():
        current = Alert.objects.select_for_update().filter(current_key=reading.key).first()
        if current is None:
            return rules.opens(streak, samples=runtime.value("alerts.samples")) and _open(actor, reading)
        if rules.resolves(streak, samples=runtime.value("alerts.recovery_samples")):
            return _resolve(actor, current, reading)
        if reading.is_bad and current.observed != reading.observed:
            current.observed, current.threshold = reading.observed, reading.threshold
            current.save(update_fields=["observed", "threshold"])
    return False


def _open(actor: Actor, reading: Reading) -> bool:
    opened = Alert.objects.create(
        key=reading.key,
        current_key=reading.key,
        label=reading.label,
        severity=reading.severity,
        state=State.OPEN,
        observed=reading.observed,
        threshold=reading.threshold,
        opened_at=clock.now(),
    )
    bus.publish(events.AlertOpened(opened.pk), actor=actor)
    return True


def _resolve(actor: Actor, current: Alert, reading: Reading) -> bool:
    rules.STATES.check(current.state, State.RESOLVED)
    current.state, current.current_key, current.resolved_at = State.RESOLVED, None, clock.now()
    current.save(update_fields=["state", "current_key", "resolved_at"])
    bus.publish(events.AlertResolved(current.pk), actor=actor)
    return True


def acknowledge_alert(actor: Actor, *, alert_id: int, note: str = "") -> Alert:
    """Say that somebody looks after an alert; raises PermissionMissing, AlertNotFound or IllegalTransition."""
    permissions.require(actor, "alerts.acknowledge")
    with transaction.atomic():
        found = Alert.objects.select_for_update().filter(pk=queries.alert(actor, alert_id).pk).get()
        rules.STATES.check(found.state, State.ACKNOWLEDGED)
        note = text.clean(note)[:300]
        found.state, found.note = State.ACKNOWLEDGED, note
        found.acknowledged_at, found.acknowledged_by_id = clock.now(), actor.pk
        found.save(update_fields=["state", "note", "acknowledged_at", "acknowledged_by"])
        act = bus.Act(
            note or "Looks after it",
            before=State.OPEN,
            after=State.ACKNOWLEDGED,
            subject=f"alert:{found.key}",
        )
        bus.publish(events.AlertAcknowledged(found.pk), actor=actor, act=act)
    return found


def silence_alert(actor: Actor, *, alert_id: int, hours: int, reason: str) -> Silence:
    """Tell nobody of alerts of this kind for a while; raises PermissionMissing, AlertNotFound, or Invalid without a reason."""
    permissions.require(actor, "alerts.silence")
    key = queries.alert(actor, alert_id).key
    if hours not in rules.SILENCES:
        raise errors.Invalid("Choose how long.", field="hours")
    reason, now = text.clean(reason)[:300], clock.now()
    act = bus.Act(reason, after={"hours": hours}, subject=f"alert:{key}")
    with transaction.atomic():
        made = Silence.objects.create(
            key=key,
            reason=reason,
            until=now + timedelta(hours=hours),
            created_at=now,
            created_by_id=actor.pk,
        )
        bus.publish(events.AlertSilenced(made.pk), actor=actor, act=act)
    return made


def lift_silence(actor: Actor, *, silence_id: int) -> None:
    """Let an alert speak again; raises PermissionMissing or NotSilenced."""
    permissions.require(actor, "alerts.silence")
    now = clock.now()
    with transaction.atomic():
        found = (
            Silence.objects.select_for_update().filter(pk=silence_id, until__gt=now, lifted_at=None).first()
        )
        if found is None:
            raise NotSilenced
        found.lifted_at = now
        found.save(update_fields=["lifted_at"])
        act = bus.Act(
            "Lifted before its time", before={"until": found.until.isoformat()}, subject=f"alert:{found.key}"
        )
        bus.publish(events.SilenceLifted(found.pk), actor=actor, act=act)


def note_failures(actor: Actor, *, process: str, count: int) -> None:
    """Add what a process failed to answer to its tally of this minute."""
    minute = clock.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        Tally.objects.bulk_create([Tally(minute=minute, process=process)], ignore_conflicts=True)
        Tally.objects.filter(minute=minute, process=process).update(count=F("count") + count)


def forget_tallies(actor: Actor) -> int:
    """Delete tallies of more than a day ago; returns how many."""
    gone, _ = Tally.objects.filter(minute__lt=clock.now() - timedelta(days=1)).delete()
    return gone
