"""Files that are stored, and the addresses that open them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from guildry.kernel import clock, crypto, errors, runtime
from guildry.kernel.points import FILE_USES
from guildry.platform.files import rules
from guildry.platform.files.models import StoredFile


class AddressExpired(errors.Gone):
    problem = errors.problem("file-address-expired", 410, "This address of the file has expired")
    detail = "Addresses of files work for a day or two. Open the page it was on again."


@dataclass(frozen=True)
class Served:
    """An open file and how to hand it out."""

    content: File
    name: str
    media_type: str
    is_inline: bool


@cache
def _secret(key: str) -> bytes:
    return hashlib.sha256(f"guildry:files:{key}".encode()).digest()


def most_megabytes(use: str) -> int:
    """Return how large a file of a use may be, in millions of bytes; raises KeyError for an unknown use."""
    return min(FILE_USES[use].max_bytes // 1_000_000, int(runtime.value("files.largest_megabytes")))


def address_of(key: str, width: int | None = None, *, name: str = "file") -> str:
    """Return an address that opens the file for everybody who has it, today and tomorrow.

    `width` asks for the image at least that wide, in pixels; without it the largest one is meant.
    """
    window = rules.window_of(clock.now())
    proof = rules.signature(_secret(settings.SECRET_KEY), key, name, width or 0, window)
    size = f"w={width}&" if width else ""
    return f"/files/{key}/{quote(name, safe='')}?{size}e={window}&s={proof}"


def opened(key: str, *, name: str, width: int, window: int, proof: str) -> Served:
    """Open a clean file for a signed address; raises NotFound and AddressExpired."""
    if not any(
        crypto.matches(rules.signature(_secret(secret), key, name, width, window), proof)
        for secret in crypto.site_keys()
    ):
        raise errors.NotFound
    if not rules.is_current(window, clock.now()):
        raise AddressExpired
    stored = StoredFile.objects.clean().filter(key=key)[:1]
    if not stored:
        raise errors.NotFound
    return _served(stored[0], width)


def _served(stored: StoredFile, width: int) -> Served:
    fitting = [made for made in stored.widths if made >= width] if width else []
    path = path_of(stored.key, min(fitting) if fitting else 0)
    try:
        content = default_storage.open(path)
    except FileNotFoundError as error:
        raise errors.NotFound from error
    return Served(content, stored.name, stored.media_type, stored.media_type in rules.INLINE_TYPES)


def path_of(key: str, width: int = 0) -> str:
    """Return where a clean file lies in the storage; `width` 0 is the whole one."""
    return f"{rules.folder_of(key)}/{f'w{width}' if width else 'whole'}"


def file_of(viewer: Any, key: str) -> StoredFile:
    """Return a file the viewer owns; raises NotFound."""
    found = StoredFile.objects.visible_to(viewer).filter(key=key)[:1]
    if not found:
        raise errors.NotFound
    return found[0]


def files_by_key(keys: Iterable[str]) -> dict[str, StoredFile]:
    """Return the clean files among the keys, with their sizes and descriptions."""
    return {stored.key: stored for stored in StoredFile.objects.clean().filter(key__in=list(keys))}
