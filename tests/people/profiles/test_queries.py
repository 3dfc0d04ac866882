"""Who sees what of whom, and how people are found."""

from datetime import date

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member
from guildry.people.profiles import actions, queries, rules
from guildry.people.profiles.models import Profile
from tests.factories.organisations import make_organisation
from tests.factories.people import grant, make_member
from tests.factories.profiles import make_profile, make_skills
from tests.people.profiles.conftest import Circles


def fill(member: Member) -> None:
    """Give a member one entry in every section."""
    make_skills("python")
    actions.choose_skills(member, names=["python"])
    actions.edit_story(member, story="I saw wood.", place="Leeds, England")
    actions.edit_availability(member, availability="open")
    actions.add_experience(member, title="Sawyer", started_on=date(2019, 1, 1))
    actions.add_qualification(member, title="BA")
    actions.add_portfolio_item(member, title="A bridge")
    actions.add_language(member, code="en", level="native")
    actions.add_link(member, label="Site", url="https://example.org/")


def show_all_to(member: Member, audience: str) -> None:
    audiences = dict.fromkeys(rules.SECTIONS, audience)
    actions.choose_visibility(member, audiences=audiences, is_listed=True, is_indexable=False)


VIEWERS = ("guest", "member", "connection", "self", "moderator", "auditor")
MATRIX = {
    "everyone": set(VIEWERS),
    "members": set(VIEWERS) - {"guest"},
    "connections": {"connection", "self", "moderator", "auditor"},
    "only_me": {"self", "moderator", "auditor"},
}


@pytest.mark.parametrize("audience", MATRIX)
@pytest.mark.parametrize("viewer_kind", VIEWERS)
def test_the_visibility_matrix(
    ada: Member, ben: Member, circles: Circles, audience: str, viewer_kind: str
) -> None:
    fill(ada)
    show_all_to(ada, audience)
    if viewer_kind == "connection":
        circles.close[ben.pk] = {ada.pk}
    viewer = {
        "guest": lambda: None,
        "self": lambda: ada,
        "moderator": lambda: grant(ben, StaffRole.MODERATOR, by=ada),
        "auditor": lambda: grant(ben, StaffRole.AUDITOR, by=ada),
    }.get(viewer_kind, lambda: ben)()

    sheet = queries.sheet(viewer, "ada")

    is_seen = viewer_kind in MATRIX[audience]
    assert sheet.shown == (frozenset(rules.SECTIONS) if is_seen else frozenset())
    rows = (
        sheet.skills,
        sheet.experiences,
        sheet.qualifications,
        sheet.portfolio,
        sheet.languages,
        sheet.links,
    )
    assert [len(section) for section in rows] == [int(is_seen)] * 6
    assert sheet.is_own == (viewer_kind == "self")


@pytest.mark.parametrize("audience", MATRIX)
@pytest.mark.parametrize("viewer_kind", VIEWERS)
def test_the_directory_finds_and_shows_by_the_same_matrix(
    ada: Member, ben: Member, circles: Circles, audience: str, viewer_kind: str
) -> None:
    fill(ada)
    show_all_to(ada, audience)
    if viewer_kind == "connection":
        circles.close[ben.pk] = {ada.pk}
    viewer = {
        "guest": lambda: None,
        "self": lambda: ada,
        "moderator": lambda: grant(ben, StaffRole.MODERATOR, by=ada),
        "auditor": lambda: grant(ben, StaffRole.AUDITOR, by=ada),
    }.get(viewer_kind, lambda: ben)()
    python = queries.skill_called("python")

    found = [
        queries.directory(viewer, skill_id=python),
        queries.directory(viewer, place="leeds"),
        queries.directory(viewer, availability="open"),
    ]
    card = queries.directory(viewer).items[0]

    is_seen = viewer_kind in MATRIX[audience]
    assert [len(page.items) for page in found] == [int(is_seen)] * 3
    seen = ("Leeds, England", "open", ("Python",)) if is_seen else ("", "", ())
    assert (card.place, card.availability, card.skills) == seen


def test_a_block_hides_both_ways_but_not_from_inspectors(ada: Member, ben: Member, circles: Circles) -> None:
    make_profile(ada)
    circles.apart[ben.pk] = {ada.pk}

    with pytest.raises(queries.ProfileNotFound):
        queries.sheet(ben, "ada")
    assert queries.directory(ben).items == []
    moderator = grant(ben, StaffRole.MODERATOR, by=ada)
    assert queries.sheet(moderator, "ada").member == ada
    assert len(queries.directory(moderator).items) == 1


