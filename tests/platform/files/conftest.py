"""Files of every kind, good and bad, and uses that take them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guildry.kernel.points import FILE_USES, FileUse
from guildry.platform.files import rules

USED: set[str] = set()
PICTURE = FileUse("test.picture", rules.IMAGES, 3_000_000, image_widths=(64, 160, 640))
FACE = FileUse("test.face", rules.IMAGES, 3_000_000, image_widths=(48,), image_ratio=(1, 1))
PAPER = FileUse(
    "test.paper",
    frozenset({rules.PDF, rules.DOCX, rules.XLSX, "text/plain", "text/csv", *rules.IMAGES}),
    20_000_000,
    in_use=lambda keys: USED & set(keys),
)


@pytest.fixture(autouse=True)
def own_uses(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    for use in (PICTURE, FACE, PAPER):
        monkeypatch.setitem(FILE_USES._entries, use.key, use)
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    USED.clear()


@pytest.fixture
def used() -> set[str]:
    return USED


@pytest.fixture
def stored_paths(tmp_path: Path) -> Callable[[], list[str]]:
    folder = tmp_path / "files"
    return lambda: sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (400, 200),
    colour: Any = (200, 40, 40),
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def upload(name: str, content: bytes, declared: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, declared)


def office(*extra: tuple[str, bytes], kind: str = rules.DOCX, types: bytes = b"<Types/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(rules.MAIN_PART[kind], b"<document/>")
        for name, content in extra:
            archive.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n30\n%%EOF\n"


def content_at(path: str) -> bytes:
    with default_storage.open(path) as file:
        return file.read()
