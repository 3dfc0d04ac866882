"""What members asked for, how it stands, and what an erasure would do."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from guildry.kernel import clock, errors, paging, runtime
from guildry.ops.backups import queries as backups
from guildry.ops.governance.models import Erased, Request
from guildry.ops.governance.queries.holdings import Holding, Subject, holdings, is_personal, rows_of
from guildry.ops.governance.queries.retention import is_held
from guildry.ops.governance.queries.searching import LEDGER
from guildry.ops.governance.rules import AT_WORK, OPEN, UNDECIDED, Clock, State, clock_of
from guildry.people.accounts.models import Member

PAGE = 25
DELETE, EMPTY, KEEP = "delete", "empty", "keep"


@dataclass(frozen=True)
class PlanLine:
    """What an erasure does to one table, and why where something stays."""

    table: str
    act: str
    rows: int
    why: str = ""


def act_on(holding: Holding) -> str:
    if not holding.goes_with:
        return KEEP
    return EMPTY if holding.is_emptied else DELETE


def plan_for(subject: Subject) -> list[PlanLine]:
    """Return what would become of every row that is a member's, in the order in which it is done."""
    found = []
    for holding in holdings():
        act = act_on(holding)
        number = rows_of(holding, subject, erased=act != KEEP).count()
        if number and (act != KEEP or is_personal(holding.model)):
            found.append(PlanLine(holding.table, act, number, holding.stays))
    return found


def digest_of_plan(plan: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()


def plan_as_data(plan: list[PlanLine]) -> list[dict[str, Any]]:
    return [asdict(line) for line in plan]


def queue(viewer: Any, *, is_open: bool = True, cursor: str = "") -> paging.Page[Request]:
    """Return the requests that are open, or those that are not, the newest first."""
    rows = Request.objects.visible_to(viewer).select_related("member", "planned_by", "approved_by")
    rows = (rows.filter(state__in=OPEN) if is_open else rows.exclude(state__in=OPEN)).order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=paging.decode_cursor(cursor, int)[0])
    return paging.page_of(list(rows[: PAGE + 1]), PAGE, "pk")


def request_shown(viewer: Any, reference: str) -> Request:
    """Return a request; raises NotFound when there is none, or when it is not for these eyes."""
    rows = Request.objects.visible_to(viewer).select_related("member", "planned_by", "approved_by")
    found = rows.prefetch_related("steps").filter(reference=reference).first()
    if found is None:
        raise errors.NotFound
    return found


def erasure_of(member_id: int) -> Request | None:
    """Return the newest erasure a member asked for that is not decided against."""
    rows = Request.objects.erasures().filter(member_id=member_id, state__in=OPEN)
    return rows.order_by("-pk").first()


def unfinished_erasures() -> list[int]:
    """Return the erasures that were approved and are not done, the oldest first."""
    rows = Request.objects.erasures().filter(state__in=AT_WORK).order_by("pk")
    return [each.pk for each in rows if each.state != State.APPROVED or not is_held(each.member_id)]


def clock_for(request: Request) -> Clock:
    return clock_of(request.state, request.due_at, now=clock.now())


def may_cancel(request: Request) -> bool:
    return request.state in UNDECIDED


def backups_until(moment: datetime) -> datetime | None:
    """Return when the last backup is gone that was made before a moment; None where none are made."""
    if not backups.current_recipients():
        return None
    keep = backups.keeping()
    return moment + max(
        timedelta(days=keep.days), timedelta(weeks=keep.weeks), timedelta(days=31 * keep.months)
    )


def subject_digest(member: Member) -> str:
    """Return how the ledger names a member: nobody finds out from it who that was."""
    said = f"guildry:erased:{member.pk}:{member.created_at.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()


def ledger_path() -> Path:
    """Return the file that no restore brings back to an earlier state."""
    return Path(settings.DATA_DIR) / LEDGER


def ledger_lines() -> list[dict[str, str]]:
    path = ledger_path()
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def to_repeat() -> list[dict[str, str]]:
    """Return the lines of the ledger that this database does not know: it is older than they are."""
    lines = ledger_lines()
    known = set(Erased.objects.values_list("subject", flat=True)) if lines else set()
    return [line for line in lines if line["subject"] not in known]


def cool_off() -> timedelta:
    found: timedelta = runtime.value("governance.cool_off")
    return found
