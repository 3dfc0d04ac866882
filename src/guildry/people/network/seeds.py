"""Who knows whom in the demo community: those who meet in an organisation, and those who know the same things."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations
from random import Random

from guildry.kernel import clock
from guildry.kernel.seeding import Person, World, dice_for, in_steps
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.network import actions

REQUESTS_EACH = 20
WAITING_EACH = 3
NOTES = (
    "We are both in {shared}, and I would like to keep in touch.",
    "Good to see another face from {shared} here.",
    "I liked what you said at the last {shared} evening. Shall we stay in touch?",
)
SKILL_NOTES = (
    "We both work with {shared}. I would like to compare notes some time.",
    "Not many people here do {shared}. Shall we connect?",
    "I have a question about {shared} and you seem to be the one to ask.",
)
# By what two people share: the odds that they connect, and that one only follows the other.
ODDS = {"guild": (0.6, 0.92), "skills": (0.28, 0.65), "skill": (0.1, 0.38), "nothing": (0.02, 0.14)}


@dataclass(frozen=True)
class Meeting:
    """One thing that happens between two members at a moment."""

    moment: datetime
    act: str
    actor: Member
    other: Member
    note: str = ""


def steps(world: World) -> list[Callable[[], None]]:
    """Let those whom visitors step into meet the others, in the order of time."""
    return _told(world, of_personas=True)


def later_steps(world: World) -> list[Callable[[], None]]:
    """Let everybody else meet, in the order of time."""
    return _told(world, of_personas=False)


def _told(world: World, *, of_personas: bool) -> list[Callable[[], None]]:
    known = accounts.members_by_handle(person.handle for person in world.cast)
    people = [(person, member) for person in world.cast if (member := known.get(person.handle))]
    personas = {member.pk for person, member in people if person.persona}
    chosen = [
        meeting
        for meeting in _meetings(world, people)
        if of_personas == bool(personas & {meeting.actor.pk, meeting.other.pk})
    ]
    chosen.sort(key=lambda meeting: (meeting.moment, meeting.actor.pk, meeting.other.pk))
    return in_steps([partial(_happen, meeting) for meeting in chosen], 25)


def _meetings(world: World, people: list[tuple[Person, Member]]) -> Iterator[Meeting]:
    dice = dice_for("network")
    asked: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    for (one, first), (two, second) in combinations(people, 2):
        kind, shared = _shared(world, one, two)
        roll = dice.random()
        started = dice.random() < 0.5
        asker, asked_one = (first, second) if started else (second, first)
        note = _note(dice, kind, shared)
        moment = _moment(world, dice, first, second)
        connects, follows = ODDS[kind]
        if roll < connects and asked[asker.pk] < REQUESTS_EACH:
            asked[asker.pk] += 1
            yield Meeting(moment, "request", asker, asked_one, note)
            answered = moment + timedelta(hours=1 + 40 * dice.random())
            if answered < world.now:
                yield Meeting(answered, "accept", asked_one, asker)
        elif roll < follows:
            yield Meeting(moment, "follow", asker, asked_one)
        elif (
            kind != "nothing" and (host := _host(one, first, two, second)) and waiting[host.pk] < WAITING_EACH
        ):
            waiting[host.pk] += 1
            recent = world.now - timedelta(hours=2 + 70 * dice.random())
            guest = second if host is first else first
            yield Meeting(
                max(recent, moment), "request", guest, host, note or _note(dice, kind, shared, odds=1)
            )


def _host(one: Person, first: Member, two: Person, second: Member) -> Member | None:
    """Return the one of two whom visitors of the demo may sign in as, and who should find a request waiting."""
    return first if one.persona else second if two.persona else None


def _shared(world: World, one: Person, two: Person) -> tuple[str, str]:
    """Return what two of the cast have in common, and its name."""
    guild = next((g for g in world.guilds if {one.handle, two.handle} <= set(g.people)), None)
    if guild:
        return "guild", guild.name
    skills = [skill for skill in one.skills if skill in two.skills]
    if skills:
        return ("skills" if len(skills) > 1 else "skill"), skills[0]
    return "nothing", ""


def _note(dice: Random, kind: str, shared: str, *, odds: float = 0.6) -> str:
    templates = {"guild": NOTES, "skills": SKILL_NOTES, "skill": SKILL_NOTES}.get(kind, ("",))
    chosen = dice.choice(templates)
    return chosen.format(shared=shared) if dice.random() < odds else ""


def _moment(world: World, dice: Random, one: Member, other: Member) -> datetime:
    """Return a moment between the day both had joined and an hour ago."""
    latest = world.now - timedelta(hours=1)
    earliest = min(max(one.created_at, other.created_at) + timedelta(days=1), latest)
    return earliest + (latest - earliest) * dice.random()


def _happen(meeting: Meeting) -> None:
    with clock.telling(meeting.moment):
        if meeting.act == "follow":
            actions.follow_member(meeting.actor, member_id=meeting.other.pk)
        elif meeting.act == "request":
            actions.request_connection(meeting.actor, member_id=meeting.other.pk, note=meeting.note)
        else:
            actions.accept_request(meeting.actor, member_id=meeting.other.pk)
