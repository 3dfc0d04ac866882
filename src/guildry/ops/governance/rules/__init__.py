"""What governance decides: how long data stays, what may become of requests, and which words it is told in."""

from guildry.ops.governance.rules.states import (
    ANSWER_WITHIN,
    AT_WORK,
    OPEN,
    STATES,
    UNDECIDED,
    Clock,
    Kind,
    State,
    clock_of,
    has_cooled,
    may_approve,
    may_plan,
)
from guildry.ops.governance.rules.words import BASES, ERASES, RETENTION, SUBJECTS, subjects_of

__all__ = [
    "ANSWER_WITHIN",
    "AT_WORK",
    "BASES",
    "ERASES",
    "OPEN",
    "RETENTION",
    "STATES",
    "SUBJECTS",
    "UNDECIDED",
    "Clock",
    "Kind",
    "State",
    "clock_of",
    "has_cooled",
    "may_approve",
    "may_plan",
    "subjects_of",
]
