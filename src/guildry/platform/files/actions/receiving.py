"""How a file comes in: quarantined, judged, and only then kept."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guildry.kernel import clock, errors, ids, limits, runtime, text
from guildry.kernel.points import FILE_USES, FileUse
from guildry.platform.files import rules
from guildry.platform.files.models import StoredFile
from guildry.platform.files.queries import documents, file_of, most_megabytes, path_of, pictures, scanner
from guildry.platform.files.rules import State


class UseUnknown(errors.Invalid):
    problem = errors.problem("file-use-unknown", 422, "No such use of a file")


class FileEmpty(errors.Invalid):
    problem = errors.problem("file-empty", 422, "This file is empty")
    detail = "This file is empty. Choose another one."


class FileTooLarge(errors.TooLarge):
    problem = errors.problem("file-too-large", 413, "This file is too large")


class TypeNotAccepted(errors.Invalid):
    problem = errors.problem("file-type-not-accepted", 422, "Files of this type are not accepted here")


class TypesDisagree(errors.Invalid):
    problem = errors.problem("file-types-disagree", 422, "The content is not what the name says")
    detail = "The content of this file is not what its name says. Save it in the right format and try again."


class FileInUse(errors.DomainError):
    problem = errors.problem("file-in-use", 409, "Something still shows this file")
    detail = "Something you made still shows this file. Remove it there first."


@dataclass(frozen=True)
class _Judged:
    """What is to be kept of a file that passed."""

    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None
    renditions: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Inspected:
    """An upload that may be kept; `judged` is None while it has to wait for a worker."""

    use: str
    name: str
    media_type: str
    content: bytes
    focus: tuple[int, int]
    judged: _Judged | None


def receive_upload(
    actor: Any, *, use: str, file: UploadedFile, alt: str = "", focus_x: int = 50, focus_y: int = 50
) -> StoredFile:
    """Take a file in; a small one is judged at once, a large one waits in quarantine for a worker.

    Raises UseUnknown, FileEmpty, FileTooLarge, TypeNotAccepted, TypesDisagree, TooMany, and what the inspection of
    pictures, documents and viruses raises. After a refusal nothing is kept.
    """
    _check_size(_use_of(use), file)
    _spend(actor, file.size or 0)
    return _kept(actor, inspect_upload(actor, use=use, file=file, focus_x=focus_x, focus_y=focus_y), alt)


def inspect_upload(
    actor: Any, *, use: str, file: UploadedFile, focus_x: int = 50, focus_y: int = 50
) -> Inspected:
    """Check a file and draw a picture anew without keeping anything, so that it can be done beside other work.

    Raises what `receive_upload` raises, but for TooMany.
    """
    accepted = _use_of(use)
    _check_size(accepted, file)
    content = file.read()
    kind = _agreed_type(accepted, file, content)
    focus = min(max(focus_x, 0), 100), min(max(focus_y, 0), 100)
    judged = None if _has_to_wait(kind, content) else _judge_now(use, kind, content, focus)
    return Inspected(use, rules.clean_name(file.name or "") or "file", kind, content, focus, judged)


def keep_upload(actor: Any, *, inspected: Inspected, alt: str = "") -> StoredFile:
    """Take in a file that was inspected before; raises TooMany."""
    _spend(actor, len(inspected.content))
    return _kept(actor, inspected, alt)


def _kept(actor: Any, inspected: Inspected, alt: str) -> StoredFile:
    stored = StoredFile(
        key=ids.uuid7().hex,
        owner=actor,
        use=inspected.use,
        state=State.QUARANTINED,
        name=inspected.name,
        media_type=inspected.media_type,
        byte_size=len(inspected.content),
        alt=text.clean(alt)[:300],
        focus_x=inspected.focus[0],
        focus_y=inspected.focus[1],
        digest=hashlib.sha256(inspected.content).hexdigest(),
        created_at=clock.now(),
    )
    if inspected.judged:
        _keep(stored, inspected.judged)
    else:
        _quarantine(stored, inspected.content)
    return stored


def _use_of(use: str) -> FileUse:
    accepted = FILE_USES.get(use)
    if accepted is None:
        known = ", ".join(sorted(entry.key for entry in FILE_USES))
        raise UseUnknown(f"Files have one of these uses: {known}.", field="use")
    return accepted


def _check_size(accepted: FileUse, file: UploadedFile) -> None:
    if not file.size:
        raise FileEmpty(field="file")
    megabytes = most_megabytes(accepted.key)
    if file.size > megabytes * 1_000_000:
        raise FileTooLarge(f"This file is too large. It may have {megabytes} MB at most.", field="file")


def _spend(actor: Any, size: int) -> None:
    hourly = runtime.value("files.uploads_hourly")
    daily = runtime.value("files.megabytes_daily") * 1024 * 1024
    limits.spend(f"uploads:{actor.pk}", burst=hourly, per_second=hourly / 3600)
    limits.spend(f"uploaded-bytes:{actor.pk}", burst=daily, per_second=daily / 86400, cost=size)


def _agreed_type(accepted: FileUse, file: UploadedFile, content: bytes) -> str:
    kind = rules.type_of_name(rules.clean_name(file.name or ""))
    if not kind or kind not in accepted.media_types:
        wanted = ", ".join(sorted(rules.extensions_of(accepted.media_types)))
        raise TypeNotAccepted(f"Files of this type are not accepted here. Accepted: {wanted}.", field="file")
    declared = rules.type_as_declared(file.content_type or "")
    if not rules.agree(kind, declared, rules.sniff(content[:4096])):
        raise TypesDisagree(field="file")
    return kind


def _has_to_wait(kind: str, content: bytes) -> bool:
    if len(content) > rules.INLINE_BYTES:
        return True
    return kind in rules.IMAGES and pictures.pixels_of(content, kind) > rules.INLINE_PIXELS


def _judge_now(use: str, kind: str, content: bytes, focus: tuple[int, int]) -> _Judged | None:
    try:
        return _judge(use, kind, content, focus)
    except scanner.ScannerAway:
        return None


def _judge(use: str, kind: str, content: bytes, focus: tuple[int, int]) -> _Judged:
    if settings.CLAMD:
        scanner.scan(settings.CLAMD, content)
    if kind not in rules.IMAGES:
        documents.check(content, kind)
        return _Judged(content, kind)
    accepted = FILE_USES[use]
    drawn = pictures.redraw(
        content, kind, widths=accepted.image_widths, ratio=accepted.image_ratio, focus=focus
    )
    return _Judged(drawn.content, pictures.MEDIA_TYPE, drawn.width, drawn.height, drawn.renditions)


def _keep(stored: StoredFile, judged: _Judged) -> None:
    rules.TRANSITIONS.check(stored.state, State.CLEAN)
    stored.state, stored.media_type, stored.byte_size = State.CLEAN, judged.media_type, len(judged.content)
    stored.width, stored.height, stored.widths = judged.width, judged.height, sorted(judged.renditions)
    if stored.media_type == pictures.MEDIA_TYPE:
        stored.name = f"{stored.name.rpartition('.')[0]}.webp"
    for width, content in {0: judged.content, **judged.renditions}.items():
        default_storage.save(path_of(stored.key, width), ContentFile(content))
    stored.full_clean(validate_unique=False, exclude={"owner"})
    with transaction.atomic():
        stored.save()


def _quarantine(stored: StoredFile, content: bytes) -> None:
    default_storage.save(rules.quarantine_path(stored.key), ContentFile(content))
    stored.full_clean(validate_unique=False, exclude={"owner"})
    with transaction.atomic():
        stored.save()


def inspect_waiting(actor: Any, *, most: int = 20) -> int:
    """Judge the files that wait in quarantine, oldest first; returns how many were settled.

    Stops when the scanner is away, and the rest waits on.
    """
    waiting = StoredFile.objects.filter(state=State.QUARANTINED).order_by("id")[:most]
    settled = 0
    for stored in waiting:
        try:
            _settle(stored)
        except scanner.ScannerAway:
            break
        settled += 1
    return settled


def _settle(stored: StoredFile) -> None:
    path = rules.quarantine_path(stored.key)
    try:
        with default_storage.open(path) as file:
            focus = stored.focus_x, stored.focus_y
            judged = _judge(stored.use, stored.media_type, file.read(), focus)
    except FileNotFoundError:
        _reject(stored, "The file is gone from quarantine.")
    except errors.Invalid as refusal:
        _reject(stored, refusal.message)
    else:
        _keep(stored, judged)
    default_storage.delete(path)


def _reject(stored: StoredFile, reason: str) -> None:
    rules.TRANSITIONS.check(stored.state, State.REJECTED)
    stored.state, stored.reason = State.REJECTED, reason[:200]
    with transaction.atomic():
        stored.save(update_fields=["state", "reason"])


def delete_file(actor: Any, *, key: str) -> None:
    """Delete a file of the actor; raises NotFound, and FileInUse while something they made shows it."""
    stored = file_of(actor, key)
    use = FILE_USES.get(stored.use)
    if use and use.in_use and use.in_use([key]):
        raise FileInUse
    with transaction.atomic():
        stored.delete()
        transaction.on_commit(lambda: remove_content(actor, key=key, widths=stored.widths))


def remove_content(actor: Any, *, key: str, widths: list[int]) -> None:
    """Delete what the storage holds of a file whose row is gone."""
    default_storage.delete(rules.quarantine_path(key))
    for width in (0, *widths):
        default_storage.delete(path_of(key, width))
    default_storage.delete(rules.folder_of(key))
