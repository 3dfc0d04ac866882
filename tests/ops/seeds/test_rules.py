"""Decisions about seed packs and the cast."""

from guildry.kernel.seeding import Guild, Person
from guildry.ops.seeds import rules
from guildry.ops.seeds.rules import Standing


def person(handle: str) -> Person:
    return Person(handle, handle.capitalize(), "Headline", "Story.", "Leeds", "Europe/London")


def guild(*people: str) -> Guild:
    return Guild("mill", "Mill", "company", "Tagline", "Story.", "Leeds", people)


def test_a_pack_stands_by_its_ledger() -> None:
    assert rules.standing(wanted="a", recorded=None, is_finished=False) == Standing.OUTSTANDING
    assert rules.standing(wanted="a", recorded="a", is_finished=False) == Standing.INTERRUPTED
    assert rules.standing(wanted="a", recorded="a", is_finished=True) == Standing.LOADED
    assert rules.standing(wanted="b", recorded="a", is_finished=True) == Standing.CHANGED


def test_a_checksum_keeps_its_parts_apart() -> None:
    assert rules.checksum("ab", "c") != rules.checksum("a", "bc")


def test_a_sound_cast_has_no_flaws() -> None:
    assert rules.flaws([person("ada")], [guild("ada")]) == []


def test_flaws_are_named() -> None:
    found = rules.flaws([person("ada"), person("ada")], [guild(), guild("ben")])

    assert found == ["ada occurs twice", "mill has nobody in it", "mill names ben, who is not in the cast"]
