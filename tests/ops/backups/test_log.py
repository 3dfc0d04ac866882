"""What is written between backups is kept whole: whatever happens to the log of SQLite, a moment is reached or refused."""

import itertools
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildry.ops.backups import archive, engines
from guildry.ops.backups.archive import Position, Writer
from guildry.ops.backups.engines import Log, LogGap, Place, Reached, Sqlite, wal
from guildry.ops.backups.engines.wal import WalFollower
from tests.factories.backups import KEYS, SECRET

BEGAN = datetime(2026, 7, 21, 8, tzinfo=UTC)
SIGNER = archive.public_key_of(SECRET)
Rows = list[tuple[int, str]]


@dataclass
class Site:
    """A database somebody writes to, the log that is kept of it, and what it held at each moment."""

    folder: Path
    now: datetime = BEGAN
    chain: int = 0
    seen: dict[datetime, tuple[str, Rows]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.folder / "site.db"
        self.log = self.folder / "log"
        self.log.mkdir()
        self.line = sqlite3.connect(self.database, isolation_level=None)
        self.line.execute("PRAGMA journal_mode=WAL")
        self.line.execute("PRAGMA synchronous=OFF")
        self.line.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, name TEXT)")
        self.line.execute("INSERT INTO django_migrations (name) VALUES ('first')")
        self.line.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, words TEXT)")
        self.begin()
        self.take()
        end = wal.copy(self.line, self.folder / "base.db")
        assert end
        self.base, self.base_at = Position(file=end.stream, offset=end.frame), self.now

    def begin(self) -> None:
        """Begin to follow, or go on where it was left off."""
        last = archive.last_record(self.log, {SIGNER})
        reached = Reached(last.record.stream, last.record.last, last.record.mark) if last else None
        self.follower = WalFollower(self.database, reached)
        self.writer = Writer(self.log, [KEYS[0].to_public()], SECRET, "sqlite")
        if last and self.follower.is_unbroken:
            self.writer.go_on(last)
        else:
            self.chain += 1
            self.writer.begin(f"{self.chain:08}")

    def keep(self, pieces: Iterator[engines.Piece]) -> None:
        self.now += timedelta(seconds=1)
        for piece in [*pieces, self.follower.idle()]:
            self.writer.add(
                piece.content, stream=piece.stream, first=piece.first, last=piece.last, unit=piece.unit,
                mark=piece.mark, at=self.now.isoformat(),
            )  # fmt: skip
        self.seen[self.now] = (self.writer._chain, self.rows())

    def take(self) -> None:
        self.keep(self.follower.take())

    def killed(self) -> None:
        """Let whoever follows be killed, and somebody write before the next one begins."""
        self.follower.close()
        self.write(3)
        self.begin()
        self.take()

    def stopped(self) -> None:
        """Let everybody end in order, and begin again."""
        self.now += timedelta(seconds=1)
        for piece in self.follower.last_words():
            self.writer.add(
                piece.content, stream=piece.stream, first=piece.first, last=piece.last, unit=piece.unit,
                mark=piece.mark, at=self.now.isoformat(),
            )  # fmt: skip
        self.line.close()
        self.line = sqlite3.connect(self.database, isolation_level=None)
        self.write(2)
        self.begin()
        self.take()

    def write(self, size: int) -> None:
        self.line.execute("BEGIN")
        self.line.executemany("INSERT INTO notes (words) VALUES (?)", [(f"{size} " * 500,)] * size)
        self.line.execute("COMMIT")

    def write_much(self) -> None:
        self.write(4500)

    def give_up(self) -> None:
        self.line.execute("BEGIN")
        self.line.executemany("INSERT INTO notes (words) VALUES (?)", [("never",)] * 50)
        self.line.execute("ROLLBACK")

    def delete(self) -> None:
        self.line.execute("DELETE FROM notes WHERE id % 2")

    def shrink(self) -> None:
        self.line.execute("VACUUM")

    def checkpoint(self) -> None:
        with closing(sqlite3.connect(self.database, timeout=0)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def rows(self) -> Rows:
        return self.line.execute("SELECT id, words FROM notes ORDER BY id").fetchall()

    def brought_up(self, until: datetime | None) -> Rows:
        """Return what a backup holds after the log was done again up to a moment."""
        path = self.folder / "again.db"
        path.write_bytes((self.folder / "base.db").read_bytes())
        log = Log(
            self.log, until=until, since=self.base_at, identities=(KEYS[0],), signers=frozenset({SIGNER})
        )
        Sqlite().replay(Place(str(path), "a file", path), self.base, log)
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return database.execute("SELECT id, words FROM notes ORDER BY id").fetchall()

    def close(self) -> None:
        self.follower.close()
        self.line.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def test_every_moment_since_a_backup_can_be_gone_back_to(site: Site) -> None:
    for step in (lambda: site.write(3), site.write_much, site.delete, site.shrink, lambda: site.write(1)):
        step()
        site.take()

    for moment, (_, rows) in site.seen.items():
        if moment >= site.base_at:
            assert site.brought_up(moment) == rows
    assert site.brought_up(None) == site.rows()


STEPS = (
    "write", "write", "write_much", "give_up", "delete", "shrink", "checkpoint", "checkpoint", "take", "take", "killed", "stopped",
)  # fmt: skip


@settings(max_examples=12)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=14))
def test_whatever_happens_a_moment_is_reached_exactly_or_refused(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        for step in steps:
            site.write(2) if step == "write" else getattr(site, step)()
        site.take()
        for moment, (chain, rows) in site.seen.items():
            if chain == "00000001" and moment >= site.base_at:
                assert site.brought_up(moment) == rows
            elif chain != "00000001":
                with pytest.raises(LogGap, match="the log ends at"):
                    site.brought_up(moment)
        site.close()


def test_nothing_that_was_not_read_is_overwritten_by_checkpoints_of_others(site: Site) -> None:
    for _ in range(5):
        site.write_much()
        site.checkpoint()
        site.write(1)
    site.take()

    assert site.chain == 1
    assert site.brought_up(None) == site.rows()


def test_the_log_of_the_database_does_not_grow_without_end(site: Site) -> None:
    sizes = []
    for _ in range(12):
        site.write(400)
        site.take()
        sizes.append(site.database.with_name("site.db-wal").stat().st_size)

    assert max(sizes) <= 6 * 1024 * 1024
    assert site.brought_up(None) == site.rows()


def test_an_orderly_end_leaves_no_gap(site: Site) -> None:
    site.write(5)
    site.stopped()

    assert site.chain == 1
    assert site.brought_up(None) == site.rows()


def test_a_gap_is_noticed_and_never_bridged(site: Site) -> None:
    site.follower.close()
    for _ in range(3):
        site.write_much()
        site.checkpoint()
    site.begin()
    site.take()

    assert site.chain == 2
    with pytest.raises(LogGap, match="the log ends at"):
        site.brought_up(site.now)
    with pytest.raises(LogGap, match="the log has a gap after"):
        site.brought_up(None)


def test_who_looks_on_keeps_what_nobody_reads_from_being_overwritten(site: Site) -> None:
    hold = wal.WalHold(site.database)
    site.take()
    site.write(3)
    hold.renew()
    site.follower.close()
    for _ in range(3):
        site.write_much()
        site.checkpoint()
    site.begin()
    site.take()
    hold.close()

    assert site.chain == 1
    assert site.brought_up(None) == site.rows()


def test_a_record_that_was_cut_by_a_kill_ends_the_log_and_nothing_else(site: Site) -> None:
    site.write(3)
    site.take()
    kept = site.rows()
    reached = site.now
    site.write(4)
    site.take()
    [file] = archive.files_of_log(site.log)
    records = list(archive.stored(file, {SIGNER}))
    whole = file.read_bytes()

    for end in range(records[-3].offset + records[-3].record.bytes, len(whole) - 1, 97):
        file.write_bytes(whole[:end])
        assert site.brought_up(reached) == kept
        with pytest.raises(LogGap, match="the log ends at"):
            site.brought_up(reached + timedelta(seconds=1))


def test_every_flip_in_a_log_is_noticed(site: Site) -> None:
    site.write(1)
    site.take()
    [file] = archive.files_of_log(site.log)
    whole = file.read_bytes()
    right = site.brought_up(None)

    for at in range(0, len(whole), 41):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
        try:
            found = site.brought_up(site.now)
        except LogGap:
            continue
        assert found == right, at


def test_records_of_somebody_else_or_in_another_order_are_not_taken(site: Site) -> None:
    site.write(1)
    site.take()
    [file] = archive.files_of_log(site.log)
    records = list(archive.stored(file, {SIGNER}))
    whole = file.read_bytes()
    begins = [0, *(each.offset + each.record.bytes for each in records)]
    pieces = [whole[one:two] for one, two in itertools.pairwise(begins)]

    with pytest.raises(archive.Damaged, match="nobody known signed"):
        archive.chains(site.log, {"somebody"})
    file.write_bytes(b"".join([*pieces[:1], *pieces[2:]]))
    with pytest.raises(LogGap, match="the record before 3 is not there"):
        site.brought_up(site.now)
    file.write_bytes(b"nonsense" * 9)
    with pytest.raises(archive.Damaged, match="no record at 0"):
        archive.chains(site.log, {SIGNER})


def test_a_moment_before_the_backup_or_a_transaction_is_refused(site: Site) -> None:
    with pytest.raises(LogGap, match="Take an older one"):
        site.brought_up(site.base_at - timedelta(seconds=1))
    log = Log(site.log, until_gtid="0-1-4711")
    place = Place("", "a file", site.folder / "base.db")
    with pytest.raises(LogGap, match="numbers no transactions"):
        Sqlite().replay(place, site.base, log)
    with pytest.raises(LogGap, match="does not say where the log stood"):
        Sqlite().replay(place, Position(), Log(site.log))
    with pytest.raises(LogGap, match="does not hold the moment"):
        Sqlite().replay(place, Position(file="ab", offset=1), Log(site.log, signers=frozenset({SIGNER})))


def test_what_was_deleted_is_not_in_a_copy(site: Site) -> None:
    site.line.execute("PRAGMA secure_delete=FAST")
    site.line.executemany("INSERT INTO notes (words) VALUES (?)", [("a confession " * 900,)] * 40)
    site.line.execute("INSERT INTO notes (words) VALUES ('a short confession')")
    site.line.execute("DELETE FROM notes")

    wal.copy(site.line, site.folder / "copy.db")

    assert b"confession" not in (site.folder / "copy.db").read_bytes()
