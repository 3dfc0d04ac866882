"""How members may come to know each other, how often, and what may follow what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guildry.kernel.states import Transitions


class State(StrEnum):
    """Where a connection stands; a pair has one row for good, whoever asks."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


_AGAIN = frozenset({State.REQUESTED, State.ACCEPTED})
STATES = Transitions(
    {
        State.REQUESTED: frozenset({State.REQUESTED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
        State.ACCEPTED: frozenset({State.ENDED}),
        State.DECLINED: _AGAIN | {State.WITHDRAWN},
        State.WITHDRAWN: frozenset({State.REQUESTED}),
        State.ENDED: frozenset({State.REQUESTED}),
    }
)

NOTE_LENGTH = 300
REQUEST_LASTS = timedelta(days=90)
PAUSE = timedelta(days=30)
NEWCOMER = timedelta(days=7)


class Standing(StrEnum):
    """What one side of a connection sees of it; a declined request keeps looking like one that waits."""

    NONE = "none"
    REQUESTED = "requested"
    ASKED = "asked"
    CONNECTED = "connected"


@dataclass(frozen=True)
class Allowance:
    """How much of an act is allowed: so many at once, earned back over `period`."""

    burst: int
    period: timedelta

    @property
    def per_second(self) -> float:
        return self.burst / self.period.total_seconds()


FOLLOWS_HOURLY, FOLLOWS_HOURLY_OF_NEWCOMERS = 60, 20
REQUESTS_DAILY, REQUESTS_DAILY_OF_NEWCOMERS = 40, 10


def is_newcomer(joined_at: datetime, now: datetime) -> bool:
    return now - joined_at < NEWCOMER


def follows_allowed(joined_at: datetime, now: datetime, *, hourly: int) -> Allowance:
    """Return how many members an account of that age may follow."""
    most = min(hourly, FOLLOWS_HOURLY_OF_NEWCOMERS) if is_newcomer(joined_at, now) else hourly
    return Allowance(most, timedelta(hours=1))


def requests_allowed(joined_at: datetime, now: datetime, *, daily: int) -> Allowance:
    """Return how many connections an account of that age may ask for."""
    most = min(daily, REQUESTS_DAILY_OF_NEWCOMERS) if is_newcomer(joined_at, now) else daily
    return Allowance(most, timedelta(days=1))


def pair(one: int, other: int) -> tuple[int, int]:
    """Return two ids in the one order that names their pair."""
    return (one, other) if one < other else (other, one)


def is_waiting(state: str, requested_at: datetime, now: datetime) -> bool:
    """Tell whether a request still waits for its addressee; requests lapse by themselves."""
    return state == State.REQUESTED and now - requested_at < REQUEST_LASTS


def looks_waiting(state: str, requested_at: datetime, now: datetime) -> bool:
    """Tell whether a request looks open to the one who made it: declining it shows nothing."""
    return state in (State.REQUESTED, State.DECLINED) and now - requested_at < REQUEST_LASTS


def standing(state: str, requested_at: datetime, now: datetime, *, is_requester: bool) -> Standing:
    """Return what one side sees of a connection."""
    if state == State.ACCEPTED:
        return Standing.CONNECTED
    if is_requester and looks_waiting(state, requested_at, now):
        return Standing.REQUESTED
    if not is_requester and is_waiting(state, requested_at, now):
        return Standing.ASKED
    return Standing.NONE


def may_ask(pausing_id: int | None, pauses_until: datetime | None, asker_id: int, now: datetime) -> bool:
    """Tell whether the pause after a withdrawal or an ended connection, which binds one side, is over."""
    return pausing_id != asker_id or pauses_until is None or now >= pauses_until


def closeness(organisations: int, connections: int, skills: int) -> int:
    """Weigh what two members have in common: meeting somewhere counts more than knowing the same things."""
    return 6 * min(organisations, 2) + 4 * min(connections, 4) + min(skills, 5)


def reason(
    organisations: list[str], names: list[str], connections: int, skills: list[str], followers: int = 0
) -> str:
    """Say in one line what two members have in common, the strongest first, or who else reads them."""
    if organisations:
        return f"You both belong to {listing(organisations[:2])}"
    if connections and names:
        more = connections - 1
        others = f" and {more} more of your connections" if more else ""
        return f"Connected with {names[0]}{others}"
    if len(skills) > 1:
        return f"You share {len(skills)} skills: {listing(skills[:3], end=', ')}"
    if skills:
        return f"You share a skill: {skills[0]}"
    return f"Followed by {followers} members" if followers > 1 else "Followed by another member"


def listing(items: list[str], *, end: str = " and ") -> str:
    """Join names as one says them."""
    return end.join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""
