"""Everything that can be wrong with a backup, by the name each proof gives it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    NOT_A_BACKUP = "not-a-backup"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_SIGNER = "unknown-signer"
    PART_MISSING = "part-missing"
    PART_EXTRA = "part-extra"
    PART_SWAPPED = "part-swapped"
    BYTES_MISMATCH = "bytes-mismatch"
    CIPHER_HASH = "cipher-hash"
    NO_RECIPIENT_KEY = "no-recipient-key"
    DECRYPT_FAILED = "decrypt-failed"
    PLAIN_HASH = "plain-hash"
    NOT_A_DUMP = "not-a-dump"
    SCHEMA_NEWER = "schema-newer-than-app"
    CLOCK_SKEW = "clock-skew"
    TABLE_MISSING = "table-missing"
    ROWS_MISMATCH = "rows-mismatch"
    DIGEST_MISMATCH = "digest-mismatch"
    MEDIA_MISMATCH = "media-mismatch"
    DATABASE_DAMAGED = "database-damaged"
    AUDIT_BROKEN = "audit-broken"
    PAGE_FAILED = "page-failed"
    GTID_GAP = "gtid-gap"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where it is, and what was seen there."""

    kind: Kind
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind} in {self.where}: {self.detail}"


@dataclass(frozen=True)
class Report:
    """What a proof found; `is_opened` says whether everything was opened to its end, or only looked at from outside."""

    name: str
    findings: tuple[Finding, ...] = ()
    is_opened: bool = False
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.findings


def told(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return findings as plain data."""
    return [{"kind": each.kind.value, "where": each.where, "detail": each.detail} for each in findings]
