"""Requests made to confuse are refused with a problem that names what is wrong, and nothing is stored."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from guildry.people.accounts.models import AccessToken, Session
from guildry.platform.files.models import StoredFile
from guildry.platform.perimeter import rules
from tests.contract.conftest import Caller, World

POSTS = "timeline/posts"
# Being looked at changes these, and no call can help it.
UNCOUNTED = {AccessToken, Session}


def everything() -> dict[str, int]:
    """Return how many rows each of our tables has."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("guildry."))
    return {model._meta.label: model._default_manager.count() for model in ours if model not in UNCOUNTED}


@pytest.fixture
def refused(program: Caller) -> Callable[..., Any]:
    """Call, and return the problem; whatever the call was, it must have stored nothing."""
    before = everything()

    def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = program(method, path, body, **headers)
        assert 400 <= answer.status_code < 500, answer.content[:500]
        assert answer["Content-Type"] == "application/problem+json"
        assert everything() == before
        return answer.json() | {"headers": answer.headers}

    return call


def fields_of(problem: dict[str, Any]) -> list[str]:
    return [error["field"] for error in problem.get("errors", ())]


BODIES = {
    "not JSON": (b"{body: x}", 400, "malformed"),
    "two texts": (b'{"body": "x"}{"body": "y"}', 400, "malformed"),
    "a name twice": (b'{"body": "x", "body": "y"}', 400, "malformed"),
    "no number": (b'{"body": "x", "poll": NaN}', 400, "malformed"),
    "latin-1": ('{"body": "Grüße"}'.encode("latin-1"), 400, "malformed"),
    "utf-16": ('{"body": "x"}'.encode("utf-16"), 400, "malformed"),
    "a byte order mark": (b'\xef\xbb\xbf{"body": "x"}', 400, "malformed"),
    "overlong utf-8": (b'{"body": "\xc0\xae"}', 400, "malformed"),
    "100,000 brackets": (b"[" * 100_000, 400, "malformed"),
    "40 levels": (b'{"poll":' * 40 + b"1" + b"}" * 40, 400, "malformed"),
    "a list": (b"[]", 422, "invalid"),
    "a text": (b'"body"', 422, "invalid"),
    "nothing": (b"null", 422, "invalid"),
    "more than a megabyte": (b'{"body": "' + b"x" * rules.JSON_BYTES + b'"}', 413, "too_large"),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_made_to_confuse_is_refused(refused: Any, case: str) -> None:
    body, status, code = BODIES[case]

    problem = refused("POST", POSTS, body)

    assert (problem["status"], problem["code"]) == (status, code)


FIELDS = {
    "a field we do not know": ({"body": "x", "is_admin": True}, ["is_admin"]),
    "several at once": ({"body": "x", "author_id": 1, "id": 7}, ["author_id", "id"]),
    "a null character": ({"body": "a\x00b"}, ["body"]),
    "half a pair": ({"body": "\ud83d"}, ["body"]),
    "a number for a text": ({"body": 7}, ["body"]),
    "an object for a text": ({"body": {"$ne": ""}}, ["body"]),
    "no such audience": ({"body": "x", "audience": "everybody"}, ["audience"]),
    "an id beyond every column": ({"body": "x", "organisation_id": 10**30}, ["organisation_id"]),
    "an id below zero": ({"body": "x", "organisation_id": -1}, ["organisation_id"]),
    "a fraction for an id": ({"body": "x", "organisation_id": 1.5}, ["organisation_id"]),
    "no answer to choose": ({"body": "x", "poll": {"question": "?", "options": ["one"]}}, ["poll.options"]),
    "a poll for ever": (
        {"body": "x", "poll": {"question": "?", "options": ["a", "b"], "days": 10**9}},
        ["poll.days"],
    ),
    "a focus outside": ({"body": "x", "pictures": [{"key": "k", "focus_x": 101}]}, ["pictures.0.focus_x"]),
    "a text too long": ({"body": "x" * 20_001}, ["body"]),
    "a post too long": ({"body": "x" * 5_001}, ["body"]),
    "nothing to say": ({"body": " \n\u200b "}, ["body"]),
    "somebody else's picture": ({"body": "x", "pictures": [{"key": "0" * 32}]}, ["pictures"]),
}


@pytest.mark.parametrize("case", FIELDS)
def test_a_wrong_value_is_refused_at_its_field(refused: Any, case: str) -> None:
    body, fields = FIELDS[case]

    problem = refused("POST", POSTS, json.dumps(body).encode())

    assert (problem["status"], fields_of(problem)) == (422, fields)
    assert [error["pointer"] for error in problem["errors"]] == [
        "/" + field.replace(".", "/") for field in fields
    ]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/octet-stream", "text/html",
        "application/jsonp", "", "application/json, text/html",
    ],
)  # fmt: skip
def test_another_format_than_json_is_not_guessed_at(program: Caller, content_type: str) -> None:
    before = everything()

    answer = program.client.post(
        f"/api/v1/{POSTS}", b'{"body": "x"}', content_type=content_type, headers=program.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert everything() == before


def test_a_form_of_a_page_is_not_json_either(world: World) -> None:
    caller = Caller()
    caller.headers = world.browser
    before = everything()

    answer = caller.client.post(f"/api/v1/{POSTS}", {"body": "x"}, headers=caller.headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert everything() == before


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/vnd.x+json"]
)
def test_json_is_taken_by_all_its_names(program: Caller, content_type: str) -> None:
    answer = program.client.post(
        f"/api/v1/{POSTS}", b'{"body": "x"}', content_type=content_type, headers=program.headers
    )

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        b'--x\r\nContent-Disposition: form-data; name="use"\r\n\r\ntimeline.image\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--',
        b"not a form at all",
        b"",
    ],
)
def test_a_broken_form_is_refused(program: Caller, body: bytes) -> None:
    before = everything()

    answer = program.client.post(
        "/api/v1/files", body, content_type="multipart/form-data; boundary=x", headers=program.headers
    )

    assert answer.status_code in (400, 422), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert everything() == before


