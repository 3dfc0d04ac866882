"""What the people of the demo community show of themselves."""

from datetime import date, timedelta

from guildry.kernel import clock
from guildry.kernel.money import Money
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.seeding import Person, World
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.profiles import actions, queries

LEVELS = ("native", "fluent", "professional", "conversational")


def load(world: World) -> None:
    """Fill in the profile of everybody in the cast who has not written a story yet."""
    actions.load_skills(SYSTEM)
    for number, person in enumerate(world.cast):
        member = accounts.member_by_handle(person.handle)
        if member is None or queries.profile_of(member).story:
            continue
        with clock.at(
            world.now - timedelta(days=59) + timedelta(hours=number, minutes=world.dice.randrange(50))
        ):
            _fill_in(world, person, member)


def _fill_in(world: World, person: Person, member: Member) -> None:
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
    _say_when(world, person, member)
    actions.edit_story(member, story=person.story, place=person.place)


def _say_when(world: World, person: Person, member: Member) -> None:
    if "job_seeker" in person.hats:
        actions.edit_availability(member, availability="open", hours_per_week=36, day_rate=_rate(person))
    elif "freelancer" in person.hats:
        state = world.dice.choice(("open", "soon", "limited", "busy"))
        start = (world.now + timedelta(days=world.dice.randrange(10, 60))).date()
        actions.edit_availability(
            member, availability=state, available_on=start if state == "soon" else None,
            hours_per_week=world.dice.choice((8, 16, 24, 32)), day_rate=_rate(person),
        )  # fmt: skip


def _rate(person: Person) -> Money | None:
    return Money(person.day_rate_minor, person.currency) if person.day_rate_minor else None
