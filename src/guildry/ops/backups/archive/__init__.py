"""The format of a backup, free of tables: signed manifest, parts sealed with age, and how each is proven."""

from guildry.ops.backups.archive.log import (
    Damaged,
    Record,
    Stored,
    Writer,
    chains,
    files_of_log,
    last_record,
    stored,
)
from guildry.ops.backups.archive.manifest import (
    FORMAT,
    MANIFEST,
    SIGNATURE,
    SUFFIX,
    Manifest,
    Media,
    Part,
    Position,
    Table,
    Unreadable,
    decoded,
    encoded,
)  # fmt: skip
from guildry.ops.backups.archive.members import (
    Entry,
    merkle_root,
    packed,
    portions,
    unpack,
)  # fmt: skip
from guildry.ops.backups.archive.sealing import (
    Broken,
    Identity,
    KeyUnfit,
    NoKey,
    identities_in,
    new_identity,
    opened,
    recipient_of,
    seal,
)  # fmt: skip
from guildry.ops.backups.archive.signing import Signer, public_key_of, signed, signer_of

__all__ = [
    "FORMAT", "MANIFEST", "SIGNATURE", "SUFFIX", "Broken", "Damaged", "Entry", "Identity", "KeyUnfit", "Manifest",
    "Media", "NoKey", "Part", "Position", "Record", "Signer", "Stored", "Table", "Unreadable", "Writer", "chains",
    "decoded", "encoded", "files_of_log", "identities_in", "last_record", "merkle_root", "new_identity", "opened", "packed", "portions", "public_key_of", "recipient_of", "seal", "signed",
    "signer_of", "stored", "unpack",
]  # fmt: skip
