"""The boxes of Hive 2 and hive_ce, the store of mobile clients: read, write, replay, and say what is damaged.

Nothing here knows Django, reads a setting or changes a file it was given.
"""

from guildry.ops.schemas.hive.book import MAX_TYPE_ID, MAX_TYPE_ID_OF_HIVE2, Book, Kind, UserType
from guildry.ops.schemas.hive.boxes import (
    Box,
    Damage,
    DamagedBox,
    Salvage,
    appended,
    compacted,
    new_box,
    read_box,
    salvaged,
)
from guildry.ops.schemas.hive.cipher import KEY_LENGTH, Cipher, CipherError
from guildry.ops.schemas.hive.frames import (
    TOMBSTONE,
    BadFrame,
    Flaw,
    Frame,
    Key,
    read_frame,
    write_frame,
)
from guildry.ops.schemas.hive.lock import Lock, LockedType, LockError, breaches, grown, type_breaches
from guildry.ops.schemas.hive.lock import parse as parse_lock
from guildry.ops.schemas.hive.reading import Unreadable, read_value
from guildry.ops.schemas.hive.values import (
    SETS,
    BigInt,
    Dialect,
    Instant,
    Items,
    Links,
    Pairs,
    Record,
    Span,
    Tag,
    Unread,
    Variant,
)
from guildry.ops.schemas.hive.writing import Unwritable, write_value

__all__ = [
    "KEY_LENGTH",
    "MAX_TYPE_ID",
    "MAX_TYPE_ID_OF_HIVE2",
    "SETS",
    "TOMBSTONE",
    "BadFrame",
    "BigInt",
    "Book",
    "Box",
    "Cipher",
    "CipherError",
    "Damage",
    "DamagedBox",
    "Dialect",
    "Flaw",
    "Frame",
    "Instant",
    "Items",
    "Key",
    "Kind",
    "Links",
    "Lock",
    "LockError",
    "LockedType",
    "Pairs",
    "Record",
    "Salvage",
    "Span",
    "Tag",
    "Unread",
    "Unreadable",
    "Unwritable",
    "UserType",
    "Variant",
    "appended",
    "breaches",
    "compacted",
    "grown",
    "new_box",
    "parse_lock",
    "read_box",
    "read_frame",
    "read_value",
    "salvaged",
    "type_breaches",
    "write_frame",
    "write_value",
]