@pytest.mark.parametrize("query", ["%ff", "cursor=%C0%AE", "cursor=%00", "tab=latest%00", "%ed%a0%80=x"])
def test_a_query_that_is_not_text_is_refused(program: Caller, query: str) -> None:
    answer = program.client.get(f"/api/v1/{POSTS}?{query}", headers=program.headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WzEsMl0", "WyJ4Il0", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd", "../../etc", "e30", "🐟"]
)
def test_a_marker_that_is_not_ours_is_refused(refused: Any, cursor: str) -> None:
    assert refused("GET", f"{POSTS}?cursor={cursor}")["code"] == "invalid_cursor"


@pytest.mark.parametrize("post", ["0", "-1", "9223372036854775808", "1e3", "x", "1.5", "%00", "٣", "null"])
def test_an_id_that_cannot_be_is_refused(refused: Any, post: str) -> None:
    problem = refused("GET", f"timeline/posts/{post}")

    assert (problem["status"], fields_of(problem)) in ((422, ["post_id"]), (404, []))


@pytest.mark.parametrize(
    "handle", ["%00", "%ff", "..", "a" * 4000, "' OR 1=1 --", "%F0%9F%90%9F", "ada%2f..%2fben"]
)
def test_a_name_nobody_can_have_leads_nowhere(refused: Any, handle: str) -> None:
    assert refused("GET", f"people/{handle}")["status"] in (400, 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 8000},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Basic YWRhOmFkYQ=="},
        {"Authorization": "bearer\tx"},
    ],
)
def test_a_proof_that_proves_nothing_lets_nobody_in(guest: Caller, headers: dict[str, str]) -> None:
    guest.headers = headers

    assert guest("GET", "me").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Member_Id": "1"}, {"X_Forwarded_User": "ada"}, {"X_Role": "administrator"}, {"Remote_User": "ada"},
        {"X_HTTP_Method_Override": "DELETE"}, {"X_Original_URL": "/api/v1/me"},
    ],
)  # fmt: skip
def test_no_header_makes_anybody_somebody(world: World, headers: dict[str, str]) -> None:
    assert Caller()("GET", "me", **headers).status_code == 401


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "99999999999", "0x10"])
def test_a_length_that_is_none_is_refused(program: Caller, length: str) -> None:
    answer = program.client.generic(
        "POST", f"/api/v1/{POSTS}", b"{}", content_type="application/json", headers=program.headers, CONTENT_LENGTH=length
    )  # fmt: skip

    assert answer.status_code in (400, 413)


