"""A file comes in only when its name, its declaration and its content agree and nothing in it is harmful."""

import io
import socket
import socketserver
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from guildry.kernel import clock, errors, runtime
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.files import actions, queries, rules
from guildry.platform.files.models import StoredFile
from guildry.platform.files.queries import scanner
from tests.platform.files.conftest import PDF, content_at, office, picture, upload

Paths = Callable[[], list[str]]


def receive(
    member: Member, name: str, content: bytes, declared: str = "", use: str = "test.paper", **more: Any
):
    return actions.receive_upload(member, use=use, file=upload(name, content, declared), **more)


def image_of(stored: StoredFile, width: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(content_at(queries.path_of(stored.key, width))))


def test_a_picture_is_kept_as_webp_with_narrower_copies(ada: Member, stored_paths: Paths) -> None:
    stored = receive(ada, "Sun set.JPG", picture(), "image/jpeg", "test.picture", alt=" The  harbour ")

    assert (stored.state, stored.media_type, stored.name) == ("clean", "image/webp", "Sun set.webp")
    assert (stored.width, stored.height, stored.widths) == (400, 200, [64, 160])
    assert stored.alt == "The  harbour"
    assert len(stored_paths()) == 3
    assert image_of(stored).format == "WEBP"
    assert image_of(stored, 160).size == (160, 80)
    assert StoredFile.objects.get().key == stored.key


def test_a_picture_loses_its_metadata_and_what_was_glued_to_it(ada: Member) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "taken at home"
    content = picture(exif=exif, comment=b"hidden words") + b"<script>alert(1)</script>"
    assert b"taken at home" in content

    stored = receive(ada, "a.jpg", content)

    kept = content_at(queries.path_of(stored.key))
    assert not image_of(stored).getexif()
    assert b"taken" not in kept
    assert b"hidden" not in kept
    assert b"script" not in kept


def test_a_picture_stands_upright(ada: Member) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    stored = receive(ada, "a.jpg", picture(exif=exif))

    assert (stored.width, stored.height) == (200, 400)


def test_a_picture_is_cropped_around_its_focus(ada: Member) -> None:
    image = Image.new("RGB", (300, 100), (0, 0, 255))
    image.paste((255, 0, 0), (200, 0, 300, 100))
    out = io.BytesIO()
    image.save(out, "PNG")

    stored = receive(ada, "a.png", out.getvalue(), use="test.face", focus_x=95, focus_y=50)

    red, _, blue = image_of(stored).convert("RGB").getpixel((50, 50))
    assert image_of(stored).size == (100, 100)
    assert red > 200 > 60 > blue


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparency_survives(ada: Member, kind: str) -> None:
    stored = receive(ada, f"a.{kind.lower()}", picture(kind, mode="RGBA", colour=(0, 0, 0, 0)))

    assert image_of(stored).mode == "RGBA"


def test_a_large_picture_becomes_a_reasonable_one(ada: Member) -> None:
    stored = receive(ada, "a.png", picture("PNG", (3000, 1500)))

    assert (stored.width, stored.height) == (2560, 1280)


@pytest.mark.parametrize(
    ("name", "content", "declared", "media_type"),
    [
        ("cv.pdf", PDF, "application/pdf", "application/pdf"),
        ("cv.docx", office(), rules.DOCX, rules.DOCX),
        ("sums.xlsx", office(kind=rules.XLSX), "", rules.XLSX),
        ("notes.txt", "Grüße".encode(), "text/plain", "text/plain"),
        ("rows.csv", b"a,b\n1,2\n", "application/vnd.ms-excel", "text/csv"),
        ("cv.pdf", PDF, "application/octet-stream", "application/pdf"),
    ],
)
def test_a_whole_document_is_kept_as_it_is(
    ada: Member, name: str, content: bytes, declared: str, media_type: str
) -> None:
    stored = receive(ada, name, content, declared)

    assert (stored.state, stored.media_type, stored.name) == ("clean", media_type, name)
    assert content_at(queries.path_of(stored.key)) == content


def animated(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 120, 255)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    content = bytearray(picture("PNG", (10, 10)))
    content[16:24] = struct.pack("!II", width, height)
    content[29:33] = struct.pack("!I", zlib.crc32(content[12:29]))
    return bytes(content)


