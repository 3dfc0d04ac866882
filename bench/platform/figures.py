"""How each part writes its figures, so that one table can hold all of them."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

_WRITTEN = re.compile(r"(?P<seen>.+), (?P<target>(?:at most|at least|exactly) .+): (?P<verdict>held|MISSED)")


@dataclass(frozen=True)
class Figure:
    """What was seen and what it has to be, in words: `target` begins with at most, at least or exactly."""

    seen: str
    target: str
    is_held: bool

    def __str__(self) -> str:
        return f"{self.seen}, {self.target}: {'held' if self.is_held else 'MISSED'}"


def read(line: str) -> Figure | None:
    """Return the figure on a line, None when it is anything else."""
    found = _WRITTEN.fullmatch(line.strip())
    return Figure(found["seen"], found["target"], found["verdict"] == "held") if found else None


def told(figures: Iterable[Figure]) -> int:
    """Print figures as they come; returns 1 when one was missed, or there was none."""
    held = []
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
        held.append(figure.is_held)
    return 0 if held and all(held) else 1


def quantile(values: list[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
