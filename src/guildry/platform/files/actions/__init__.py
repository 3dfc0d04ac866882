"""How files come in, are judged, and go."""

from guildry.platform.files.actions.cleaning import purge_files
from guildry.platform.files.actions.receiving import (
    FileEmpty,
    FileInUse,
    FileTooLarge,
    Inspected,
    TypeNotAccepted,
    TypesDisagree,
    UseUnknown,
    delete_file,
    inspect_upload,
    inspect_waiting,
    keep_upload,
    receive_upload,
    remove_content,
)

__all__ = [
    "FileEmpty",
    "FileInUse",
    "FileTooLarge",
    "Inspected",
    "TypeNotAccepted",
    "TypesDisagree",
    "UseUnknown",
    "delete_file",
    "inspect_upload",
    "inspect_waiting",
    "keep_upload",
    "purge_files",
    "receive_upload",
    "remove_content",
]
