"""Pages of profiles: what guests and members read, and what members edit."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import DjangoAssertNumQueries

from guildry.kernel.money import Money
from guildry.people.accounts.models import Member
from guildry.people.profiles import actions, queries, rules
from guildry.people.profiles.models import Profile
from tests.factories.people import make_member
from tests.factories.profiles import make_profile, make_skills
from tests.people.profiles.test_queries import fill, show_all_to

ME = "/people/me/"


def picture(name: str = "me.png", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", size, (40, 80, 200)).save(made, "PNG")
    return SimpleUploadedFile(name, made.getvalue(), "image/png")


def test_a_guest_reads_a_profile_without_what_is_for_members(ada: Member, client: Client) -> None:
    fill(ada)
    actions.edit_availability(ada, availability="open", day_rate=Money(52000, "GBP"))

    page = client.get("/people/ada/")

    assert "I saw wood." in page.content.decode()
    assert "£520.00" not in page.content.decode()
    assert "Open to work" not in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert b"application/ld+json" not in page.content


def test_a_member_reads_rates_and_availability(ada: Member, ben: Member) -> None:
    fill(ada)
    actions.edit_availability(
        ada,
        availability="soon",
        available_on=date(2027, 1, 12),
        hours_per_week=16,
        day_rate=Money(52000, "GBP"),
    )
    client = Client()
    client.force_login(ben)

    page = client.get("/people/ada/").content.decode()

    assert "£520.00" in page
    assert "Free from 12 January" in page
    assert "16 hours" in page


def test_search_engines_get_what_everybody_sees_when_the_member_says_so(ada: Member, client: Client) -> None:
    fill(ada)
    actions.choose_visibility(
        ada, audiences={"skills": "members", "place": "everyone"}, is_listed=True, is_indexable=True
    )

    page = client.get("/people/ada/")

    assert "X-Robots-Tag" not in page
    assert '"homeLocation"' in page.content.decode()
    assert "knowsAbout" not in page.content.decode()


def test_a_member_nobody_knows_is_not_found(db: None, client: Client) -> None:
    assert client.get("/people/nobody/").status_code == 404


def test_an_empty_profile_invites_its_owner_only(ada: Member, ada_client: Client, client: Client) -> None:
    assert b"Tell your story" in ada_client.get("/people/ada/").content
    assert b"Tell your story" not in client.get("/people/ada/").content


@pytest.mark.parametrize("count", [1, 3])
def test_a_profile_page_stays_within_its_queries(
    ada: Member, client: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(ada)
    make_skills("git", "sql")
    actions.choose_skills(ada, names=["python", "git", "sql"][:count])

    with django_assert_max_num_queries(10):
        client.get("/people/ada/")


def test_the_directory_finds_by_skill_as_people_say_it(ada: Member, client: Client) -> None:
    make_profile(ada, skills=("bookkeeping",))

    found = client.get("/people/?skill=accounting").content.decode()
    by_key = client.get("/people/?skill=use-accounting-systems").content.decode()
    slip = client.get("/people/?skill=acounting").content.decode()

    assert "Ada Nwosu" in found
    assert "Ada Nwosu" in by_key
    assert "Ada Nwosu" not in slip
    assert "Did you mean" in slip


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_page_stays_within_its_queries(
    db: None, client: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_profile(make_member(f"person_{number}"), skills=("python",))

    with django_assert_max_num_queries(8):
        page = client.get("/people/")

    assert page.content.count(b"/people/person_") == count


def test_a_wrong_filter_shows_everybody_and_a_wrong_cursor_is_refused(ada: Member, client: Client) -> None:
    make_profile(ada)

    assert client.get("/people/?hat=emperor").status_code == 200
    assert client.get("/people/?cursor=nonsense").status_code == 400


def test_suggestions_are_a_fragment_of_buttons(db: None, client: Client) -> None:
    found = client.get("/people/skill-suggestions/?name=bookk").content.decode()
    nothing = client.get("/people/skill-suggestions/?name=zzqxv kkpt").content.decode()

    assert 'value="Use accounting systems"' in found
    assert "also called bookkeeping" in found
    assert "Try another word" in nothing


@pytest.mark.parametrize(
    "page",
    ["", "basics/", "portrait/", "story/", "availability/", "visibility/", "skills/", "experience/", "portfolio/",
     "qualifications/", "languages/", "links/"],
)  # fmt: skip
def test_every_section_has_a_page_for_its_owner(
    ada: Member, ada_client: Client, client: Client, page: str
) -> None:
    fill(ada)

    assert ada_client.get(ME + page).status_code == 200
    assert client.get(ME + page).status_code == 302


def test_name_and_headline_are_edited(ada: Member, ada_client: Client) -> None:
    wrong = ada_client.post(f"{ME}basics/", {"name": ""})
    right = ada_client.post(f"{ME}basics/", {"name": "Ada N.", "headline": "Sawyer"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    ada.refresh_from_db()
    assert (ada.name, ada.headline) == ("Ada N.", "Sawyer")


def test_story_and_place_are_edited(ada: Member, ada_client: Client) -> None:
    wrong = ada_client.post(f"{ME}story/", {"story": "x" * 6001})
    right = ada_client.post(f"{ME}story/", {"story": "I saw.", "place": "Leeds"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert Profile.objects.get().place == "Leeds"


def test_availability_is_edited_with_amounts(ada: Member, ada_client: Client) -> None:
    answers = {"availability": "open", "day_rate": "520.50", "currency": "GBP"}

    wrong = ada_client.post(f"{ME}availability/", {**answers, "day_rate": "a lot"})
    too_fine = ada_client.post(f"{ME}availability/", {**answers, "day_rate": "520.505"})
    unsaid = ada_client.post(f"{ME}availability/", {"availability": "soon", "currency": "GBP"})
    right = ada_client.post(f"{ME}availability/", answers)

    assert [wrong.status_code, too_fine.status_code, unsaid.status_code] == [422, 422, 422]
    assert b"Say from which date" in unsaid.content
    assert right.status_code == 302
    assert Profile.objects.get().day_rate_minor == 52050
    assert b"520.5" in ada_client.get(f"{ME}availability/").content


def test_visibility_is_edited(ada: Member, ada_client: Client) -> None:
    answers = dict.fromkeys(rules.SECTIONS, "connections")

    assert ada_client.post(f"{ME}visibility/", {**answers, "story": "aliens"}).status_code == 422
    assert ada_client.post(f"{ME}visibility/", {**answers, "is_indexable": "on"}).status_code == 302

    profile = Profile.objects.get()
    assert (profile.story_shown_to, profile.is_listed, profile.is_indexable) == ("connections", False, True)


def test_skills_are_edited_with_help(ada: Member, ada_client: Client) -> None:
    python, git = make_skills("python", "git")

    slip = ada_client.post(f"{ME}skills/", {"name": "phyton"})
    ada_client.post(f"{ME}skills/", {"name": "python"})
    twice = ada_client.post(f"{ME}skills/", {"name": "python"})
    ada_client.post(f"{ME}skills/", {"name": "git"})
    ada_client.post(f"{ME}skills/{git}/first/")

    assert (slip.status_code, twice.status_code) == (422, 422)
    assert b'value="Python"' in slip.content
    assert queries.skill_ids_of(ada.pk) == [git, python]
    ada_client.post(f"{ME}skills/{git}/removal/")
    assert queries.skill_ids_of(ada.pk) == [python]


def test_entries_are_added_changed_and_removed(ada: Member, ada_client: Client) -> None:
    address = f"{ME}experience/"
    wrong = ada_client.post(address, {"title": "Sawyer", "started_on": "soon"})
    impossible = ada_client.post(address, {"title": "Sawyer", "started_on": "2020-05", "ended_on": "2019-01"})
    ada_client.post(address, {"title": "Sawyer", "started_on": "2019-03"})
    added = queries.own_sheet(ada).experiences[0]

    assert (wrong.status_code, impossible.status_code) == (422, 422)
    assert b"2019-03" in ada_client.get(f"{address}{added.pk}/").content
    ada_client.post(f"{address}{added.pk}/", {"title": "Head sawyer", "started_on": "2019-03"})
    assert [entry.title for entry in queries.own_sheet(ada).experiences] == ["Head sawyer"]
    ada_client.post(f"{address}{added.pk}/removal/")
    assert queries.own_sheet(ada).experiences == []


def test_a_language_has_no_page_of_its_own_and_a_made_up_section_none(
    ada: Member, ada_client: Client
) -> None:
    fill(ada)
    language = queries.own_sheet(ada).languages[0]

    assert ada_client.get(f"{ME}languages/{language.pk}/").status_code == 404
    assert ada_client.get(f"{ME}secrets/").status_code == 404
    assert ada_client.get(f"{ME}experience/404/").status_code == 404


def test_nobody_edits_an_entry_of_another(ada: Member, ada_client: Client, ben: Member) -> None:
    fill(ben)
    theirs = queries.own_sheet(ben).experiences[0]

    assert ada_client.get(f"{ME}experience/{theirs.pk}/").status_code == 404
    assert ada_client.post(f"{ME}experience/{theirs.pk}/removal/").status_code == 404
    assert queries.own_sheet(ben).experiences == [theirs]


def test_a_picture_is_shown_in_the_portfolio(ada: Member, ada_client: Client, client: Client) -> None:
    answer = ada_client.post(
        f"{ME}portfolio/", {"title": "A bridge", "upload": picture(), "alt": "A blue bridge"}
    )

    item = queries.own_sheet(ada).portfolio[0]
    assert answer.status_code == 302
    assert (item.is_image, item.file_name) == (True, "me.webp")
    assert queries.portfolio_files_in_use([item.file, "other"]) == {item.file}
    page = client.get("/people/ada/").content.decode()
    assert 'alt="A blue bridge"' in page
    assert f"/files/{item.file}/" in page


def test_what_is_no_picture_is_refused_at_its_field(ada: Member, ada_client: Client) -> None:
    fake = SimpleUploadedFile("me.png", b"<script>alert(1)</script>", "image/png")

    refused = ada_client.post(f"{ME}portfolio/", {"title": "A bridge", "upload": fake})
    portrait = ada_client.post(f"{ME}portrait/", {"file": fake})

    assert (refused.status_code, portrait.status_code) == (422, 422)
    assert queries.own_sheet(ada).portfolio == []
    ada.refresh_from_db()
    assert ada.portrait == ""


def test_a_portrait_is_chosen_and_the_drawn_one_comes_back(ada: Member, ada_client: Client) -> None:
    ada_client.post(f"{ME}portrait/", {"file": picture()})
    ada.refresh_from_db()
    chosen = ada.portrait
    assert chosen
    assert queries.portraits_in_use([chosen]) == {chosen}

    ada_client.post(f"{ME}portrait/", {"remove": "1"})

    ada.refresh_from_db()
    assert ada.portrait == ""


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", '"><img src=x onerror=alert(1)>']
)
def test_hostile_text_stays_text(ada: Member, ada_client: Client, client: Client, text: str) -> None:
    fill(ada)
    show_all_to(ada, "everyone")
    actions.choose_visibility(ada, audiences={}, is_listed=True, is_indexable=True)
    actions.edit_story(ada, story=text, place=text)
    actions.add_experience(
        ada, title=text, description=text, organisation_name=text, started_on=date(2019, 1, 1)
    )
    actions.add_link(ada, label=text[:40], url="https://example.org/")
    Member.objects.filter(pk=ada.pk).update(headline=text, name=text)

    page = client.get("/people/ada/").content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<img src=x" not in page


def test_whoever_is_free_soon_says_from_when(ada: Member, ben: Member, client: Client) -> None:
    make_profile(ada, availability="soon", available_on=date(2027, 1, 4), availability_shown_to="everyone")
    make_profile(ben, availability="soon", availability_shown_to="everyone")

    page = client.get("/people/").content.decode()

    assert "Free from 4 January" in page
    assert "Free soon</span>" in page


def test_no_field_of_the_search_says_that_it_is_optional(db: None, client: Client) -> None:
    assert "optional" not in client.get("/people/").content.decode()