@pytest.mark.parametrize("handle", ["nobody", "gone"])
def test_a_member_who_is_not_there_is_not_found(ada: Member, handle: str) -> None:
    make_member("gone", is_active=False)

    with pytest.raises(queries.ProfileNotFound):
        queries.sheet(ada, handle)


def test_a_member_without_a_stored_profile_has_an_empty_one(ada: Member) -> None:
    make_organisation(ada, name="Northwind")

    sheet = queries.sheet(None, "ADA")

    assert sheet.profile.story == ""
    assert not sheet.is_indexable
    assert [m.organisation.name for m in sheet.memberships] == ["Northwind"]
    assert sheet.shows("story")
    assert Profile.objects.count() == 0


def test_being_found_by_search_engines_takes_two_yeses(ada: Member) -> None:
    profile = make_profile(ada, is_indexable=True, is_listed=False)
    assert not queries.sheet(None, "ada").is_indexable

    Profile.objects.filter(pk=profile.pk).update(is_listed=True)

    assert queries.sheet(None, "ada").is_indexable


@pytest.mark.parametrize("count", [1, 3])
def test_a_profile_takes_a_fixed_number_of_queries(
    ada: Member, ben: Member, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(ada)
    make_skills("git", "sql")
    actions.choose_skills(ada, names=["python", "git", "sql"][:count])
    for number in range(count):
        make_organisation(ada, f"guild_{number}")
    for number in range(count - 1):
        actions.add_link(ada, label="More", url=f"https://example.org/{number}")
    viewer = Member.objects.get(pk=ben.pk)

    with django_assert_num_queries(9):
        sheet = queries.sheet(viewer, "ada")
        assert len([entry.skill.label for entry in sheet.skills]) == count
        assert len([m.organisation.name for m in sheet.memberships]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_takes_a_fixed_number_of_queries(
    ada: Member, ben: Member, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_profile(make_member(f"person_{number}"), skills=("python", "git"))
    viewer = Member.objects.get(pk=ben.pk)

    with django_assert_num_queries(4):
        page = queries.directory(viewer)
        assert [card.skills for card in page.items] == [("Python", "Git")] * count


def test_the_directory_lists_by_name_page_by_page(db: None) -> None:
    for name in ("Zed Aro", "Élan Bo", "adam Cy", "Beth Dow"):
        make_profile(make_member(name.split()[1].lower(), name))

    first = queries.directory(None, size=3)
    second = queries.directory(None, size=3, cursor=first.next_cursor)

    assert [card.member.name for card in [*first.items, *second.items]] == [
        "adam Cy",
        "Beth Dow",
        "Élan Bo",
        "Zed Aro",
    ]
    assert second.next_cursor == ""


def test_people_are_found_by_name_headline_hat_and_skill(ada: Member) -> None:
    wood = make_member("wood", "Élise Wood", headline="Turns oak", hats=["mentor"])
    make_profile(wood, skills=("python",))
    make_profile(ada)

    def found(**filters: object) -> list[str]:
        return [card.member.handle for card in queries.directory(None, **filters).items]

    assert found(text="elise oak") == ["wood"]
    assert found(text="elise ash") == []
    assert found(hat="mentor") == ["wood"]
    assert found(skill_id=queries.skill_called("python")) == ["wood"]
    assert found() == ["ada", "wood"]


def test_unlisted_and_inactive_members_are_left_out(ada: Member, ben: Member) -> None:
    make_profile(ada, is_listed=False)
    make_profile(ben)
    Member.objects.filter(pk=ben.pk).update(is_active=False)

    assert queries.directory(None).items == []


def test_the_palette_finds_people(ada: Member, ben: Member) -> None:
    make_profile(ada)

    assert [card.member.handle for card in queries.people_for_palette(ben, "nwo", 5)] == ["ada"]


def test_the_steps_follow_what_is_there(ada: Member) -> None:
    before = queries.steps_of(queries.own_sheet(ada))
    fill(ada)
    after = queries.steps_of(queries.own_sheet(ada))

    assert rules.completeness(before) == 0
    assert {step.key for step in after if not step.is_done} == {"headline", "portrait", "story", "skills"}


def test_the_skills_of_several_members_come_in_their_order(ada: Member, ben: Member) -> None:
    make_profile(ada, skills=("git", "python", "sql"))

    assert queries.skills_of([ada.pk, ben.pk], limit=2) == {ada.pk: ["Git", "Python"], ben.pk: []}
    assert len(queries.skills_of([ada.pk])[ada.pk]) == 3


def test_languages_have_names_in_order() -> None:
    names = queries.language_names()

    assert names["cy"] == "Welsh"
    assert list(names.values()) == sorted(names.values(), key=rules.fold)