def test_another_host_is_not_answered(db: None) -> None:
    answer = Client().get(f"/api/v1/{POSTS}", headers={"Host": "evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(out, kind, **options)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """Return a small PNG whose header promises a large one."""
    content = bytearray(picture("PNG"))
    content[16:24] = struct.pack("!II", width, height)
    content[29:33] = struct.pack("!I", zlib.crc32(content[12:29]))
    return bytes(content)


def packed(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
UPLOADS = {
    "a drawing": ("a.svg", SVG, "image/svg+xml"),
    "a drawing named picture": ("a.png", SVG, "image/png"),
    "a page named picture": ("a.png", HTML, "image/png"),
    "a page": ("a.html", HTML, "text/html"),
    "a picture declared a page": ("a.png", picture("PNG"), "text/html"),
    "a page that begins as a picture": ("a.gif", b"GIF89a" + HTML, "image/gif"),
    "half a picture": ("a.png", picture("PNG", (300, 300))[:200], "image/png"),
    "a program": ("a.png", b"MZ\x90\x00" + b"\0" * 200, "image/png"),
    "an archive named picture": ("a.png", packed(("a.txt", b"x")), "image/png"),
    "a zip bomb": ("a.png", packed(("a.txt", b"\0" * 20_000_000)), "image/png"),
    "nothing": ("a.png", b"", "image/png"),
    "two endings": ("a.png.html", picture("PNG"), "image/png"),
    "a null in its name": ("a.html\x00.png", HTML, "image/png"),
    "a path for a name": ("../../a.html", HTML, "image/png"),
}


def upload(program: Caller, name: str, content: bytes, declared: str) -> Any:
    file = SimpleUploadedFile(name, content, declared)
    form = {"use": "timeline.image", "file": file}
    return program.client.post("/api/v1/files", form, headers=program.headers)


@pytest.mark.parametrize("case", UPLOADS)
def test_a_file_that_is_not_what_it_says_is_refused(program: Caller, case: str) -> None:
    before = everything()

    answer = upload(program, *UPLOADS[case])

    assert answer.status_code == 422
    assert fields_of(answer.json()) == ["file"]
    assert everything() == before


def test_a_picture_of_a_hundred_megapixels_is_never_unpacked(program: Caller) -> None:
    before = everything()

    answer = upload(program, "a.png", claiming(10_000, 10_000), "image/png")

    assert (answer.status_code, answer.json()["code"]) == (422, "picture_too_large")
    assert everything() == before


def test_where_a_photograph_was_taken_is_not_kept(program: Caller) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraOfAda"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (38.0, 43.0, 0.0), "W", (9.0, 8.0, 0.0)
    sent = picture("JPEG", exif=exif.tobytes())
    assert b"CameraOfAda" in sent

    made = upload(program, "a.jpg", sent, "image/jpeg").json()
    kept = b"".join(program.client.get(made["url"]).streaming_content)

    assert (made["state"], made["media_type"]) == ("clean", "image/webp")
    assert b"CameraOfAda" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def test_what_hides_behind_a_picture_is_left_behind(program: Caller) -> None:
    hidden = packed(("payload.js", b"alert('hidden')"))

    made = upload(program, "a.png", picture("PNG") + hidden + HTML, "image/png").json()
    kept = b"".join(program.client.get(made["url"]).streaming_content)

    assert made["state"] == "clean"
    assert b"payload.js" not in kept
    assert b"<script" not in kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("use", "timeline.image\x00"),
        ("use", "no.such"),
        ("focus_x", "1000"),
        ("focus_y", "x"),
        ("focus_x", "9" * 5000),
    ],
)
def test_what_comes_with_a_file_is_checked_too(program: Caller, field: str, value: str) -> None:
    before, file = everything(), SimpleUploadedFile("a.png", picture("PNG"), "image/png")

    answer = program.client.post(
        "/api/v1/files", {"use": "timeline.image", "file": file, field: value}, headers=program.headers
    )

    assert (answer.status_code, fields_of(answer.json())) == (422, [field])
    assert everything() == before


def test_an_upload_beyond_every_limit_is_not_even_read(program: Caller) -> None:
    count = StoredFile.objects.count()

    answer = program.client.generic(
        "POST", "/api/v1/files", b"", content_type="multipart/form-data; boundary=x", headers=program.headers,
        CONTENT_LENGTH=str(10**10),
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert StoredFile.objects.count() == count
