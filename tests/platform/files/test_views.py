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
