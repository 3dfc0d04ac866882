"""Taking rows away, or emptying them, so that what counts them stays right."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Model, QuerySet

from guildry.kernel.permissions import Actor
from guildry.ops.governance.queries.holdings import Holding, emptied_fields
from guildry.ops.seeds.queries import counted
from guildry.people.notifications.models import Notification, Tray

CHUNK = 500
Counter = tuple[QuerySet[Any], str, QuerySet[Any], str]


def take_away(actor: Actor, *, model: type[Model], keys: Sequence[Any]) -> int:
    """Delete rows with what is a part of them, and count again what counted them; returns how many were named."""
    with transaction.atomic():
        rows = model._base_manager.filter(pk__in=keys)
        parents = _parents(rows)
        number = len(rows.values_list("pk", flat=True))
        rows.delete()
        _count_again(parents)
    return number


def empty(actor: Actor, *, holding: Holding, emptied: dict[str, Any], keys: Sequence[Any], name: str) -> int:
    """Empty rows that stay without their member, who is `name` from then on."""
    values = {field.name: _nothing(field) for field in emptied_fields(holding.model)}
    for column, given in emptied.items():
        values[column] = given(name) if callable(given) else given
    with transaction.atomic():
        rows = holding.model._base_manager.filter(pk__in=keys)
        parents = _parents(rows)
        number = rows.update(**{column: value for column, value in values.items() if value is not KEPT})
        _count_again(parents)
    return int(number)


KEPT = object()


def _nothing(field: Any) -> Any:
    """Return what an emptied column holds; moments and numbers that say nothing of anybody stay."""
    if field.choices:
        return KEPT
    if field.null:
        return None
    if field.get_internal_type() in ("CharField", "TextField", "URLField", "SlugField"):
        return ""
    if field.has_default():
        return field.get_default()
    return KEPT


def _counters() -> tuple[Counter, ...]:
    unread = Notification.objects.filter(is_shown=True, read_at=None)
    return (*counted(), (Tray.objects.all(), "unread_count", unread, "recipient"))


def _parents(rows: QuerySet[Any]) -> list[tuple[Counter, set[Any]]]:
    """Return what counts these rows, and the keys of the rows that carry the count."""
    return [
        (entry, {key for key in rows.values_list(entry[3], flat=True) if key is not None})
        for entry in _counters()
        if entry[2].model is rows.model
    ]


def _count_again(parents: list[tuple[Counter, set[Any]]]) -> None:
    for (rows, counter, things, key), keys in parents:
        ordered = sorted(keys)
        inside = things.filter(**{f"{key}__in": ordered}).order_by()
        found = dict(inside.values_list(key).annotate(Count("pk")))
        carried = dict(rows.filter(pk__in=ordered).values_list("pk", counter))
        for pk, count in carried.items():
            if count != found.get(pk, 0):
                rows.filter(pk=pk).update(**{counter: found.get(pk, 0)})