BOMB = office(("word/media/huge.xml", b"\0" * 30_000_000))
REFUSED = {
    "an unknown use": ("a.png", picture("PNG"), "", "test.nothing", "file_use_unknown"),
    "nothing at all": ("a.png", b"", "", "test.paper", "file_empty"),
    "too many bytes": ("a.png", picture("PNG") + b"\0" * 3_000_000, "", "test.picture", "file_too_large"),
    "no extension": ("picture", picture(), "", "test.paper", "file_type_not_accepted"),
    "a program": ("a.exe", b"MZ", "", "test.paper", "file_type_not_accepted"),
    "a drawing that runs": ("a.svg", b"<svg/>", "image/svg+xml", "test.paper", "file_type_not_accepted"),
    "a page": ("a.html", b"<html>", "text/html", "test.paper", "file_type_not_accepted"),
    "a document where pictures go": ("a.pdf", PDF, "", "test.picture", "file_type_not_accepted"),
    "a second extension": ("a.png.exe", picture("PNG"), "image/png", "test.paper", "file_type_not_accepted"),
    "a borrowed extension": ("a.png", picture("JPEG"), "", "test.paper", "file_types_disagree"),
    "a borrowed declaration": ("a.png", picture("PNG"), "text/html", "test.paper", "file_types_disagree"),
    "a page named picture": ("a.gif", b"<html><script>", "image/gif", "test.paper", "file_types_disagree"),
    "a binary named text": ("a.txt", b"a\0b", "", "test.paper", "file_types_disagree"),
    "a film named webp": ("a.webp", b"RIFF\0\0\0\0AVI LIST", "", "test.paper", "file_types_disagree"),
    "half a picture": ("a.jpg", picture(size=(800, 800), quality=95)[:3000], "", "test.paper", "picture_unreadable"),
    "a script that is also a gif": ("a.gif", b"GIF89a/*\0\0*/=alert(1)//;", "", "test.paper", "picture_unreadable"),
    "a damaged png": ("a.png", picture("PNG")[:60] + b"\0" * 40, "", "test.paper", "picture_unreadable"),
    "a picture of 900 megapixels": ("a.png", png_claiming(30_000, 30_000), "", "test.paper", "picture_too_large"),
    "a picture of 100 megapixels": ("a.png", png_claiming(10_000, 10_000), "", "test.paper", "picture_too_large"),
    "a picture too wide": ("a.png", png_claiming(20_000, 10), "", "test.paper", "picture_too_large"),
    "a moving gif": ("a.gif", animated("GIF"), "", "test.paper", "picture_moves"),
    "a moving png": ("a.png", animated("PNG"), "", "test.paper", "picture_moves"),
    "a moving webp": ("a.webp", animated("WEBP"), "", "test.paper", "picture_moves"),
    "half a pdf": ("a.pdf", PDF[:50], "", "test.paper", "document_unreadable"),
    "a pdf with a zip behind it": ("a.pdf", PDF + office(), "", "test.paper", "document_unreadable"),
    "a page with a pdf behind it": ("a.pdf", b"<html>" + PDF, "", "test.paper", "file_types_disagree"),
    "a pdf that runs": ("a.pdf", PDF.replace(b"<<>>", b"<</JavaScript 1>>"), "", "test.paper", "document_active"),
    "a zip named document": ("a.docx", office(kind=rules.XLSX), "", "test.paper", "document_refused"),
    "a document with macros": ("a.docx", office(("word/vbaProject.bin", b"x")), "", "test.paper", "document_refused"),
    "a macro type": ("a.docx", office(types=b"x.macroEnabled.main+xml"), "", "test.paper", "document_active"),
    "a zip bomb": ("a.docx", BOMB, "", "test.paper", "document_refused"),
    "a zip slip": ("a.docx", office(("../../etc/x", b"x")), "", "test.paper", "document_refused"),
    "half a document": ("a.docx", office()[:-30], "", "test.paper", "document_unreadable"),
    "a page named text": ("a.txt", b"  <!DOCTYPE html><script>", "", "test.paper", "document_unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_nothing_behind(ada: Member, stored_paths: Paths, case: str) -> None:
    name, content, declared, use, code = REFUSED[case]

    with pytest.raises(errors.DomainError) as refusal:
        receive(ada, name, content, declared, use)

    assert refusal.value.problem.code == code
    assert refusal.value.errors[0].field == ("use" if code == "file_use_unknown" else "file")
    assert StoredFile.objects.count() == 0
    assert stored_paths() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a.txt", "a.txt"),
        ('a"<b>\n\u202etxt.txt', "ab txt.txt"),
        ("." * 5 + "a.txt", "a.txt"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
    ],
)
def test_a_name_is_only_a_name(ada: Member, given: str, kept: str) -> None:
    file = upload("a.txt", b"x")
    file._name = given

    assert actions.receive_upload(ada, use="test.paper", file=file).name == kept


def test_a_flood_of_uploads_is_stopped(ada: Member) -> None:
    for _ in range(rules.UPLOADS_AN_HOUR):
        receive(ada, "a.txt", b"x")

    with pytest.raises(errors.TooMany):
        receive(ada, "a.txt", b"x")

    assert StoredFile.objects.count() == rules.UPLOADS_AN_HOUR


def test_a_large_file_waits_in_quarantine_until_it_is_judged(ada: Member, stored_paths: Paths) -> None:
    stored = receive(ada, "long.txt", b"words " * 2_000_000)

    assert stored.state == "quarantined"
    assert stored_paths() == [f"quarantine/{stored.key}"]
    assert queries.files_by_key([stored.key]) == {}

    assert actions.inspect_waiting(SYSTEM) == 1

    stored.refresh_from_db()
    assert stored.state == "clean"
    assert stored_paths() == [f"kept/{stored.key[-2:]}/{stored.key}/whole"]


def test_a_large_file_that_is_harmful_is_rejected_with_the_reason(ada: Member, stored_paths: Paths) -> None:
    stored = receive(ada, "a.txt", b"<html>" + b"words " * 2_000_000)

    actions.inspect_waiting(SYSTEM)

    stored.refresh_from_db()
    assert stored.state == "rejected"
    assert stored.reason.startswith("This document is damaged")
    assert stored_paths() == []


def test_a_file_lost_from_quarantine_is_rejected(ada: Member) -> None:
    stored = receive(ada, "long.txt", b"words " * 2_000_000)
    actions.remove_content(SYSTEM, key=stored.key, widths=[])

    assert actions.inspect_waiting(SYSTEM) == 1

    stored.refresh_from_db()
    assert stored.reason == "The file is gone from quarantine."


class FakeClamd(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    answer = ""
    seen: list[bytes]


class ScanSession(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.seen.append(content)  # type: ignore[attr-defined]
        infected = b"EICAR-STANDARD" in content
        answer = self.server.answer or ("stream: Eicar FOUND" if infected else "stream: OK")  # type: ignore[attr-defined]
        self.wfile.write(answer.encode() + b"\0")


@pytest.fixture
def clamd(settings: Any) -> Iterator[FakeClamd]:
    with FakeClamd(("127.0.0.1", 0), ScanSession) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


@pytest.mark.loopback
def test_the_scanner_sees_every_byte_and_lets_clean_files_pass(ada: Member, clamd: FakeClamd) -> None:
    content = b"words " * 50_000

    stored = receive(ada, "a.txt", content)

    assert stored.state == "clean"
    assert clamd.seen == [content]


@pytest.mark.loopback
def test_a_virus_is_refused(ada: Member, clamd: FakeClamd, stored_paths: Paths) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        receive(ada, "a.txt", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE")

    assert refusal.value.problem.code == "virus_found"
    assert stored_paths() == []


@pytest.mark.loopback
@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", "x" * 5000, "UNKNOWN COMMAND"])
def test_any_other_answer_keeps_the_file_waiting(ada: Member, clamd: FakeClamd, answer: str) -> None:
    clamd.answer = answer

    stored = receive(ada, "a.txt", b"x")

    assert stored.state == "quarantined"
    assert actions.inspect_waiting(SYSTEM) == 0


@pytest.mark.loopback
def test_files_wait_while_the_scanner_is_away_and_pass_when_it_is_back(
    ada: Member, clamd: FakeClamd, settings: Any
) -> None:
    there, settings.CLAMD = settings.CLAMD, "127.0.0.1:9"
    stored = receive(ada, "a.txt", b"x")
    assert (stored.state, actions.inspect_waiting(SYSTEM)) == ("quarantined", 0)

    settings.CLAMD = there

    assert actions.inspect_waiting(SYSTEM) == 1
    stored.refresh_from_db()
    assert stored.state == "clean"


def test_an_owner_deletes_a_file_with_its_content(
    ada: Member, stored_paths: Paths, django_capture_on_commit_callbacks: Any
) -> None:
    stored = receive(ada, "a.png", picture("PNG"), use="test.picture")

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_file(ada, key=stored.key)

    assert StoredFile.objects.count() == 0
    assert stored_paths() == []


def test_nobody_deletes_the_file_of_another(ada: Member, ben: Member) -> None:
    stored = receive(ada, "a.txt", b"x")

    with pytest.raises(errors.NotFound):
        actions.delete_file(ben, key=stored.key)

    assert StoredFile.objects.count() == 1


def test_a_file_that_is_shown_is_not_deleted(ada: Member, used: set[str]) -> None:
    stored = receive(ada, "a.txt", b"x")
    used.add(stored.key)

    with pytest.raises(actions.FileInUse):
        actions.delete_file(ada, key=stored.key)

    assert StoredFile.objects.count() == 1


def test_the_purge_takes_only_what_is_old_and_unused(
    ada: Member, used: set[str], stored_paths: Paths
) -> None:
    now = clock.now()
    with clock.at(now - timedelta(hours=25)):
        shown, unused = receive(ada, "shown.txt", b"1"), receive(ada, "unused.txt", b"2")
        kept_for_ever = receive(ada, "a.png", picture("PNG"), use="test.picture")
    fresh = receive(ada, "fresh.txt", b"3")
    used.add(shown.key)

    assert actions.purge_files(SYSTEM) == 1

    assert unused.key not in set(StoredFile.objects.values_list("key", flat=True))
    assert {shown.key, kept_for_ever.key, fresh.key} == set(StoredFile.objects.values_list("key", flat=True))
    assert len(stored_paths()) == 5


def test_the_purge_takes_refusals_a_week_old(ada: Member) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        receive(ada, "a.txt", b"<html>" + b"words " * 2_000_000)
    actions.inspect_waiting(SYSTEM)

    assert actions.purge_files(SYSTEM) == 1
    assert StoredFile.objects.count() == 0


def test_the_purge_takes_content_nobody_knows(ada: Member, stored_paths: Paths) -> None:
    known = receive(ada, "a.png", picture("PNG"), use="test.picture")
    lost = receive(ada, "b.png", picture("PNG"), use="test.picture")
    waiting = receive(ada, "long.txt", b"words " * 2_000_000)
    StoredFile.objects.filter(key__in=[lost.key, waiting.key]).delete()
    actions.purge_files(SYSTEM)
    assert len(stored_paths()) == 7

    with clock.at(clock.now() + timedelta(hours=25)):
        actions.purge_files(SYSTEM)

    assert stored_paths() == [
        f"kept/{known.key[-2:]}/{known.key}/{part}" for part in ("w160", "w64", "whole")
    ]


@pytest.mark.loopback
def test_a_scanner_that_never_answers_keeps_the_file_waiting(
    ada: Member, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD = f"127.0.0.1:{silent.getsockname()[1]}"

        stored = receive(ada, "a.txt", b"x")

        assert stored.state == "quarantined"
        assert actions.inspect_waiting(SYSTEM) == 0


def test_a_file_inspected_beforehand_is_kept_as_if_it_had_just_come(ada: Member, stored_paths: Paths) -> None:
    file = upload("Sun set.JPG", picture(), "image/jpeg")

    inspected = actions.inspect_upload(ada, use="test.picture", file=file, focus_x=120)
    assert (StoredFile.objects.count(), stored_paths()) == (0, [])
    stored = actions.keep_upload(ada, inspected=inspected, alt="The harbour")

    assert (stored.state, stored.name, stored.alt) == ("clean", "Sun set.webp", "The harbour")
    assert (stored.width, stored.height, stored.widths, stored.focus_x) == (400, 200, [64, 160], 100)
    assert len(stored_paths()) == 3


def test_inspecting_beforehand_refuses_what_receiving_refuses(ada: Member) -> None:
    with pytest.raises(actions.TypesDisagree):
        actions.inspect_upload(ada, use="test.paper", file=upload("a.pdf", picture()))
    with pytest.raises(actions.UseUnknown):
        actions.inspect_upload(ada, use="nothing", file=upload("a.pdf", PDF))


def test_keeping_what_was_inspected_counts_against_the_allowance(ada: Member) -> None:
    inspected = actions.inspect_upload(ada, use="test.paper", file=upload("a.pdf", PDF))

    with runtime.overridden({"files.uploads_hourly": 1}):
        actions.keep_upload(ada, inspected=inspected)
        with pytest.raises(errors.TooMany):
            actions.keep_upload(ada, inspected=inspected)

    assert StoredFile.objects.count() == 1
