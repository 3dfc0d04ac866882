"""The JSON API of people shows no more than the pages do."""

import json

import pytest
from django.test import Client

from guildry.people.accounts.models import Member
from guildry.people.profiles import queries
from guildry.people.profiles.models import Profile
from tests.factories.profiles import make_profile, make_skills
from tests.people.profiles.test_queries import fill, show_all_to

API = "/api/v1/people"


def send(client: Client, method: str, path: str, **body: object) -> tuple[int, dict]:
    answer = client.generic(method, f"{API}{path}", data=json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


@pytest.fixture
def ben_client(ben: Member) -> Client:
    client = Client()
    client.force_login(ben)
    return client


def test_guests_list_and_read_what_everybody_sees(ada: Member, client: Client) -> None:
    fill(ada)

    _, listed = send(client, "GET", "?skill=python")
    _, read = send(client, "GET", "/ada")

    assert [(card["handle"], card["availability"]) for card in listed["items"]] == [("ada", "")]
    assert (read["story"], read["availability"], read["day_rate"]) == ("I saw wood.", "", None)
    assert [skill["label"] for skill in read["skills"]] == ["Python"]


def test_a_hidden_section_is_empty_and_not_named(ada: Member, ben_client: Client, ada_client: Client) -> None:
    fill(ada)
    show_all_to(ada, "only_me")

    _, theirs = send(ben_client, "GET", "/ada")
    _, own = send(ada_client, "GET", "/ada")

    assert theirs["shown"] == []
    assert (theirs["story"], theirs["skills"], theirs["links"], theirs["time_zone"]) == ("", [], [], "")
    assert len(own["shown"]) == 10
    assert own["story"] == "I saw wood."


def test_skills_are_suggested(db: None, client: Client) -> None:
    status, found = send(client, "GET", "/skills?q=bookkeeping&limit=99")

    assert status == 200
    assert (found[0]["label"], found[0]["matched"]) == ("Use accounting systems", "bookkeeping")


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/me/story"), ("PUT", "/me/skills"), ("POST", "/me/links"), ("DELETE", "/me/links/1")],
)
def test_guests_do_not_write(db: None, client: Client, method: str, path: str) -> None:
    assert send(client, method, path)[0] == 401


def test_a_member_fills_in_their_profile(ada: Member, ada_client: Client) -> None:
    make_skills("python", "git")

    send(ada_client, "PUT", "/me/story", story="I saw.", place="Leeds")
    send(
        ada_client,
        "PUT",
        "/me/availability",
        availability="open",
        day_rate={"minor": 52000, "currency": "GBP"},
    )
    send(ada_client, "PUT", "/me/skills", names=["git", "python"])
    created, experience = send(ada_client, "POST", "/me/experience", title="Sawyer", started_on="2019-03-01")
    send(ada_client, "POST", "/me/languages", code="en", level="native")
    _, link = send(ada_client, "POST", "/me/links", label="Site", url="https://example.org/")
    status, read = send(
        ada_client,
        "PUT",
        "/me/visibility",
        audiences={"story": "members"},
        is_listed=True,
        is_indexable=False,
    )

    assert (created, status) == (201, 200)
    assert (read["story"], read["place"], read["day_rate"]) == (
        "I saw.",
        "Leeds",
        {"minor": 52000, "currency": "GBP"},
    )
    assert [skill["label"] for skill in read["skills"]] == ["Git", "Python"]
    assert [entry["id"] for entry in read["experience"]] == [experience["id"]]
    assert send(ada_client, "DELETE", f"/me/links/{link['id']}")[0] == 204
    assert send(ada_client, "DELETE", f"/me/links/{link['id']}")[0] == 404
    assert send(ada_client, "DELETE", "/me/secrets/1")[0] == 404
    assert queries.own_sheet(ada).links == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/me/availability", {"day_rate": {"minor": 1, "currency": "XXX"}}, "currency"),
        ("/me/availability", {"availability": "soon"}, "available_on"),
        ("/me/skills", {"names": ["zzqxv kkpt"]}, "skill"),
    ],
)
def test_a_wrong_answer_names_its_field(
    ada_client: Client, path: str, body: dict[str, object], field: str
) -> None:
    status, problem = send(ada_client, "PUT", path, **body)

    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert Profile.objects.count() == 0


def test_pages_of_people_follow_each_other(ada: Member, ben: Member, client: Client) -> None:
    make_profile(ada)

    assert send(client, "GET", "")[1]["next_cursor"] == ""
    assert send(client, "GET", "?cursor=nonsense")[0] == 400
    assert send(client, "GET", "?hat=emperor")[0] == 422
