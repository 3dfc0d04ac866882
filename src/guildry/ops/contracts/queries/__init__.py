"""What is asked of the contracts: the documents, their hashes, what was released, and how sets differ."""

from guildry.ops.contracts.queries.changes import (
    Difference,
    changes_since,
    coverage,
    difference,
    history_of,
    notes_in,
)
from guildry.ops.contracts.queries.documents import (
    CLIENTS,
    FOLDER,
    HISTORY,
    NoContracts,
    client_files,
    documents,
    files,
    history,
    last_released,
    manifest,
    program_set,
    released,
    set_at,
)
from guildry.ops.contracts.queries.offline import offline
from guildry.ops.contracts.queries.sockets import asyncapi

__all__ = [
    "CLIENTS",
    "FOLDER",
    "HISTORY",
    "Difference",
    "NoContracts",
    "asyncapi",
    "changes_since",
    "client_files",
    "coverage",
    "difference",
    "documents",
    "files",
    "history",
    "history_of",
    "last_released",
    "manifest",
    "notes_in",
    "offline",
    "program_set",
    "released",
    "set_at",
]
