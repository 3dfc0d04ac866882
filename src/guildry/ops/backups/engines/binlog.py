"""The binary log of MariaDB: what happened after a backup, up to a transaction or a moment, done again elsewhere."""

import re
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from guildry.ops.backups.engines import sealed
from guildry.ops.backups.engines.common import EngineFailed, Log, LogGap, Piece, Reached
from guildry.ops.backups.engines.server import Address, program

PATIENCE = 10.0
PORTION = 8 * 1024 * 1024
MAGIC_BYTES, EVENT_HEAD = 4, 19
# Up to the end of when and by whom the first event was written.
HEAD = 13
_FILE = re.compile(r"(.+)\.(\d{6,})")
_GTID = re.compile(r"(\d+)-(\d+)-(\d+)")
_LIST = re.compile(r"Gtid list \[([^\]]*)\]", re.DOTALL)


def files_of(folder: Path) -> list[Path]:
    """Return the files of a log in their order; raises LogGap when one between them is missing, or none is there."""
    found = sorted((match, path) for path in folder.iterdir() if (match := _number(path.name)) is not None)
    if not found:
        raise LogGap(f"{folder} holds no files of a binary log.")
    numbers = [number for number, _ in found]
    if missing := sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers)):
        raise LogGap(f"the file number {missing[0]:06} is missing in {folder}.")
    return [path for _, path in found]


class BinlogFollower:
    """Reads the log as a server sends it to a replica, into files that are deleted once they were read to their end."""

    engine = "mariadb"

    def __init__(self, address: Address, spool: Path, reached: Reached | None) -> None:
        self._spool, self._context = spool / "files", ExitStack()
        self._spool.mkdir(mode=0o700, exist_ok=True)
        try:
            self._cursor = self._context.enter_context(address.opened())
            begin = self._first(reached)
            self._sending = self._begin(address, begin)
            self.is_unbroken = (
                reached is not None and reached.stream == begin and self._mark(begin) == reached.mark
            )
        except BaseException:
            self.close()
            raise
        self._stream, self._done = begin, reached.last if reached and self.is_unbroken else 0

    def take(self) -> Iterator[Piece]:
        """Yield what was written until now, for which the server is waited for; raises EngineFailed when it does not send."""
        self._cursor.execute("SHOW MASTER STATUS")
        wanted, size = self._cursor.fetchall()[0][:2]
        deadline = time.monotonic() + PATIENCE
        while True:
            before = (self._stream, self._done)
            yield from self._there()
            if (_order(self._stream), self._done) >= (_order(wanted), int(size)):
                return
            deadline = time.monotonic() + PATIENCE if before != (self._stream, self._done) else deadline
            if self._sending.poll() is not None or time.monotonic() > deadline:
                raise EngineFailed("MariaDB no longer sends what it writes.")
            time.sleep(0.02)

    def last_words(self) -> Iterator[Piece]:
        yield from self.take()
        self.close()

    def idle(self) -> Piece:
        return Piece(self._stream, self._done + 1, self._done, 1, self._mark(self._stream), b"")

    def close(self) -> None:
        self._context.close()

    def _first(self, reached: Reached | None) -> str:
        """Return the file to begin with: the one that was reached if it is still there, or the one in use."""
        self._cursor.execute("SELECT @@GLOBAL.log_bin")
        if not self._cursor.fetchall()[0][0]:
            raise EngineFailed("MariaDB keeps no binary log. Set log_bin and server_id in its options.")
        self._cursor.execute("SHOW BINARY LOGS")
        names = [row[0] for row in self._cursor.fetchall()]
        return reached.stream if reached and reached.stream in names else names[-1]

    def _begin(self, address: Address, begin: str) -> "subprocess.Popen[bytes]":
        for left in self._spool.iterdir():
            left.unlink()
        options = self._context.enter_context(address.options())
        complaints = self._context.enter_context((self._spool.parent / "said").open("w+b"))
        command = [
            program("mariadb-binlog", "mariadb-client"), options, "--read-from-remote-server", "--raw", "--stop-never",
            f"--stop-never-slave-server-id={secrets.randbelow(2**31) + 2**31}", f"--result-file={self._spool}/", begin,
        ]  # fmt: skip
        sending = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaints)
        self._context.callback(sending.wait)
        self._context.callback(sending.kill)
        deadline = time.monotonic() + PATIENCE
        while not self._mark(begin):
            if sending.poll() is not None or time.monotonic() > deadline:
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").strip()[-300:]
                raise EngineFailed(f"MariaDB does not send its log: {said}")
            time.sleep(0.02)
        return sending

    def _there(self) -> Iterator[Piece]:
        """Yield what lies there unread; a file is done when the next one was begun."""
        while True:
            path = self._spool / self._stream
            following = [name for name in self._names() if _order(name) > _order(self._stream)]
            with path.open("rb") as file:
                file.seek(self._done)
                while content := file.read(PORTION):
                    last = self._done + len(content)
                    yield Piece(self._stream, self._done + 1, last, 1, self._mark(self._stream), content)
                    self._done = last
            if not following:
                return
            path.unlink()
            self._stream, self._done = following[0], 0

    def _names(self) -> list[str]:
        return sorted((path.name for path in self._spool.iterdir()), key=_order)

    def _mark(self, name: str) -> str:
        """Return when and by which server a file was begun, which tells it from another one of the same name."""
        try:
            with (self._spool / name).open("rb") as file:
                head = file.read(HEAD)
        except FileNotFoundError:
            return ""
        return head[4:].hex() if len(head) == HEAD else ""


