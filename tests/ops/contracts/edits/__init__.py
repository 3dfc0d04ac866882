"""The corpus: edits of our own contracts, each labelled with what it does to clients, forward and back."""

from collections.abc import Iterator
from typing import Any

from tests.ops.contracts.edits import boxes, operations, shapes, sockets
from tests.ops.contracts.edits.edit import Case, Edit

__all__ = ["Case", "Edit", "cases"]


def cases(base: dict[str, Any]) -> Iterator[Case]:
    """Yield every labelled pair of sets that come of a base, each edit in both directions."""
    edits = [*operations.edits(base), *shapes.edits(base), *sockets.edits(base), *boxes.edits(base)]
    for edit in edits:
        yield from edit.cases(base)
