"""Which files may come in: names, types and shapes that have to agree, and addresses that cannot be guessed."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildry.kernel.states import Transitions


class State:
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    REJECTED = "rejected"
    ALL = (QUARANTINED, CLEAN, REJECTED)


TRANSITIONS = Transitions(
    {
        State.QUARANTINED: frozenset({State.CLEAN, State.REJECTED}),
        State.CLEAN: frozenset({State.REJECTED}),
        State.REJECTED: frozenset(),
    }
)

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, PPTX = (
    _OFFICE + kind
    for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
PDF = "application/pdf"
TEXTS = frozenset({"text/plain", "text/csv"})

# The part every document of the kind has; a zip without it is something else with a borrowed name.
MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml"}

_EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    PDF: ("pdf",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    PPTX: ("pptx",),
    "text/plain": ("txt", "md"),
    "text/csv": ("csv",),
}
KNOWN_TYPES = frozenset(_EXTENSIONS)
_TYPE_OF = {extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions}
# Browsers without an association send these, which claims nothing about the content.
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/csv": "text/csv",
            "application/vnd.ms-excel": "text/csv", "text/markdown": "text/plain",
            "text/x-markdown": "text/plain", "application/x-pdf": PDF}  # fmt: skip

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_000
LARGEST_MASTER = 2560
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
LARGEST_INDEX = 1024 * 1024
# Above these a file waits for a worker instead of keeping the member's request.
INLINE_BYTES = 8 * 1024 * 1024
INLINE_PIXELS = 24_000_000

LARGEST_MEGABYTES = 15
UPLOADS_AN_HOUR = 60
UPLOADED_BYTES_A_DAY = 400 * 1024 * 1024
UNUSED_FOR = timedelta(hours=24)
REJECTED_FOR = timedelta(days=7)
LONGEST_NAME = 120


def type_of_name(name: str) -> str:
    """Return the media type an extension stands for, or an empty string; only the last extension counts."""
    return _TYPE_OF.get(name.rpartition(".")[2].lower() if "." in name else "", "")


def type_as_declared(declared: str) -> str:
    """Return the media type a sender declared, without parameters and aliases; empty when it said nothing."""
    kind = declared.partition(";")[0].strip().lower()
    return "" if kind in _UNSAID else _ALIASES.get(kind, kind)


def sniff(head: bytes) -> str:
    """Return the media type the first bytes show; every zip is `application/zip`, unknown text `text/plain`."""
    for offset, magic, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return "" if kind == "image/webp" and head[8:12] != b"WEBP" else kind
    return "text/plain" if _is_text(head) else ""


_MAGIC = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"RIFF", "image/webp"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-1.", PDF),
    (0, b"%PDF-2.", PDF),
    (0, b"PK\x03\x04", "application/zip"),
)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > len(head) - 4
    return True


_LOOKS_LIKE_MARKUP = re.compile(rb"^\s*(<\?xml|<!doctype|<html|<svg|<script|<!--)", re.IGNORECASE)


def is_markup(head: bytes) -> bool:
    """Tell whether text is a page or drawing that a browser would run."""
    return bool(_LOOKS_LIKE_MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")))


def agree(kind: str, declared: str, sniffed: str) -> bool:
    """Tell whether the type by name, the declared one and the one by content are the same."""
    expected = "application/zip" if kind in MAIN_PART else "text/plain" if kind in TEXTS else kind
    if sniffed != expected:
        return False
    return declared in ("", kind) or (kind in TEXTS and declared in TEXTS)


def extensions_of(kinds: Iterable[str]) -> list[str]:
    """Return the file name endings of media types, as a member knows them."""
    return [extension for kind in kinds for extension in _EXTENSIONS.get(kind, ())]


def quarantine_path(key: str) -> str:
    """Return where a file waits to be judged."""
    return f"quarantine/{key}"


def folder_of(key: str) -> str:
    """Return the folder of a kept file; the last digits of a key are the random ones."""
    return f"kept/{key[-2:]}/{key}"


def clean_name(name: str) -> str:
    """Return a file name that is only a name: no folders, control characters or leading dots."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    name = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*;%]', "", name)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}" if dot else name[:LONGEST_NAME]


_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


def is_whole_pdf(content: bytes) -> bool:
    """Tell whether a PDF begins and ends as one, with nothing after its end."""
    end = content.rstrip(b"\r\n\t \x00")
    return content.startswith(b"%PDF-") and end.endswith(b"%%EOF") and b"startxref" in end[-2048:]


def is_active_pdf(content: bytes) -> bool:
    """Tell whether a PDF says that it runs something or carries other files."""
    return bool(_ACTIVE_PDF.search(content))


@dataclass(frozen=True)
class Entry:
    """One file inside a zip."""

    name: str
    size: int
    packed: int
    is_encrypted: bool = False


_IS_PROGRAM = re.compile(r"vbaProject|/embeddings/|/activeX/|\.(exe|dll|js|vbs|jar|com|scr)$", re.IGNORECASE)


def refused_archive(kind: str, entries: Sequence[Entry]) -> str:
    """Return why an office document is not accepted, or an empty string."""
    names = {entry.name for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(entry.size for entry in entries) > MOST_UNPACKED:
        return "It unpacks to far more than a document needs."
    if any(entry.size > 4096 and entry.size > MOST_RATIO * max(entry.packed, 1) for entry in entries):
        return "It unpacks to far more than a document needs."
    if any(entry.is_encrypted for entry in entries):
        return "It is locked with a password, so nobody can check it."
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        return "It holds files that point outside of it."
    if any(_IS_PROGRAM.search(name) for name in names):
        return "It holds macros or embedded programs."
    if "[Content_Types].xml" not in names or MAIN_PART[kind] not in names:
        return "It is not the document its name says."
    return ""


def rendition_sizes(width: int, widths: Sequence[int]) -> list[int]:
    """Return the widths to make of an image: never wider than it is."""
    return [wanted for wanted in sorted(set(widths)) if wanted < width]


def crop_box(
    size: tuple[int, int], ratio: tuple[int, int], focus: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return the largest box of the ratio inside an image, as near the focus (percent) as the edges allow."""
    width, height = size
    crop_width = min(width, height * ratio[0] // ratio[1]) or 1
    crop_height = min(height, width * ratio[1] // ratio[0]) or 1
    left = _slide(width, crop_width, focus[0])
    top = _slide(height, crop_height, focus[1])
    return left, top, left + crop_width, top + crop_height


def _slide(whole: int, part: int, percent: int) -> int:
    return min(max(round(whole * percent / 100 - part / 2), 0), whole - part)


_WINDOW = timedelta(days=1)


def window_of(moment: datetime) -> int:
    """Return the number of the day, which is part of an address, so that readers share cached copies for a day."""
    return int(moment.timestamp() // _WINDOW.total_seconds())


def is_current(window: int, moment: datetime) -> bool:
    """Tell whether an address of that window still opens: during its day and the next."""
    return 0 <= window_of(moment) - window <= 1


def signature(secret: bytes, key: str, name: str, width: int, window: int) -> str:
    """Return what proves that we gave out an address: 128 bits in hex."""
    said = f"{key}\n{name}\n{width}\n{window}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:32]


INLINE_TYPES = IMAGES
LARGEST_PART = 4 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte that a Range header asks for, or None when all of the file is meant.

    A long part is cut to what is sent at once. Raises ValueError for bytes that the file does not have.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return None
    first = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    last = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if found[1] and found[2] and int(found[2]) < first:
        return None
    if first >= size or (not found[1] and int(found[2]) == 0):
        raise ValueError(header)
    return first, min(last, first + LARGEST_PART - 1)
