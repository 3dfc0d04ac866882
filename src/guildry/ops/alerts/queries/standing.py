"""Which alerts stand, which are silenced, and who is told."""

from typing import Any

from django.conf import settings

from guildry.kernel import clock, errors, paging
from guildry.kernel.guides import GUIDES
from guildry.kernel.paging import Page
from guildry.kernel.permissions import PERMISSIONS
from guildry.ops.alerts import rules
from guildry.ops.alerts.models import Alert, Silence, Watch
from guildry.ops.alerts.rules import State, Streak
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import staff_members

PAGE = 30
STANDING = [State.OPEN, State.ACKNOWLEDGED]


class AlertNotFound(errors.NotFound):
    problem = errors.problem("alert-not-found", 404, "No such alert")
    detail = "There is no such alert, or you may not see it."


def alert(viewer: Any, alert_id: int) -> Alert:
    """Return an alert the viewer may see; raises AlertNotFound."""
    found = Alert.objects.visible_to(viewer).select_related("acknowledged_by").filter(pk=alert_id).first()
    if found is None:
        raise AlertNotFound
    return found


def current_alerts(viewer: Any) -> list[Alert]:
    """Return the alerts that stand, critical and open ones first."""
    rows = Alert.objects.visible_to(viewer).select_related("acknowledged_by").filter(state__in=STANDING)
    return sorted(rows, key=lambda row: (row.severity != "critical", row.state != State.OPEN, row.pk))


def history(viewer: Any, *, cursor: str = "") -> Page[Alert]:
    """Return one page of the alerts that are over, the newest first."""
    rows = Alert.objects.visible_to(viewer).select_related("acknowledged_by").filter(state=State.RESOLVED)
    if cursor:
        (last,) = paging.decode_cursor(cursor, int)
        rows = rows.filter(pk__lt=last)
    return paging.page_of(list(rows.order_by("-pk")[: PAGE + 1]), PAGE, "pk")


def silences() -> list[Silence]:
    """Return the silences in force, the one that ends first at the top."""
    rows = Silence.objects.filter(until__gt=clock.now(), lifted_at=None).select_related("created_by")
    return list(rows.order_by("until", "id"))


def silence(silence_id: int) -> Silence | None:
    return Silence.objects.filter(pk=silence_id).first()


def is_silenced(key: str) -> bool:
    return Silence.objects.filter(key=key, until__gt=clock.now(), lifted_at=None).exists()


def streaks() -> dict[str, Streak]:
    return {row.key: Streak(row.bad, row.good) for row in Watch.objects.all()}


def recipients() -> list[Member]:
    """Return the active staff who can do something about an alert."""
    roles = PERMISSIONS["alerts.acknowledge"].roles
    return [member for member, held in staff_members() if member.is_active and roles & set(held)]


def message_of(found: Alert) -> dict[str, str]:
    """Return what is told of an alert."""
    is_over = found.state == rules.State.RESOLVED
    guide = next((guide for guide in GUIDES if found.key in guide.alerts), None)
    return {
        "type": "alert.resolved" if is_over else "alert.opened",
        "title": rules.headline(found.label, found.severity, is_over=is_over),
        "observed": found.observed,
        "threshold": found.threshold,
        "severity": found.severity,
        "state": found.state,
        "alert": found.key,
        "url": f"{settings.ORIGIN}/ops/alerts/",
        "runbook": f"{settings.ORIGIN}{guide.url}" if guide else "",
        "at": (found.resolved_at if is_over and found.resolved_at else found.opened_at).isoformat(),
    }
