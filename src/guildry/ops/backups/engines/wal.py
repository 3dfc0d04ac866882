"""The write-ahead log of SQLite, read while the site writes: nothing in it goes before it was read.

The file formats are those of https://www.sqlite.org/walformat.html.
"""

import os
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from guildry.ops.backups.archive import Record
from guildry.ops.backups.engines.common import EngineFailed, Piece, Reached

VERSION = 3007000
HEAD, FRAME_HEAD = 32, 24
# As many frames as after which SQLite itself would want to begin its log anew.
MOST_FRAMES = 1000
PORTION = 4000
PATIENCE, QUICKLY = 5.0, 0.5
SETTLED = 0.02
_index_head = struct.Struct("=IIIBBHII8s8s8s")
# SQLite holds its locks on these files for the whole process, and loses them all when one descriptor is closed.
_descriptors: dict[Path, int] = {}


@dataclass(frozen=True)
class End:
    """Where a log ends: the stream is named by its salts, and frames count from 1."""

    stream: str
    frame: int


def end_of(database: Path) -> End:
    """Return where the log of a database that somebody has open ends; raises EngineFailed."""
    descriptor = _descriptor(database.with_name(f"{database.name}-shm"))
    for _ in range(1000):
        raw = os.pread(descriptor, 2 * _index_head.size, 0)
        one, two = raw[: _index_head.size], raw[_index_head.size :]
        if one == two and len(one) == _index_head.size:
            version, _, _, is_there, _, _, frame, _, _, salts, _ = _index_head.unpack(one)
            if version != VERSION or not is_there:
                raise EngineFailed("SQLite keeps its log in a form that is not known here.")
            return End(salts.hex(), frame)
    raise EngineFailed("the index of the log of SQLite cannot be read.")


def _descriptor(path: Path) -> int:
    known = _descriptors.get(path)
    try:
        if known is None or os.fstat(known).st_ino != path.stat().st_ino:
            _descriptors[path] = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise EngineFailed(f"SQLite keeps no log of {path.name}: {error.strerror}.") from None
    return _descriptors[path]


@contextmanager
def nobody_writes(database: Path) -> Iterator[End]:
    """Keep everybody from writing for as long as it takes to look where the log ends."""
    with closing(_connected(database)) as line:
        # A log that was never written to has no name yet.
        line.execute("BEGIN IMMEDIATE")
        line.execute(
            "UPDATE django_migrations SET name = name WHERE id = (SELECT MIN(id) FROM django_migrations)"
        )
        line.execute("COMMIT")
        line.execute("BEGIN IMMEDIATE")
        try:
            yield end_of(database)
        finally:
            line.execute("ROLLBACK")


def copy(line: sqlite3.Connection, path: Path) -> End | None:
    """Write a database as it is now into a new file, and return where its log stood then, if it keeps one."""
    [(database,)] = line.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchall()
    [(mode,)] = line.execute("PRAGMA journal_mode").fetchall()
    with closing(sqlite3.connect(path)) as into:
        path.chmod(0o600)
        with nobody_writes(Path(database)) if mode == "wal" else nullcontext() as end:
            _look(line)
        try:
            line.backup(into)
        finally:
            line.execute("ROLLBACK")
        into.execute("PRAGMA journal_mode=DELETE")
    _blank_free_pages(path)
    return end


class Frames:
    """The frames of a log as they lie in its file."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-wal")

    def read(self, stream: str, first: int, last: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield last frame, number of frames and bytes of each portion that ends at `last` or with a whole transaction."""
        with self._path.open("rb") as file:
            size = int.from_bytes(file.read(HEAD)[8:12], "big") + FRAME_HEAD
            for begin in range(first, last + 1, PORTION):
                end = min(last, begin + PORTION - 1)
                file.seek(HEAD + (begin - 1) * size)
                content = file.read((end - begin + 1) * size)
                frames = [content[at : at + size] for at in range(0, len(content), size)]
                if len(frames) != end - begin + 1 or any(frame[8:16].hex() != stream for frame in frames):
                    raise EngineFailed("the log of SQLite changed while it was read.")
                # A page that was written more than once counts as it was written last.
                newest = {frame[:4]: frame for frame in frames}
                newest[frames[-1][:4]] = newest.pop(frames[-1][:4])
                yield end, size, b"".join(newest.values())

    def mark(self, frame: int) -> str:
        """Return the running checksum at a frame; empty when there is none."""
        try:
            with self._path.open("rb") as file:
                size = int.from_bytes(file.read(HEAD)[8:12], "big") + FRAME_HEAD
                file.seek(HEAD + (frame - 1) * size)
                return file.read(FRAME_HEAD)[16:24].hex() if frame else ""
        except FileNotFoundError:
            return ""


