"""Reading back what was published."""

from typing import TypeVar

from guildry.kernel import bus
from guildry.platform.facts.models import StoredFact

F = TypeVar("F", bound=bus.Fact)


def published(kind: type[F]) -> list[F]:
    """Return the facts of one kind, in the order they were stored."""
    rows = StoredFact.objects.filter(name=kind.name).order_by("pk")
    return [bus.decode(row.name, row.payload) for row in rows]  # type: ignore[misc]
