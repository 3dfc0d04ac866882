"""Keeping the trail: each privileged act becomes an entry that can be searched for, and copies are acts themselves."""

from typing import Any

import structlog
from django.db import transaction

from guildry.kernel import bus, clock, crypto, permissions
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import Actor
from guildry.platform.audit import queries, rules
from guildry.platform.audit.events import TrailExported
from guildry.platform.audit.models import LONGEST_SUBJECT, Entry, Page
from guildry.platform.facts import queries as facts

log = structlog.get_logger("guildry.audit")


def record_act(actor: Actor, *, delivery: Delivery) -> None:
    """Write the entry of a privileged act; the same act a second time changes nothing."""
    if delivery.act is None:
        return
    act = delivery.act
    Entry.objects.get_or_create(
        seq=delivery.seq,
        defaults={
            "name": delivery.fact.name, "actor_id": delivery.actor_id, "subject": act.subject[:LONGEST_SUBJECT],
            "reason": act.reason, "before": act.before, "after": act.after, "trace_id": delivery.trace_id,
            "at": clock.now(),
        },
    )  # fmt: skip


def export_trail(
    actor: Actor, *, search: rules.Search, reason: str, limit: int = rules.MOST_EXPORTED
) -> list[dict[str, Any]]:
    """Return the newest entries that fit, at most `limit`, as plain rows; taking them is a privileged act.

    Raises PermissionMissing, or Invalid without a reason.
    """
    permissions.require(actor, "audit.export")
    act = bus.Act(reason, subject="audit")
    rows = queries.rows_of(list(queries.trail(actor, search=search, size=limit).items))
    with transaction.atomic():
        bus.publish(TrailExported(rows[0]["seq"] if rows else 0, len(rows)), actor=actor, act=act)
    return rows


def bind_pages(actor: Actor, *, limit: int = rules.MOST_BOUND) -> int:
    """Bind the pages that are complete, at most `limit`, and renew the signature of the last; returns how many.

    Facts are read one by one before, so a page never vouches for damage: it is left, and with it what follows.
    """
    last, bound = queries.last_page(), 0
    while bound < limit:
        page = _next_page(last)
        if page is None:
            break
        Page.objects.bulk_create([page], ignore_conflicts=True)
        last, bound = page, bound + 1
    if last and not bound and queries.is_signed([last]):
        Page.objects.filter(pk=last.pk).update(signature=_signature_of(last))
    return bound


def _next_page(last: Page | None) -> Page | None:
    """Return the page after this one when all its facts are there and whole."""
    number, previous = (last.number + 1, last.digest) if last else (0, "")
    start, end = number * rules.ROWS, (number + 1) * rules.ROWS
    if facts.last_seq() < end:
        return None
    whole, finding = queries.verify_rows(start, until=end)
    digest = queries.digest_of_page(number, previous, in_doubt=True) if whole == end else ""
    if not digest:
        log.error("page not bound", first=start + 1, last=end, finding=str(finding or ""))
        return None
    page = Page(number=number, digest=digest, bound_at=clock.now())
    page.signature = _signature_of(page)
    return page


def _signature_of(page: Page) -> str:
    return crypto.keyed_digest(queries.SIGNED, queries.signed_text(page))
