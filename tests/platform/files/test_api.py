"""Programs upload, watch and delete files with the same rules."""

from django.test import Client

from guildry.people.accounts.models import Member
from guildry.platform.files.models import StoredFile
from tests.platform.files.conftest import picture, upload

ADDRESS = "/api/v1/files"


def test_an_upload_is_answered_with_its_address(ada_client: Client) -> None:
    response = ada_client.post(
        ADDRESS, {"use": "test.picture", "alt": "Quay", "file": upload("a.png", picture("PNG"), "image/png")}
    )

    body = response.json()
    assert response.status_code == 201
    assert (body["state"], body["alt"], body["width"]) == ("clean", "Quay", 400)
    assert b"".join(ada_client.get(body["url"]).streaming_content).startswith(b"RIFF")


def test_a_refusal_names_the_field(ada_client: Client) -> None:
    response = ada_client.post(ADDRESS, {"use": "test.picture", "file": upload("a.svg", b"<svg/>")})

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "file_type_not_accepted"
    assert response.json()["errors"][0]["field"] == "file"


def test_a_missing_file_is_named(ada_client: Client) -> None:
    response = ada_client.post(ADDRESS, {"use": "test.picture"})

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["file"]


def test_a_guest_uploads_nothing(client: Client, db: None) -> None:
    response = client.post(ADDRESS, {"use": "test.picture", "file": upload("a.png", picture("PNG"))})

    assert response.status_code == 401
    assert StoredFile.objects.count() == 0


def test_an_owner_reads_and_deletes_and_others_do_not(ada_client: Client, ben: Member) -> None:
    stored = ada_client.post(ADDRESS, {"use": "test.paper", "file": upload("a.txt", b"x")}).json()
    other = Client()
    other.force_login(ben)

    assert other.get(f"{ADDRESS}/{stored['key']}").status_code == 404
    assert other.delete(f"{ADDRESS}/{stored['key']}").status_code == 404
    assert ada_client.get(f"{ADDRESS}/{stored['key']}").json()["name"] == "a.txt"
    assert ada_client.delete(f"{ADDRESS}/{stored['key']}").status_code == 204
    assert ada_client.get(f"{ADDRESS}/{stored['key']}").status_code == 404


def test_an_upload_repeated_with_its_key_is_taken_once(ada_client: Client) -> None:
    def send() -> object:
        data = {"use": "test.paper", "file": upload("a.txt", b"x")}
        return ada_client.post(ADDRESS, data, headers={"Idempotency-Key": "one"})

    first, second = send(), send()

    assert first.json() == second.json()  # type: ignore[attr-defined]
    assert second["Idempotency-Replayed"] == "true"  # type: ignore[index]
    assert StoredFile.objects.count() == 1
