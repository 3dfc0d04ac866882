"""The binary log of MariaDB: what happened after a backup, up to a transaction or a moment, done again elsewhere."""

import re
import subprocess
import tempfile
from pathlib import Path

from guildry.ops.backups.engines.common import EngineFailed, Log, LogGap
from guildry.ops.backups.engines.server import Address, program

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


def replay(log: Log, *, after: str, live: str, into: Address) -> None:
    """Do again, in another database, what was done in `live` after a position; raises LogGap or EngineFailed."""
    if not after:
        raise LogGap("the backup does not say where the log stood: the server kept none, or did not tell.")
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
