"""How files go that nothing shows any more."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from guildry.kernel import clock, runtime
from guildry.kernel.points import FILE_USES
from guildry.platform.files import rules
from guildry.platform.files.actions.receiving import remove_content
from guildry.platform.files.models import StoredFile
from guildry.platform.files.rules import State


def purge_files(actor: Any, *, most: int = 500) -> int:
    """Delete unused files a day old, refusals a week old, and content without a row; returns how many rows went."""
    now = clock.now()
    rejected = StoredFile.objects.filter(
        state=State.REJECTED, created_at__lt=now - runtime.value("retention.rejected_files")
    ).order_by("id")
    doomed = list(rejected[:most])
    for use in FILE_USES:
        if use.in_use:
            old = StoredFile.objects.clean().filter(
                use=use.key, created_at__lt=now - runtime.value("retention.unused_files")
            )
            found = list(old.order_by("id")[:most])
            used = use.in_use([stored.key for stored in found]) if found else set()
            doomed += [stored for stored in found if stored.key not in used]
    for stored in doomed:
        with transaction.atomic():
            stored.delete()
        remove_content(actor, key=stored.key, widths=stored.widths)
    _purge_strays(actor)
    return len(doomed)


def _purge_strays(actor: Any) -> None:
    """Delete content whose transaction never committed."""
    kept = [key for folder in _names("kept")[0] for key in _names(f"kept/{folder}")[0]]
    for key in _unknown(kept):
        files = _names(rules.folder_of(key))[1]
        if all(_is_old(f"{rules.folder_of(key)}/{name}") for name in files):
            remove_content(actor, key=key, widths=[int(name[1:]) for name in files if name != "whole"])
    for key in _unknown(_names("quarantine")[1]):
        if _is_old(rules.quarantine_path(key)):
            default_storage.delete(rules.quarantine_path(key))


def _names(folder: str) -> tuple[list[str], list[str]]:
    return default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])


def _unknown(keys: list[str]) -> list[str]:
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        batch = keys[start : start + 500]
        known.update(StoredFile.objects.filter(key__in=batch).values_list("key", flat=True))
    return [key for key in keys if key not in known]


def _is_old(path: str) -> bool:
    return clock.now() - default_storage.get_modified_time(path) > runtime.value("retention.unused_files")
