"""Which rows are old enough to go, which a hold keeps, and what earlier runs took away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import EmailField, Model, Q, QuerySet

from guildry.kernel import clock, inventory, paging, permissions, runtime
from guildry.kernel.inventory import Held
from guildry.ops.governance.models import Hold, RetentionRun
from guildry.ops.governance.queries.holdings import subject_of
from guildry.ops.governance.rules.retention import POLICIES, Policy
from guildry.people.accounts.models import Member

PAGE = 20


@dataclass(frozen=True)
class Due:
    """What a policy would do now: `held` of the `matched` rows stay because of a hold."""

    policy: Policy
    table: str
    cutoff: datetime
    matched: int
    held: int


def model_of(policy: Policy) -> type[Model]:
    return apps.get_model(policy.model)


def cutoff_of(policy: Policy) -> datetime:
    return clock.now() - runtime.value(policy.key)


def matching(policy: Policy, cutoff: datetime) -> QuerySet[Any]:
    """Return the rows that are old enough, held or not."""
    rows = model_of(policy)._base_manager.filter(**{f"{policy.moment}__lt": cutoff}, **dict(policy.only))
    return rows.order_by("pk")


def held_among(policy: Policy, held: Held) -> Q | None:
    """Return the condition that a hold keeps a row; None where the whole table is held."""
    if model_of(policy)._meta.db_table in held.tables:
        return None
    condition = Q(pk__in=[])
    for path in policy.whose:
        is_address = isinstance(model_of(policy)._meta.get_field(path), EmailField)
        condition |= Q(**{f"{path}__in": held.addresses if is_address else held.members})
    return condition


def due_now() -> list[Due]:
    """Count what each policy would take away now."""
    held = holds_now()
    found = []
    for policy in POLICIES:
        cutoff = cutoff_of(policy)
        rows = matching(policy, cutoff)
        matched, condition = rows.count(), held_among(policy, held)
        kept = matched if condition is None else rows.filter(condition).count()
        found.append(Due(policy, model_of(policy)._meta.db_table, cutoff, matched, kept))
    return found


def holds_now() -> Held:
    """Return what must not go: members, their addresses, and tables."""
    rows = Hold.objects.in_force().values_list("member_id", "table")
    members = frozenset(member for member, _ in rows if member)
    found = Member.objects.filter(pk__in=members)
    addresses = frozenset(each for member in found for each in subject_of(member).addresses)
    return Held(members, addresses, frozenset(table for _, table in rows if table))


def is_held(member_id: int) -> bool:
    return Hold.objects.in_force().filter(member_id=member_id).exists()


def holds(viewer: Any) -> list[Hold]:
    """Return the holds in force, those to be reviewed first before the others."""
    rows = Hold.objects.visible_to(viewer).in_force().select_related("member", "placed_by")
    return list(rows.order_by("review_on", "pk"))


def lifted_holds(viewer: Any, *, most: int = 20) -> list[Hold]:
    rows = Hold.objects.visible_to(viewer).exclude(lifted_at=None).select_related("member", "lifted_by")
    return list(rows.order_by("-lifted_at")[:most])


def runs(viewer: Any, *, cursor: str = "") -> paging.Page[RetentionRun]:
    """Return the runs, newest first, each with its proofs; nothing for those who may not see them."""
    if not permissions.has(viewer, "governance.read"):
        return paging.Page([])
    rows = RetentionRun.objects.prefetch_related("proofs").select_related("ordered_by").order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=paging.decode_cursor(cursor, int)[0])
    return paging.page_of(list(rows[: PAGE + 1]), PAGE, "pk")


def unfinished_run() -> RetentionRun | None:
    return RetentionRun.objects.filter(finished_at=None, is_dry=False).order_by("pk").first()


def tables() -> list[str]:
    return sorted({model_of(policy)._meta.db_table for policy in POLICIES})


inventory.use_holds(holds_now)
