"""Members fill in their own profile, and nobody else's."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guildry.kernel import errors
from guildry.kernel.money import Money
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.profiles import actions, queries, rules
from guildry.people.profiles.actions.skills import TooManySkills
from guildry.people.profiles.events import ProfileEdited, SkillsChosen, VisibilityChosen
from guildry.people.profiles.models import Experience, MemberSkill, Profile
from tests.factories.organisations import make_organisation
from tests.factories.profiles import make_profile, make_skills
from tests.people.organisations.facts import published


def test_a_member_gets_a_profile_that_follows_the_account(ada: Member) -> None:
    actions.start_profile(SYSTEM, member_id=ada.pk)
    Member.objects.filter(pk=ada.pk).update(name="Élan Nwosu", hats=["mentor", "client"])

    actions.start_profile(SYSTEM, member_id=ada.pk)
    actions.start_profile(SYSTEM, member_id=ada.pk)

    profile = Profile.objects.get()
    assert (profile.sort_key, profile.hats) == ("elan nwosu", "|mentor|client|")
    assert profile.search_text == "elan nwosu ada"


def test_a_member_who_is_gone_gets_none(db: None) -> None:
    actions.start_profile(SYSTEM, member_id=404)

    assert Profile.objects.count() == 0


def test_the_story_is_cleaned_and_published_as_a_fact(ada: Member) -> None:
    profile = actions.edit_story(ada, story="  I saw\r\nwood.\u202e ", place="Leeds, England")

    assert (profile.story, profile.place) == ("I saw\nwood.", "Leeds, England")
    assert published(ProfileEdited) == [ProfileEdited(ada.pk, "story")]


def test_a_story_has_an_end(ada: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.edit_story(ada, story="x" * 6001, place="")

    assert refusal.value.errors[0].field == "story"
    assert Profile.objects.count() == 0


@pytest.mark.parametrize("actor", [None, SYSTEM])
def test_only_a_member_has_a_profile_to_edit(db: None, actor: Any) -> None:
    with pytest.raises(errors.Unauthenticated):
        actions.edit_story(actor, story="Not mine", place="")


def test_availability_and_rates_are_kept_in_minor_units(ada: Member) -> None:
    day = date(2027, 1, 12)

    profile = actions.edit_availability(
        ada, availability="soon", available_on=day, hours_per_week=16,
        day_rate=Money(52000, "GBP"), hour_rate=Money(6500, "GBP"),
    )  # fmt: skip

    assert (profile.availability, profile.available_on, profile.hours_per_week) == ("soon", day, 16)
    assert (profile.day_rate, profile.hour_rate) == (Money(52000, "GBP"), Money(6500, "GBP"))


def test_a_date_is_kept_only_with_the_answer_it_belongs_to(ada: Member) -> None:
    profile = actions.edit_availability(ada, availability="open", available_on=date(2027, 1, 12))

    assert profile.available_on is None
    assert (profile.day_rate, profile.hour_rate) == (None, None)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"availability": "soon"}, "available_on"),
        ({"availability": "perhaps"}, "availability"),
        ({"availability": "open", "hours_per_week": 81}, "hours_per_week"),
        ({"availability": "open", "day_rate": Money(0, "GBP")}, "day_rate"),
        ({"availability": "open", "day_rate": Money(1, "GBP"), "hour_rate": Money(1, "EUR")}, "currency"),
    ],
)
def test_a_wrong_answer_about_availability_is_refused(
    ada: Member, answers: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.edit_availability(ada, **answers)

    assert [error.field for error in refusal.value.errors] == [field]


def test_visibility_is_chosen_section_by_section(ada: Member) -> None:
    profile = actions.choose_visibility(
        ada, audiences={"story": "members", "rates": "only_me"}, is_listed=False, is_indexable=True
    )

    assert (profile.story_shown_to, profile.rates_shown_to) == ("members", "only_me")
    assert (profile.is_listed, profile.is_indexable) == (False, True)
    assert published(VisibilityChosen) == [VisibilityChosen(ada.pk)]


@pytest.mark.parametrize("audiences", [{"shoe_size": "everyone"}, {"story": "aliens"}])
def test_unknown_sections_and_audiences_are_refused(ada: Member, audiences: dict[str, str]) -> None:
    with pytest.raises(errors.Invalid):
        actions.choose_visibility(ada, audiences=audiences, is_listed=True, is_indexable=False)

    assert Profile.objects.count() == 0


def test_skills_are_added_by_any_of_their_names(ada: Member) -> None:
    python, accounting = make_skills("python", "bookkeeping")

    actions.add_skill(ada, name=" PYTHON ")
    added = actions.add_skill(ada, name="bookkeeping")

    assert added.skill.label == "Use accounting systems"
    assert queries.skill_ids_of(ada.pk) == [python, accounting]
    assert published(SkillsChosen)[-1] == SkillsChosen(ada.pk, (python, accounting))


def test_free_text_is_refused_with_what_may_be_meant(ada: Member) -> None:
    with pytest.raises(actions.SkillUnknown, match="Did you mean Python") as refusal:
        actions.add_skill(ada, name="phyton")

    assert refusal.value.suggestions[0] == "Python"
    assert refusal.value.errors[0].field == "skill"
    with pytest.raises(actions.SkillUnknown, match="Try another word"):
        actions.add_skill(ada, name="zzqxv kkpt")
    with pytest.raises(actions.SkillUnknown):
        actions.choose_skills(ada, names=["zzqxv kkpt"])
    assert MemberSkill.objects.count() == 0


def test_a_skill_is_there_once(ada: Member) -> None:
    make_skills("python")
    actions.add_skill(ada, name="python")

    with pytest.raises(errors.Invalid, match="already"):
        actions.add_skill(ada, name="Python")


def test_skills_are_replaced_moved_and_removed(ada: Member) -> None:
    python, git, sql = make_skills("python", "git", "sql")
    actions.choose_skills(ada, names=["python", "git", "sql", "python"])

    actions.move_skill(ada, skill_id=sql)
    assert queries.skill_ids_of(ada.pk) == [sql, python, git]
    actions.remove_skill(ada, skill_id=python)
    actions.remove_skill(ada, skill_id=python)

    assert queries.skill_ids_of(ada.pk) == [sql, git]
    with pytest.raises(errors.NotFound):
        actions.move_skill(ada, skill_id=python)


def test_a_profile_holds_so_many_skills(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SKILLS", 2)
    make_skills("python", "git", "sql")

    with pytest.raises(TooManySkills):
        actions.choose_skills(ada, names=["python", "git", "sql"])


def test_skills_wait_until_their_list_is_loaded(ada: Member) -> None:
    with pytest.raises(errors.Unavailable):
        actions.add_skill(ada, name="python")


def test_an_experience_is_added_changed_and_removed(ada: Member) -> None:
    northwind = make_organisation(ada, name="Northwind Timber")

    added = actions.add_experience(
        ada, title="Sawyer", organisation_name="northwind timber", started_on=date(2019, 3, 1)
    )
    changed = actions.edit_experience(
        ada, entry_id=added.pk, title="Head sawyer", organisation_name="Elsewhere",
        started_on=date(2019, 3, 1), ended_on=date(2021, 2, 1),
    )  # fmt: skip

    assert added.organisation_id == northwind.pk
    assert (changed.title, changed.organisation_id) == ("Head sawyer", None)
    actions.remove_detail(ada, section="experience", entry_id=added.pk)
    assert Experience.objects.count() == 0


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (date(2999, 1, 1), None, "started_on"),
        (date(2020, 1, 1), date(2019, 1, 1), "ended_on"),
        (date(1800, 1, 1), None, "ended_on"),
    ],
)
def test_an_impossible_span_is_refused(ada: Member, start: date, end: date | None, field: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.add_experience(ada, title="Sawyer", started_on=start, ended_on=end)

    assert refusal.value.errors[0].field == field


def test_a_qualification_is_added_and_changed(ada: Member) -> None:
    added = actions.add_qualification(ada, title="BA", awarded_by="Leeds", awarded_on=date(2010, 7, 1))

    changed = actions.edit_qualification(ada, entry_id=added.pk, title="BA English", expires_on=None)

    assert (changed.title, changed.awarded_by) == ("BA English", "Leeds")
    with pytest.raises(errors.Invalid):
        actions.add_qualification(ada, title="X", awarded_on=date(2010, 1, 1), expires_on=date(2009, 1, 1))


def test_a_piece_of_work_is_added_and_changed(ada: Member) -> None:
    added = actions.add_portfolio_item(ada, title="A bridge", url="https://bridges.example/one")

    changed = actions.edit_portfolio_item(ada, entry_id=added.pk, description="It **stands**.")

    assert (changed.title, changed.description) == ("A bridge", "It **stands**.")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not an address", "data:text/html,hello"])
def test_an_address_that_is_none_is_refused(ada: Member, url: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.add_link(ada, label="Mine", url=url)

    assert refusal.value.errors[0].field == "url"


def test_a_language_is_there_once_with_its_last_level(ada: Member) -> None:
    first = actions.add_language(ada, code="sv", level="basic")
    second = actions.add_language(ada, code="sv", level="fluent")

    assert first.pk == second.pk
    assert second.level == "fluent"
    for code, level in (("tlh_x", "basic"), ("en", "perfect")):
        with pytest.raises(errors.Invalid):
            actions.add_language(ada, code=code, level=level)


def test_a_section_fills_up(ada: Member) -> None:
    for number in range(rules.LINKS):
        actions.add_link(ada, label=f"Link {number}", url=f"https://example.org/{number}")

    with pytest.raises(actions.TooManyEntries):
        actions.add_link(ada, label="One more", url="https://example.org/more")


def test_nobody_reaches_into_another_profile(ada: Member, ben: Member) -> None:
    added = actions.add_link(ada, label="Mine", url="https://example.org/")

    with pytest.raises(actions.DetailMissing):
        actions.remove_detail(ben, section="links", entry_id=added.pk)
    with pytest.raises(actions.DetailMissing):
        actions.remove_detail(ada, section="secrets", entry_id=added.pk)

    assert queries.own_sheet(ada).links == [added]


def test_joining_starts_a_profile(ada: Member, deliver: Callable[[], int]) -> None:
    from django.db import transaction

    from guildry.kernel import bus
    from guildry.people.accounts.events import MemberJoined

    with transaction.atomic():
        bus.publish(MemberJoined(ada.pk), actor=SYSTEM)
    deliver()

    assert Profile.objects.get().member_id == ada.pk


def test_a_factory_profile_is_listed(ada: Member) -> None:
    make_profile(ada, place="Leeds")

    assert [card.place for card in queries.directory(None).items] == ["Leeds"]
