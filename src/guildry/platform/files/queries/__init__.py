"""What is known about files: their addresses, how large they may be, and what their content is."""

from guildry.platform.files.queries.scanner import scanner_answers
from guildry.platform.files.queries.stored import (
    Served,
    address_of,
    file_of,
    files_by_key,
    most_megabytes,
    opened,
    path_of,
)

__all__ = [
    "Served",
    "address_of",
    "file_of",
    "files_by_key",
    "most_megabytes",
    "opened",
    "path_of",
    "scanner_answers",
]
