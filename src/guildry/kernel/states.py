"""State machines as tables: what may follow what."""

from collections.abc import Mapping
from dataclasses import dataclass

from guildry.kernel import errors


class IllegalTransition(errors.DomainError):
    problem = errors.problem("illegal-transition", 409, "That step does not follow from here")

    def __init__(self, current: str, wanted: str, allowed: frozenset[str]) -> None:
        self.current, self.wanted, self.allowed = current, wanted, allowed
        following = ", ".join(sorted(allowed)) or "nothing; this is the end"
        super().__init__(f"This is {current} and cannot become {wanted}. What can follow: {following}.")


@dataclass(frozen=True)
class Transitions:
    """Allowed next states by state; every state named as a target must also be a key."""

    table: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        targets = frozenset().union(*self.table.values())
        if unknown := targets - self.table.keys():
            raise ValueError(f"States without a row of their own: {sorted(unknown)}")

    def can(self, current: str, wanted: str) -> bool:
        return wanted in self.table[current]

    def check(self, current: str, wanted: str) -> None:
        """Raise IllegalTransition, naming the allowed next states, unless `wanted` may follow `current`."""
        if not self.can(current, wanted):
            raise IllegalTransition(current, wanted, self.table[current])
