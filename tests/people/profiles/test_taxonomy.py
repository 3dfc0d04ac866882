"""The skills we ship: found by any of their names within milliseconds."""

import pytest

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.profiles import actions, queries
from guildry.people.profiles.models import Skill, SkillRelease
from guildry.people.profiles.queries import taxonomy


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("python", "Python"),
        ("  PYTHON ", "Python"),
        ("project management", "Perform project management"),
        ("bookkeeping", "Use accounting systems"),
        ("photoshop", "Adobe Photoshop"),
        ("public speaking", "Speak about your work in public"),
        ("ux design", "Create prototype of user experience solutions"),
    ],
)
def test_a_name_in_use_leads_to_its_skill(typed: str, meant: str) -> None:
    assert queries.suggest_skills(typed, 5)[0].label == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("phyton", "Python"),
        ("kubernets", "Kubernetes"),
        ("projct managment", "Perform project management"),
        ("fundrising", "Perform fundraising activities"),
        ("graphic desing", "Design graphics"),
    ],
)
def test_a_slip_of_the_finger_leads_there_too(typed: str, meant: str) -> None:
    assert queries.suggest_skills(typed, 5)[0].label == meant
    assert queries.skill_called(typed) is None
    assert queries.near_skills(typed)[0].label == meant


def test_a_beginning_leads_to_short_names_first() -> None:
    labels = [suggestion.label for suggestion in queries.suggest_skills("pyt", 4)]

    assert labels[0] == "Python"
    assert len(labels) == 4


def test_words_are_found_in_any_order() -> None:
    labels = {suggestion.label for suggestion in queries.suggest_skills("wood sawing", 8)}

    assert "Operate wood sawing equipment" in labels


def test_another_name_says_how_it_matched() -> None:
    found = queries.suggest_skills("bookkeeping", 1)[0]

    assert (found.label, found.matched) == ("Use accounting systems", "bookkeeping")
    assert queries.suggest_skills("python", 1)[0].matched == ""


@pytest.mark.parametrize("typed", ["", "   ", "zzqxv kkpt"])
def test_nothing_leads_to_nothing(typed: str) -> None:
    assert queries.suggest_skills(typed, 5) == []


def test_one_letter_leads_to_a_few_names() -> None:
    assert len(queries.suggest_skills("r", 8)) == 8
    assert queries.suggest_skills("r", 8)[0].label == "R"


def test_a_skill_is_suggested_once() -> None:
    ids = [suggestion.id for suggestion in queries.suggest_skills("management", 8)]

    assert len(ids) == len(set(ids)) == 8


def test_a_skill_has_an_address() -> None:
    python = queries.suggest_skills("python", 1)[0]

    assert queries.skill_by_key(python.key) == python
    assert queries.skill_by_key("no-such-skill") is None


def test_names_lead_to_one_skill_and_ids_are_unique() -> None:
    entries = taxonomy.entries()
    names = [name for entry in entries for name in entry.aliases]

    assert len(entries) == 19_524
    assert len({entry.id for entry in entries}) == len({entry.key for entry in entries}) == len(entries)
    assert len(names) == len(set(names))


def test_the_table_is_filled_once(db: None, ada: Member) -> None:
    assert actions.load_skills(SYSTEM)
    assert not actions.load_skills(SYSTEM)
    assert Skill.objects.count() == 19_524
    assert SkillRelease.objects.count() == 1


def test_a_new_version_keeps_ids_and_mends_labels(db: None) -> None:
    actions.load_skills(SYSTEM)
    python = queries.skill_called("python")
    Skill.objects.filter(pk=python).update(label="Snake")
    SkillRelease.objects.update(checksum="an older one")

    assert actions.load_skills(SYSTEM)

    assert Skill.objects.get(pk=python).label == "Python"
    assert Skill.objects.count() == 19_524
