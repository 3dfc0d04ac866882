"""What the people of the demo community show of themselves."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from guildry.kernel import clock
from guildry.kernel.money import Money
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.seeding import Person, World, dice_for, in_steps
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.profiles import actions
from guildry.ui import paintings

LEVELS = ("native", "fluent", "professional", "conversational")


def steps(world: World) -> list[Callable[[], None]]:
    """Let those introduce themselves whom visitors step into."""
    return in_steps([partial(_introduce, world, number) for number in _numbers(world, of_personas=True)], 16)


def later_steps(world: World) -> list[Callable[[], None]]:
    """Let everybody else introduce themselves, load the skills, and let all fill in the rest, personas first."""
    personas, others = _numbers(world, of_personas=True), _numbers(world, of_personas=False)
    introductions = [partial(_introduce, world, number) for number in others]
    entries = [partial(_fill_in, world, number) for number in (*personas, *others)]
    return [*in_steps(introductions, 8), _load_skills, *in_steps(entries, 2)]


def totals(world: World) -> dict[str, int]:
    """Return how much all of them together show of themselves."""
    kinds = {name: sum(len(getattr(person, name)) for person in world.cast)
             for name in ("skills", "experience", "qualifications", "portfolio")}  # fmt: skip
    languages = sum(min(len(person.languages), len(LEVELS)) for person in world.cast)
    return {**kinds, "languages": languages, "for hire": sum(bool(_hire(person)) for person in world.cast)}


def _hire(person: Person) -> str:
    return next((hat for hat in ("job_seeker", "freelancer") if hat in person.hats), "")


def _numbers(world: World, *, of_personas: bool) -> list[int]:
    return [number for number, person in enumerate(world.cast) if bool(person.persona) == of_personas]


def _introduce(world: World, number: int) -> None:
    person = world.cast[number]
    if member := accounts.member_by_handle(person.handle):
        with clock.telling(world.now - timedelta(days=59) + timedelta(hours=number)):
            actions.edit_story(member, story=person.story, place=person.place)


def _load_skills() -> None:
    actions.load_skills(SYSTEM)


def _fill_in(world: World, number: int) -> None:
    person = world.cast[number]
    minutes = 3 + dice_for(f"profiles:{person.handle}").randrange(50)
    if member := accounts.member_by_handle(person.handle):
        with clock.telling(world.now - timedelta(days=59) + timedelta(hours=number, minutes=minutes)):
            _tell_more(world, person, member)


def _tell_more(world: World, person: Person, member: Member) -> None:
    actions.choose_skills(member, names=list(person.skills))
    for code, level in zip(person.languages, LEVELS, strict=False):
        actions.add_language(member, code=code, level=level)
    for line in person.experience:
        span, title, organisation = (part.strip() for part in line.split("|"))
        first, _, last = span.partition("-")
        actions.add_experience(
            member, title=title, organisation_name=organisation, started_on=date(int(first), 1, 1),
            ended_on=date(int(last), 12, 1) if last else None,
        )  # fmt: skip
    for line in person.qualifications:
        year, title, awarded_by = (part.strip() for part in line.split("|"))
        actions.add_qualification(
            member, title=title, awarded_by=awarded_by, awarded_on=date(int(year), 7, 1)
        )
    for line in person.portfolio:
        _show_work(member, *(part.strip() for part in line.split("|")))
    _say_when(world, person, member)


def _show_work(member: Member, what: str, title: str, description: str, shows: str) -> None:
    picture = paintings.painted(what, dice_for(f"portfolio:{member.handle}:{title}"))
    actions.add_portfolio_item(member, title=title, description=description, upload=picture, alt=shows)


def _say_when(world: World, person: Person, member: Member) -> None:
    dice = dice_for(f"availability:{person.handle}")
    hat = _hire(person)
    if hat == "job_seeker":
        actions.edit_availability(member, availability="open", hours_per_week=36, day_rate=_rate(person))
    elif hat:
        state = "open" if person.persona else dice.choice(("open", "soon", "limited", "busy"))
        start = (world.now + timedelta(days=dice.randrange(10, 60))).date()
        actions.edit_availability(
            member, availability=state, available_on=start if state == "soon" else None,
            hours_per_week=dice.choice((8, 16, 24, 32)), day_rate=_rate(person),
        )  # fmt: skip


def _rate(person: Person) -> Money | None:
    return Money(person.day_rate_minor, person.currency) if person.day_rate_minor else None
