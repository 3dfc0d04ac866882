"""Documents, checked to be what their names say and to run nothing."""

import io
import zipfile
import zlib

from guildry.kernel import errors
from guildry.platform.files import rules


class DocumentUnreadable(errors.Invalid):
    problem = errors.problem("document-unreadable", 422, "This document cannot be read")
    detail = "This document is damaged, incomplete, or carries something after its end. Save it again."


class DocumentActive(errors.Invalid):
    problem = errors.problem("document-active", 422, "This document runs something")
    detail = "This document runs a program or carries other files. Save it as a plain document."


class DocumentRefused(errors.Invalid):
    problem = errors.problem("document-refused", 422, "This document is not accepted")


def check(content: bytes, media_type: str) -> None:
    """Raise DocumentUnreadable, DocumentActive or DocumentRefused unless the document is whole and harmless."""
    if media_type == rules.PDF:
        _check_pdf(content)
    elif media_type in rules.MAIN_PART:
        _check_office(content, media_type)
    else:
        _check_text(content)


def _check_pdf(content: bytes) -> None:
    if not rules.is_whole_pdf(content):
        raise DocumentUnreadable(field="file")
    if rules.is_active_pdf(content):
        raise DocumentActive(field="file")


def _check_office(content: bytes, media_type: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [
                rules.Entry(item.filename, item.file_size, item.compress_size, bool(item.flag_bits & 1))
                for item in archive.infolist()
            ]
            if reason := rules.refused_archive(media_type, entries):
                raise DocumentRefused(reason, field="file")
            with archive.open("[Content_Types].xml") as part:
                types = part.read(rules.LARGEST_INDEX)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise DocumentUnreadable(field="file") from error
    if b"macroEnabled" in types:
        raise DocumentActive(field="file")


def _check_text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable(field="file") from error
    if "\x00" in text or rules.is_markup(content[:512]):
        raise DocumentUnreadable(field="file")
