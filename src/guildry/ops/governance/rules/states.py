"""What may become of a request, when it is late, and who may decide."""

from datetime import datetime, timedelta
from enum import StrEnum

from guildry.kernel.states import Transitions

ANSWER_WITHIN = timedelta(days=30)
SOON = timedelta(days=7)


class Kind(StrEnum):
    COPY = "copy"
    ERASURE = "erasure"


class State(StrEnum):
    """A copy is received, made, ready and collected; an erasure cools off, is planned, approved, carried out and verified."""

    RECEIVED = "received"
    MAKING = "making"
    FAILED = "failed"
    READY = "ready"
    COLLECTED = "collected"
    EXPIRED = "expired"
    COOLING = "cooling"
    PLANNED = "planned"
    APPROVED = "approved"
    RUNNING = "running"
    VERIFYING = "verifying"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"


STATES = Transitions(
    {
        State.RECEIVED: frozenset({State.MAKING, State.CANCELLED}),
        State.MAKING: frozenset({State.MAKING, State.READY, State.FAILED}),
        State.FAILED: frozenset({State.MAKING}),
        State.READY: frozenset({State.COLLECTED, State.EXPIRED}),
        State.COLLECTED: frozenset(),
        State.EXPIRED: frozenset(),
        State.COOLING: frozenset({State.PLANNED, State.CANCELLED, State.REFUSED}),
        State.PLANNED: frozenset({State.PLANNED, State.APPROVED, State.CANCELLED, State.REFUSED}),
        State.APPROVED: frozenset({State.RUNNING, State.REFUSED}),
        State.RUNNING: frozenset({State.VERIFYING}),
        State.VERIFYING: frozenset({State.RUNNING, State.DONE}),
        State.DONE: frozenset(),
        State.CANCELLED: frozenset(),
        State.REFUSED: frozenset(),
    }
)
OPEN = frozenset(
    {
        State.RECEIVED, State.MAKING, State.FAILED, State.COOLING, State.PLANNED, State.APPROVED, State.RUNNING,
        State.VERIFYING,
    }
)  # fmt: skip
UNDECIDED = frozenset({State.COOLING, State.PLANNED})
AT_WORK = frozenset({State.APPROVED, State.RUNNING, State.VERIFYING})


class Clock(StrEnum):
    """How a request stands to the month in which it has to be answered."""

    ANSWERED = "answered"
    IN_TIME = "in time"
    SOON = "due soon"
    LATE = "late"


def clock_of(state: str, due_at: datetime, *, now: datetime) -> Clock:
    if state not in OPEN:
        return Clock.ANSWERED
    if now >= due_at:
        return Clock.LATE
    return Clock.SOON if due_at - now <= SOON else Clock.IN_TIME


def has_cooled(cools_until: datetime | None, *, now: datetime) -> bool:
    return cools_until is None or now >= cools_until


def may_approve(*, approver: int | None, planner: int | None, subject: int) -> bool:
    """Tell whether somebody may approve a plan: neither who made it nor whom it is about."""
    return approver is not None and approver not in (planner, subject)


def may_plan(*, planner: int | None, subject: int) -> bool:
    return planner != subject
