"""Comparing what was brought up again with what the manifest says was there."""

from collections.abc import Iterable, Iterator

from guildry.ops.backups import archive
from guildry.ops.backups.archive import Entry, Manifest, Table
from guildry.ops.backups.rules import Finding, Kind


def compare_tables(manifest: Manifest, found: Iterable[Table]) -> Iterator[Finding]:
    """Yield every table that is not, row for row, what it was."""
    there = {table.name: table for table in found}
    for table in manifest.tables:
        if table.name not in there:
            yield Finding(Kind.TABLE_MISSING, table.name, f"its {table.rows} rows are not there")
        elif there[table.name].rows != table.rows:
            said = f"{there[table.name].rows} rows instead of {table.rows}"
            yield Finding(Kind.ROWS_MISMATCH, table.name, said)
        elif there[table.name].digest != table.digest:
            yield Finding(Kind.DIGEST_MISMATCH, table.name, "its rows say something else")


def missing_or_changed_media(manifest: Manifest, found: list[Entry]) -> Iterator[Finding]:
    """Yield what is wrong with the uploads that were brought up, if anything is."""
    root = archive.merkle_root(found)
    if (len(found), root) != (manifest.media.objects, manifest.media.merkle):
        said = f"{len(found)} files instead of {manifest.media.objects}, or others"
        yield Finding(Kind.MEDIA_MISMATCH, "uploads", said)
