"""Upkeep of the secrets in tables: what is over goes, and what an older key sealed is sealed anew."""

from collections import defaultdict
from typing import Any

from django.db import transaction

from guildry.kernel import clock, runtime, secrets
from guildry.kernel.permissions import Actor
from guildry.kernel.secrets import Life

PORTION = 1_000


def purge_secrets(actor: Actor) -> int:
    """Delete used, revoked and expired secrets once they are kept long enough; returns how many rows that changed.

    Rows that say what happened stay and lose the hash alone.
    """
    until = clock.now() - runtime.value("retention.secrets")
    lives: dict[tuple[Any, Life], list[str]] = defaultdict(list)
    for field in secrets.hashed_fields():
        lives[field.model, field.life].append(field.name)
    return sum(_purge(model, life, names, until) for (model, life), names in lives.items())


def _purge(model: Any, life: Life, names: list[str], until: Any) -> int:
    over = model._base_manager.filter(life.over_since(until))
    if life.forgets:
        gone: int = over.filter(**{f"{names[0]}__isnull": False}).update(**dict.fromkeys(names))
        return gone
    count = 0
    while batch := list(over.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        count += model._base_manager.filter(pk__in=batch).delete()[0]
    return count


def reseal_secrets(actor: Actor) -> int:
    """Seal with the key in use whatever one before it sealed, in every table; returns how many values."""
    with transaction.atomic():
        return sum(field.reseal() for field in secrets.sealed_fields())
