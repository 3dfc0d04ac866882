"""Packs are loaded once, in order, and again after an interruption, with the same dice and moment."""

from argparse import ArgumentParser
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from guildry.kernel import points
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.kernel.seeding import World
from guildry.ops.seeds import actions, queries, rules, tasks
from guildry.ops.seeds.models import LoadedPack
from guildry.ops.seeds.rules import Standing
from guildry.people.accounts.models import Hat, Member
from guildry.people.profiles import queries as profiles
from tests.factories.people import make_member

Register = Callable[..., None]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Let a test say which packs there are."""

    def only(**loads: Callable[[World], None]) -> None:
        packs = {
            name: points.SeedPack(name, 90 - place, load) for place, (name, load) in enumerate(loads.items())
        }
        monkeypatch.setattr(points.SEED_PACKS, "_entries", packs)

    return only


def test_packs_are_loaded_once_in_order(db: None, register: Register) -> None:
    told: list[str] = []
    register(later=lambda world: told.append("later"), sooner=lambda world: told.append("sooner"))

    assert actions.load_demo(SYSTEM) == ["sooner", "later"]
    assert actions.load_demo(SYSTEM) == []

    assert told == ["sooner", "later"]
    assert queries.is_loaded()
    assert [state.standing for state in queries.pack_states()] == [Standing.LOADED, Standing.LOADED]


def test_an_interrupted_pack_is_told_again_with_the_same_dice_and_moment(
    db: None, register: Register
) -> None:
    worlds: list[tuple[object, int]] = []

    def stumble(world: World) -> None:
        worlds.append((world.now, world.dice.randrange(10**9)))
        if len(worlds) == 1:
            raise ConnectionError

    register(one=stumble)

    with pytest.raises(ConnectionError):
        actions.load_demo(SYSTEM)
    assert [state.standing for state in queries.pack_states()] == [Standing.INTERRUPTED]
    assert actions.load_demo(SYSTEM) == ["one"]

    assert worlds[0] == worlds[1]


def test_a_later_pack_is_told_relative_to_the_first_moment(db: None, register: Register) -> None:
    moments: list[object] = []
    register(one=lambda world: moments.append(world.now))
    actions.load_demo(SYSTEM)

    register(two=lambda world: moments.append(world.now), one=lambda world: moments.append(world.now))
    actions.load_demo(SYSTEM)

    assert len(moments) == 2
    assert moments[0] == moments[1]


def test_a_pack_that_changed_since_is_named_and_left_alone(db: None, register: Register) -> None:
    register(one=lambda world: None)
    actions.load_demo(SYSTEM)
    LoadedPack.objects.update(checksum="of an older one")

    assert [state.standing for state in queries.pack_states()] == [Standing.CHANGED]
    assert actions.load_demo(SYSTEM) == []
    assert queries.is_loaded()


def test_an_interrupted_pack_that_changed_takes_the_new_checksum(db: None, register: Register) -> None:
    def fail(world: World) -> None:
        raise ConnectionError

    register(one=fail)
    with pytest.raises(ConnectionError):
        actions.load_demo(SYSTEM)
    LoadedPack.objects.update(checksum="of an older one")
    register(one=lambda world: None)

    actions.load_demo(SYSTEM)

    assert [state.standing for state in queries.pack_states()] == [Standing.LOADED]


def test_loading_needs_the_permission(ada: Member, register: Register) -> None:
    register(one=lambda world: None)

    with pytest.raises(PermissionMissing):
        actions.load_demo(ada)

    assert LoadedPack.objects.count() == 0


def test_the_command_applies_by_default_and_verifies(
    db: None, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    register(one=lambda world: None)
    parser = ArgumentParser()
    tasks.arguments(parser)

    assert tasks.seed(parser.parse_args(["verify"])) == 1
    assert tasks.seed(parser.parse_args([])) == 0
    assert tasks.seed(parser.parse_args(["apply"])) == 0
    assert tasks.seed(parser.parse_args(["verify"])) == 0

    assert capsys.readouterr().out.splitlines() == [
        "one             outstanding",
        "Loaded: one.",
        "Everything was already loaded.",
        "one             loaded",
    ]


def test_the_cast_is_as_large_and_as_varied_as_promised() -> None:
    people, guilds = queries.cast()

    assert len(people) >= 60
    assert len(guilds) >= 8
    assert {hat for person in people for hat in person.hats} == set(Hat.values)
    assert {role for person in people for role in person.staff_roles} == set(StaffRole)
    assert {guild.kind for guild in guilds} == {"company", "agency", "charity", "chapter"}
    assert len({person.time_zone for person in people}) >= 20
    assert rules.flaws(people, guilds) == []


def test_everybody_in_the_cast_is_written_out() -> None:
    for person in queries.cast()[0]:
        ZoneInfo(person.time_zone)
        assert 10 <= len(person.headline) <= 140, person.handle
        assert 2 <= person.story.count(".") <= 7, person.handle
        skills = [profiles.skill_called(name) for name in person.skills]
        assert None not in skills, person.handle
        assert 4 <= len(set(skills)) == len(skills) <= 8, person.handle
        assert set(person.languages) <= profiles.language_names().keys(), person.handle
        assert person.experience, person.handle


def test_personas_are_those_of_the_cast_who_joined(db: None) -> None:
    assert queries.personas() == []

    make_member("tendai", "Tendai Moyo", headline="Administers")
    make_member("amara", "Amara Okafor")

    assert [(p.label, p.handle, p.email) for p in queries.personas()] == [
        ("Freelancer", "amara", "amara@example.org"),
        ("Administrator", "tendai", "tendai@example.org"),
    ]