class WalHold:
    """A look at the database that is kept while nobody follows its log, so that little of it goes meanwhile."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._line: sqlite3.Connection | None = None

    def renew(self) -> None:
        """Look at the database as it is now, and no longer as it was."""
        before, self._line = self._line, _connected(self._database)
        _look(self._line)
        if before:
            before.close()

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


class WalFollower:
    """Reads a log as it grows. Somebody always looks at the database, so that no frame is overwritten before it was read."""

    engine = "sqlite"

    def __init__(self, database: Path, reached: Reached | None) -> None:
        self._database, self._frames = database, Frames(database)
        self._lines = [_connected(database), _connected(database)]
        self._worker = _connected(database)
        _look(self._lines[0])
        end = end_of(database)
        self.is_unbroken = reached is not None and self._goes_on(reached, end)
        is_same = reached is not None and self.is_unbroken and reached.stream == end.stream
        self._stream, self._done = end.stream, reached.last if reached and is_same else 0

    def take(self) -> Iterator[Piece]:
        """Yield what was written since it was called last."""
        end = end_of(self._database)
        yield from self._until(end)
        if end.frame > MOST_FRAMES:
            self._worker.execute("PRAGMA wal_checkpoint(PASSIVE)")
            with self._nobody_writes(QUICKLY) as is_quiet:
                if is_quiet:
                    yield from self._begin_anew()
                    return
        self._look_again()

    def last_words(self) -> Iterator[Piece]:
        """Yield the rest and what the file of the database looks like with everything in it, and let go."""
        yield from self._until(end_of(self._database))
        self._worker.execute("PRAGMA wal_checkpoint(PASSIVE)")
        with self._nobody_writes(PATIENCE) as is_quiet:
            yield from self._until(end_of(self._database))
            self._look_again()
            mark = self._frames.mark(self._done)
            if is_quiet and self._put_into_file():
                time.sleep(SETTLED)
                mark = f"{mark} {_looks_of(self._database)}"
            yield Piece(self._stream, self._done + 1, self._done, 0, mark, b"")
        self.close()

    def idle(self) -> Piece:
        """Return what says that nothing was written."""
        return Piece(self._stream, self._done + 1, self._done, 0, self._frames.mark(self._done), b"")

    def close(self) -> None:
        for line in (*self._lines, self._worker):
            line.close()

    def _goes_on(self, reached: Reached, end: End) -> bool:
        """Say whether nothing was lost between what was reached and now."""
        mark, _, looks = reached.mark.partition(" ")
        if reached.stream == end.stream and end.frame >= reached.last:
            return self._frames.mark(reached.last) == mark
        return bool(looks) and looks == _looks_of(self._database)

    def _until(self, end: End) -> Iterator[Piece]:
        if end.stream != self._stream:
            self._stream, self._done = end.stream, 0
        for last, unit, content in self._frames.read(self._stream, self._done + 1, end.frame):
            yield Piece(self._stream, self._done + 1, last, unit, content[-unit:][16:24].hex(), content)
            self._done = last

    def _begin_anew(self) -> Iterator[Piece]:
        """Have the log begun anew by whoever writes next, with nothing in it unread; call it while nobody writes."""
        yield from self._until(end_of(self._database))
        self._look_again()
        self._put_into_file()
        self._look_again()

    @contextmanager
    def _nobody_writes(self, patience: float) -> Iterator[bool]:
        """Keep others from writing; gives False when somebody who writes does not end in time."""
        with closing(_connected(self._database, patience)) as line:
            try:
                line.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                yield False
                return
            try:
                yield True
            finally:
                line.execute("ROLLBACK")

    def _put_into_file(self) -> bool:
        """Put everything into the file of the database; returns whether everything is in it."""
        [(is_busy, frames, done)] = self._worker.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return not is_busy and frames == done

    def _look_again(self) -> None:
        """Look at the database as it is now, and only then no longer as it was."""
        self._lines.reverse()
        _look(self._lines[0])
        self._lines[1].execute("ROLLBACK")


def apply(path: Path, pieces: Iterator[tuple[Record, bytes]]) -> None:
    """Put frames into the file of a database that nobody has open; it becomes as large as the last one says."""
    pages = unit = 0
    with path.open("r+b") as file:
        for record, content in pieces:
            unit = record.unit
            for at in range(0, len(content), unit):
                number, pages = struct.unpack_from(">II", content, at)
                file.seek((number - 1) * (unit - FRAME_HEAD))
                file.write(content[at + FRAME_HEAD : at + unit])
        if pages:
            file.truncate(pages * (unit - FRAME_HEAD))
        file.flush()
        os.fsync(file.fileno())
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


def _blank_free_pages(path: Path) -> None:
    """Have the pages of a file that hold nothing say nothing, for what was deleted still stands in them."""
    with path.open("r+b") as file:
        head = file.read(100)
        size = int.from_bytes(head[16:18], "big")
        size = 65536 if size == 1 else size
        trunk = int.from_bytes(head[32:36], "big")
        while trunk:
            file.seek((trunk - 1) * size)
            page = file.read(size)
            here, (trunk, count) = trunk, struct.unpack_from(">II", page)
            used = 8 + 4 * count
            file.seek((here - 1) * size + used)
            file.write(bytes(size - used))
            for leaf in struct.unpack_from(f">{count}I", page, 8):
                file.seek((leaf - 1) * size)
                file.write(bytes(size))


def ends_whole(record: Record, content: bytes) -> bool:
    """Say whether the last frame of a piece ends a transaction."""
    return struct.unpack_from(">I", content, len(content) - record.unit + 4)[0] > 0


def _look(line: sqlite3.Connection) -> None:
    line.execute("BEGIN")
    line.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()


def _looks_of(database: Path) -> str:
    seen = database.stat()
    return f"{seen.st_mtime_ns} {seen.st_size}"


def _connected(database: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    line = sqlite3.connect(database, timeout=patience, isolation_level=None, check_same_thread=False)
    line.execute("PRAGMA synchronous=NORMAL")
    line.execute("PRAGMA wal_autocheckpoint=0")
    return line
