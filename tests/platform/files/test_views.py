"""Files are handed out to whoever holds a signed address, harmlessly."""

from datetime import timedelta

import pytest
from django.test import Client

from guildry.kernel import clock
from guildry.people.accounts.models import Member
from guildry.platform.files import actions, queries
from guildry.platform.files.models import StoredFile
from tests.platform.files.conftest import PDF, picture, upload


@pytest.fixture
def photo(ada: Member) -> StoredFile:
    return actions.receive_upload(ada, use="test.picture", file=upload("a.png", picture("PNG")))


def body_of(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_an_image_is_shown_in_place_and_kept_by_the_reader(client: Client, photo: StoredFile) -> None:
    response = client.get(queries.address_of(photo.key))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == 'inline; filename="a.webp"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=86400, immutable"
    assert len(body_of(response)) == photo.byte_size


def test_a_document_is_downloaded(client: Client, ada: Member) -> None:
    stored = actions.receive_upload(ada, use="test.paper", file=upload("Lebenslauf ä.pdf", PDF))

    response = client.get(queries.address_of(stored.key, name=stored.name))

    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Lebenslauf%20%C3%A4.pdf"
    assert body_of(response) == PDF


def test_the_narrowest_copy_that_is_wide_enough_is_sent(client: Client, photo: StoredFile) -> None:
    sizes = {
        width: len(body_of(client.get(queries.address_of(photo.key, width))))
        for width in (50, 64, 65, 161, 999)
    }

    assert sizes[50] == sizes[64] < sizes[65] < sizes[161] == sizes[999] == photo.byte_size


def test_an_address_lasts_today_and_tomorrow(client: Client, photo: StoredFile) -> None:
    address = queries.address_of(photo.key)
    now = clock.now()

    with clock.at(now + timedelta(days=1)):
        assert len(body_of(client.get(address))) == photo.byte_size
    with clock.at(now + timedelta(days=2)):
        assert client.get(address).status_code == 410
    with clock.at(now - timedelta(days=1)):
        assert client.get(address).status_code == 410


def test_the_same_address_is_given_out_all_day(photo: StoredFile) -> None:
    midnight = clock.now().replace(hour=0, minute=0)
    with clock.at(midnight):
        first = queries.address_of(photo.key, 64)
    with clock.at(midnight + timedelta(hours=23)):
        assert queries.address_of(photo.key, 64) == first


@pytest.mark.parametrize(
    ("old", "new"), [("?", "?w=64&"), ("/file?", "/other?"), ("s=", "s=0"), ("e=", "e=1"), ("?e=", "?x=")]
)
def test_a_changed_address_opens_nothing(client: Client, photo: StoredFile, old: str, new: str) -> None:
    assert client.get(queries.address_of(photo.key).replace(old, new)).status_code == 404


def test_a_missing_width_or_proof_opens_nothing(client: Client, photo: StoredFile) -> None:
    assert client.get(f"/files/{photo.key}/file").status_code == 404
    assert client.get(queries.address_of(photo.key) + "&w=-1").status_code == 404


def test_only_clean_files_are_handed_out(client: Client, photo: StoredFile) -> None:
    StoredFile.objects.update(state="quarantined")

    assert client.get(queries.address_of(photo.key)).status_code == 404


def test_content_that_is_gone_is_not_found(client: Client, photo: StoredFile) -> None:
    actions.remove_content(None, key=photo.key, widths=photo.widths)

    assert client.get(queries.address_of(photo.key)).status_code == 404


def test_a_reader_who_has_a_file_gets_it_no_second_time(client: Client, photo: StoredFile) -> None:
    address = queries.address_of(photo.key)
    first = client.get(address)
    body_of(first)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_widths_of_a_file_have_tags_of_their_own(client: Client, photo: StoredFile) -> None:
    answers = [client.get(queries.address_of(photo.key, width)) for width in (None, 64)]
    for answer in answers:
        body_of(answer)

    assert answers[0]["ETag"] != answers[1]["ETag"]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-3", (0, 3)),
        ("bytes=8-11", (8, 11)),
        ("bytes=-4", (-4, None)),
        ("bytes=4-", (4, None)),
        ("bytes=0-999999999", (0, None)),
    ],
)
def test_a_part_of_a_file_is_sent(
    client: Client, photo: StoredFile, wanted: str, part: tuple[int, int | None]
) -> None:
    address = queries.address_of(photo.key)
    whole = b"".join(client.get(address).streaming_content)

    answer = client.get(address, headers={"Range": wanted})

    first, last = part[0] % len(whole), len(whole) - 1 if part[1] is None else part[1]
    assert (answer.status_code, answer.content) == (206, whole[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    assert answer["Content-Type"] == "image/webp"


@pytest.mark.parametrize(
    "wanted", ["bytes=x", "bytes=-", "items=0-1", "bytes=5-2", "bytes=0-1,3-4", "bytes=0-1 2"]
)
def test_a_part_that_is_not_understood_is_the_whole(client: Client, photo: StoredFile, wanted: str) -> None:
    answer = client.get(queries.address_of(photo.key), headers={"Range": wanted})

    assert (answer.status_code, len(b"".join(answer.streaming_content))) == (200, photo.byte_size)


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(client: Client, photo: StoredFile, wanted: str) -> None:
    answer = client.get(
        queries.address_of(photo.key), headers={"Range": wanted, "Accept": "application/json"}
    )

    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")


def test_a_part_of_another_version_is_the_whole(client: Client, photo: StoredFile) -> None:
    answer = client.get(queries.address_of(photo.key), headers={"Range": "bytes=0-3", "If-Range": '"older"'})
    body_of(answer)

    assert answer.status_code == 200
