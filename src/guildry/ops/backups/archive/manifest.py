"""What a backup says of itself, as the JSON that is signed."""

import msgspec

FORMAT = "gbk/1"
SUFFIX = ".gbk"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"


class Unreadable(ValueError):
    """A manifest is not written as manifests are."""


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the log of the database stood at the moment of the copy; empty where there is none."""

    gtid: str = ""
    file: str = ""
    offset: int = 0


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sealed file: its size and SHA-256 as it lies there, and those of what it holds."""

    name: str
    kind: str
    bytes: int
    sha256: str
    plain_bytes: int
    plain_sha256: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many rows a table had, and the digest of what stood in them."""

    name: str
    rows: int
    digest: str


class Media(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What members uploaded: how many files, their bytes, and the root of their Merkle tree."""

    objects: int
    bytes: int
    merkle: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that has to be true of a backup. Times are ISO 8601 in UTC."""

    format: str
    name: str
    app: str
    engine: str
    schema: str
    migrations: tuple[str, ...]
    position: Position
    started: str
    finished: str
    recipients: tuple[str, ...]
    retention_class: str
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    media: Media
    secrets: tuple[str, ...]
    tools: dict[str, str]

    @property
    def row_count(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def byte_count(self) -> int:
        return sum(part.bytes for part in self.parts)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.startswith("sqlite")


def encoded(manifest: Manifest) -> bytes:
    """Return the bytes that are signed."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1) + b"\n"


def decoded(raw: bytes) -> Manifest:
    """Read a manifest; raises Unreadable."""
    try:
        found = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"The manifest cannot be read: {error}.") from None
    if found.format != FORMAT:
        raise Unreadable(f"The manifest is written in the format {found.format!r}, not {FORMAT!r}.")
    return found
