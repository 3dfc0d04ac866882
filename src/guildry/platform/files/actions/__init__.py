"""How files come in, are judged, and go."""

from guildry.platform.files.actions.cleaning import purge_files
from guildry.platform.files.actions.receiving import (
    FileEmpty,
    FileInUse,
    FileTooLarge,
    TypeNotAccepted,
    TypesDisagree,
    UseUnknown,
    delete_file,
    inspect_waiting,
    receive_upload,
    remove_content,
)

__all__ = [
    "FileEmpty",
    "FileInUse",
    "FileTooLarge",
    "TypeNotAccepted",
    "TypesDisagree",
    "UseUnknown",
    "delete_file",
    "inspect_waiting",
    "purge_files",
    "receive_upload",
    "remove_content",
]
