"""Packs are loaded once, step by step and in order, and go on where they were after an interruption."""

from argparse import ArgumentParser
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from guildry.kernel import limits, points
from guildry.kernel.errors import TooMany
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.kernel.seeding import World
from guildry.ops.seeds import actions, queries, rules, tasks
from guildry.ops.seeds.models import LoadedPack
from guildry.ops.seeds.rules import Standing
from guildry.people.accounts.models import Hat, Member
from guildry.people.profiles import queries as profiles
from tests.factories.people import make_member

Register = Callable[..., None]
Steps = Callable[[World], list[Callable[[], None]]]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Let a test say which packs there are; one whose name begins with `after` waits for the doors to open."""

    def only(**packs: Steps) -> None:
        entries = {
            name: points.SeedPack(name, 90 - place, steps, after_opening=name.startswith("after"))
            for place, (name, steps) in enumerate(packs.items())
        }
        monkeypatch.setattr(points.SEED_PACKS, "_entries", entries)

    return only


def saying(told: list[str], *words: str) -> Steps:
    """Return a pack whose steps say one word each."""
    return lambda world: [lambda word=word: told.append(word) for word in words]  # type: ignore[misc] # one word each


def stumbling(told: list[str]) -> Steps:
    """Return a pack that does one step, and fails in the second unless somebody said `mend`."""

    def second() -> None:
        make_member("ada")
        if "mend" not in told:
            raise ConnectionError
        told.append("second")

    return lambda world: [lambda: told.append("first"), second]


def test_packs_are_loaded_once_in_order(db: None, register: Register) -> None:
    told: list[str] = []
    register(later=saying(told, "c"), sooner=saying(told, "a", "b"))

    assert actions.load_demo(SYSTEM) == ["sooner", "later"]
    assert actions.load_demo(SYSTEM) == []

    assert told == ["a", "b", "c"]
    assert queries.is_loaded()
    assert [state.standing for state in queries.pack_states()] == [Standing.LOADED, Standing.LOADED]


def test_an_interrupted_pack_goes_on_where_it_was(db: None, register: Register) -> None:
    told: list[str] = []
    register(one=stumbling(told))

    with pytest.raises(ConnectionError):
        actions.load_demo(SYSTEM)
    assert [state.standing for state in queries.pack_states()] == [Standing.INTERRUPTED]
    assert not Member.objects.exists()
    told.append("mend")
    assert actions.load_demo(SYSTEM) == ["one"]

    assert told == ["first", "mend", "second"]
    assert Member.objects.count() == 1


def test_a_later_pack_is_told_relative_to_the_first_moment(db: None, register: Register) -> None:
    moments: list[object] = []

    def noting(world: World) -> list[Callable[[], None]]:
        return [lambda: moments.append(world.now)]

    register(one=noting)
    actions.load_demo(SYSTEM)
    register(two=noting, one=noting)
    actions.load_demo(SYSTEM)

    assert len(moments) == 2
    assert moments[0] == moments[1]


def test_a_pack_that_changed_since_is_named_and_left_alone(db: None, register: Register) -> None:
    told: list[str] = []
    register(one=saying(told, "a"))
    actions.load_demo(SYSTEM)
    LoadedPack.objects.update(checksum="of an older one")

    assert [state.standing for state in queries.pack_states()] == [Standing.CHANGED]
    assert actions.load_demo(SYSTEM) == []
    assert queries.is_loaded()
    assert told == ["a"]


def test_the_doors_open_before_the_rest_is_loaded(db: None, register: Register) -> None:
    told: list[str] = []
    register(after=saying(told, "b", "c"), one=saying(told, "a"))

    assert actions.open_demo(SYSTEM) == ["one"]

    assert told == ["a"]
    assert not queries.is_loaded()


def test_the_rest_is_loaded_in_portions(db: None, register: Register) -> None:
    told: list[str] = []
    register(after=saying(told, "a", "b", "c"))

    assert actions.continue_demo(SYSTEM, seconds=0) is True
    assert told == ["a"]
    assert actions.continue_demo(SYSTEM, seconds=60) is False

    assert told == ["a", "b", "c"]
    assert actions.continue_demo(SYSTEM, seconds=0) is False


def test_what_is_told_of_the_past_takes_nothing_from_allowances(db: None, register: Register) -> None:
    def spend() -> None:
        limits.spend("posts of ada", burst=1, per_second=0.001)

    register(one=lambda world: [spend, spend])
    actions.load_demo(SYSTEM)

    spend()
    with pytest.raises(TooMany):
        spend()


@pytest.mark.parametrize(
    "load",
    [actions.load_demo, actions.open_demo, lambda actor: actions.continue_demo(actor, seconds=1)],
)
def test_loading_needs_the_permission(ada: Member, register: Register, load: Callable[..., object]) -> None:
    register(one=saying([], "a"))

    with pytest.raises(PermissionMissing):
        load(ada)

    assert LoadedPack.objects.count() == 0


def test_the_command_applies_by_default_and_verifies(
    db: None, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    register(one=saying([], "a"))
    parser = ArgumentParser()
    tasks.arguments(parser)

    assert tasks.seed(parser.parse_args(["verify"])) == 4
    assert tasks.seed(parser.parse_args([])) == 0
    assert tasks.seed(parser.parse_args(["apply"])) == 0
    assert tasks.seed(parser.parse_args(["verify"])) == 0

    assert capsys.readouterr().out.splitlines() == [
        "one                 outstanding",
        "Every total is what the manifest says.",
        "Every counter is what counting says.",
        "Loaded: one.",
        "Everything was already loaded.",
        "one                 loaded",
        "Every total is what the manifest says.",
        "Every counter is what counting says.",
    ]


def test_the_command_opens_and_leaves_the_rest_to_a_job(
    db: None, register: Register, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(tasks, "PORTION", 0)
    register(after=saying(told, "b", "c"), one=saying(told, "a"))
    parser = ArgumentParser()
    tasks.arguments(parser)

    assert tasks.seed(parser.parse_args(["open"])) == 0
    assert told == ["a"]
    assert run_jobs() == 3

    assert told == ["a", "b", "c"]
    assert queries.is_loaded()


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

    assert [(p.label, p.handle, p.email, p.is_staff) for p in queries.personas()] == [
        ("Freelancer", "amara", "amara@example.org", False),
        ("Administrator", "tendai", "tendai@example.org", True),
    ]


def test_a_start_greets_with_the_ways_in(db: None) -> None:
    assert queries.greeting("http://localhost:8000") == []

    make_member("tendai", "Tendai Moyo")
    make_member("amara", "Amara Okafor")

    assert queries.greeting("http://localhost:8000") == [
        "Step into any of these with one click at http://localhost:8000/demo/",
        "or sign in with the e-mail address and the password guildry-demo:",
        "",
        "  Freelancer     Amara Okafor  amara@example.org",
        "  Administrator  Tendai Moyo   tendai@example.org *",
        "",
        "* Staff prove a second factor as well, so step into them at /demo/.",
    ]