@contextmanager
def laid_out(log: Log) -> Iterator[Log]:
    """Give a log in files of MariaDB, which a sealed one is opened into."""
    if not sealed.is_sealed(log):
        yield log
        return
    with tempfile.TemporaryDirectory(prefix="guildry-log-") as folder:
        path = Path(folder)
        for record, content in sealed.opened(sealed.needed(sealed.chain_since(log), log), log):
            path = Path(folder) / record.stream
            with path.open("ab") as file:
                if file.tell() != record.first - 1:
                    raise LogGap(f"{record.stream} is not in the log from its beginning.")
                file.write(content)
        _cut_to_whole_events(path)
        yield replace(log, folder=Path(folder))


def _cut_to_whole_events(path: Path) -> None:
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        end = MAGIC_BYTES
        while end + EVENT_HEAD <= size:
            file.seek(end + 9)
            length = int.from_bytes(file.read(4), "little")
            if length < EVENT_HEAD or end + length > size:
                break
            end += length
        file.truncate(end)


def _order(name: str) -> int:
    return _number(name) or 0


def replay(log: Log, *, after: str, live: str, into: Address) -> None:
    """Do again, in another database, what was done in `live` after a position; raises LogGap or EngineFailed."""
    if not after:
        raise LogGap("the backup does not say where the log stood: the server kept none, or did not tell.")
    with laid_out(log) as there:
        _replay(there, after=after, live=live, into=into)


def _replay(log: Log, *, after: str, live: str, into: Address) -> None:
    files = files_of(log.folder)
    _check_start(files[0], after)
    if log.until_gtid:
        _check_end(files, log.until_gtid)
    command = [
        program("mariadb-binlog", "mariadb-client"), f"--start-position={after}", f"--rewrite-db={live}->{into.name}",
        f"--database={live}", *_stop(log), *map(str, files),
    ]  # fmt: skip
    with into.options() as options, tempfile.TemporaryFile() as complaints:
        client = [program("mariadb", "mariadb-client"), options, "--binary-mode", into.name]
        reading = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints)
        done = subprocess.run(client, stdin=reading.stdout, stdout=subprocess.DEVNULL, stderr=complaints)
        if reading.stdout:
            reading.stdout.close()
        if reading.wait() or done.returncode:
            complaints.seek(0)
            raise EngineFailed(
                f"the log cannot be replayed: {complaints.read().decode(errors='replace')[-300:]}"
            )


def _number(name: str) -> int | None:
    match = _FILE.fullmatch(name)
    return int(match[2]) if match else None


def _stop(log: Log) -> list[str]:
    if log.until_gtid:
        return [f"--stop-position={log.until_gtid}"]
    return [f"--stop-datetime={log.until.astimezone():%Y-%m-%d %H:%M:%S}"] if log.until else []


def _check_start(first: Path, after: str) -> None:
    """Refuse a log that begins after the backup; what it says stands at its beginning happened before it."""
    reached = {domain: int(seq) for domain, _, seq in _GTID.findall(after)}
    begins = _LIST.search(_shown(first, "--stop-position=4096"))
    for domain, _, seq in _GTID.findall(begins[1]) if begins else []:
        if int(seq) > reached.get(domain, 0):
            raise LogGap(f"{first.name} begins after transaction {domain}-{seq}, the backup ends at {after}.")


def _check_end(files: list[Path], wanted: str) -> None:
    """Refuse a log in which the transaction to stop at is not."""
    pattern = re.compile(rf"GTID {re.escape(wanted)}\b")
    if not any(pattern.search(_shown(path)) for path in reversed(files)):
        raise LogGap(f"transaction {wanted} is not in the log.")


def _shown(path: Path, *options: str) -> str:
    command = [program("mariadb-binlog", "mariadb-client"), "--base64-output=never", *options, str(path)]
    done = subprocess.run(command, capture_output=True)
    return done.stdout.decode(errors="replace")
