"""The demo network: plausible, and the same every time."""

from datetime import UTC, datetime, timedelta

from guildry.kernel.seeding import Guild, Person, World
from guildry.people.accounts.models import Member
from guildry.people.network import queries, seeds
from guildry.people.network.models import Connection, Follow
from tests.factories.people import make_member

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD = Guild("guild", "Design Guild", "chapter", "", "", "", tuple(f"p{number}" for number in range(6)))


def world(*, missing: str = "") -> World:
    """Return a cast of twelve, six of them in a guild; who is `missing` has no account."""
    people = []
    for number in range(12):
        handle = f"p{number}"
        skills = ("facilitation", "copywriting") if number % 2 else ("accounting",)
        people.append(
            Person(handle, handle, "", "", "", "UTC", skills=skills, persona="Member" if number == 5 else "")
        )
        if handle != missing and not Member.objects.filter(handle=handle).exists():
            member = make_member(handle)
            Member.objects.filter(pk=member.pk).update(created_at=NOW - timedelta(days=60))
    return World(now=NOW, cast=tuple(people), guilds=(GUILD,))


def tell(told: World) -> None:
    """Let everything happen, before and after the doors open."""
    for step in [*seeds.steps(told), *seeds.later_steps(told)]:
        step()


def graph() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    connections = Connection.objects.order_by("low", "high")
    follows = Follow.objects.order_by("follower__handle", "followed__handle")
    return (
        list(
            connections.values_list("requester__handle", "addressee__handle", "state", "requested_at", "note")
        ),
        list(follows.values_list("follower__handle", "followed__handle", "created_at")),
    )


def test_people_of_one_guild_know_each_other_most(db: None) -> None:
    tell(world())

    insiders = {f"p{number}" for number in range(6)}
    connected = Connection.objects.accepted().values_list("requester__handle", "addressee__handle")
    inside = [pair for pair in connected if set(pair) <= insiders]
    assert len(inside) > len(connected) - len(inside)
    assert Follow.objects.count() > 2 * len(connected)


def test_everything_happened_after_both_had_joined_and_before_now(db: None) -> None:
    tell(world())

    moments = [
        *Connection.objects.values_list("requested_at", flat=True),
        *Follow.objects.values_list("created_at", flat=True),
    ]
    assert min(moments) > NOW - timedelta(days=60)
    assert max(moments) < NOW


def test_a_persona_has_requests_to_answer(db: None) -> None:
    tell(world())

    persona = Member.objects.get(handle="p5")
    waiting = Connection.objects.filter(addressee=persona, state="requested")
    assert 1 <= waiting.count() <= seeds.WAITING_EACH
    assert queries.counts_of(persona.pk).connections >= 1


def test_it_is_told_the_same_every_time(db: None) -> None:
    tell(world())
    first = graph()
    Member.objects.all().delete()

    tell(world())

    assert graph() == first


def test_personas_find_their_network_first(db: None) -> None:
    for step in seeds.steps(world()):
        step()

    persona = Member.objects.get(handle="p5")
    assert {persona.pk} <= set.intersection(
        *({c.requester_id, c.addressee_id} for c in Connection.objects.all())
    )


def test_somebody_who_never_came_is_left_out(db: None) -> None:
    tell(world(missing="p3"))

    assert Connection.objects.count() > 0
