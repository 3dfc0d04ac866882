"""The allowances in force, and what the edge wrote down for those who look after security."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Sum

from guildry.kernel import errors, paging, permissions, runtime
from guildry.kernel.paging import Page
from guildry.platform.health import queries as health
from guildry.platform.perimeter import rules
from guildry.platform.perimeter.models import PolicyViolation, RateRefusal

PAGE_SIZE = 50
_rates = rules.rates_from({})


class ViolationNotFound(errors.NotFound):
    problem = errors.problem("violation-not-found", 404, "No such violation")
    detail = "No violation of that number was reported, or you may not read it."


def missing_for(path: str) -> str:
    """Return the name of what an address cannot do without and that does not answer; empty while all is there."""
    missing = health.outage()
    return missing if missing and rules.needs_the_database(path) else ""


@dataclass(frozen=True)
class Directive:
    """What browsers reported of one directive: how many kinds, how often, since when and when last."""

    name: str
    kinds: int
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Allowance:
    """A class of requests with its allowance in force, and how often requests were refused."""

    rate: rules.RateClass
    refused: int
    last_at: datetime | None


def rates() -> Mapping[str, rules.RateClass]:
    """Return every class of requests by name, with the allowance in force in this process."""
    return _rates


def prepare_rates(values: Mapping[str, Any]) -> runtime.Commit:
    """Work out the allowances of new settings; what is returned puts them in force."""
    prepared = rules.rates_from(values)

    def commit() -> None:
        global _rates
        _rates = prepared

    return commit


def directives(viewer: Any) -> list[Directive]:
    """Return the directives that browsers reported and nobody dismissed, the latest first."""
    rows = PolicyViolation.objects.visible_to(viewer).filter(is_dismissed=False).values("directive")
    counted = rows.annotate(
        kinds=Count("id"), total=Sum("count"), first=Min("first_at"), last=Max("last_at")
    ).order_by("-last", "directive")
    return [
        Directive(row["directive"], row["kinds"], row["total"], row["first"], row["last"]) for row in counted
    ]


def violations(
    viewer: Any, *, is_dismissed: bool = False, directive: str = "", cursor: str = "", size: int = PAGE_SIZE
) -> Page[PolicyViolation]:
    """Return kinds of violations, the latest first; raises InvalidCursor."""
    rows = PolicyViolation.objects.visible_to(viewer).filter(is_dismissed=is_dismissed)
    if directive:
        rows = rows.filter(directive=directive)
    if cursor:
        rows = rows.filter(pk__lt=paging.decode_cursor(cursor, int)[0])
    return paging.page_of(list(rows.order_by("-pk")[: size + 1]), size, "pk")


def violation_of(viewer: Any, violation_id: int) -> PolicyViolation:
    """Return one kind of violation; raises ViolationNotFound."""
    found = PolicyViolation.objects.visible_to(viewer).filter(pk=violation_id).first()
    if found is None:
        raise ViolationNotFound
    return found


def allowances(viewer: Any) -> list[Allowance]:
    """Return every class of requests with its allowance and its refusals; nothing for those who may not see it."""
    if viewer is None or not permissions.has(viewer, "security.read"):
        return []
    refused = {row.rate: row for row in RateRefusal.objects.all()}
    return [
        Allowance(rate, row.count if row else 0, row.last_at if row else None)
        for rate in _rates.values()
        for row in [refused.get(rate.name)]
    ]


def header_checks() -> list[rules.HeaderCheck]:
    """Return what browsers should be told, and whether the answers of this site say it now."""
    secure = settings.IS_SECURE
    told = rules.site_headers("x" * 22, secure=secure, origin=settings.ORIGIN, mode=runtime.value("csp.mode"))
    return rules.header_checks(told, secure=secure)
