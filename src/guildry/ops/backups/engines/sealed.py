"""Finding in a sealed log what leads from a backup to a later moment, without a gap."""

from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile

from guildry.ops.backups import archive
from guildry.ops.backups.archive import Position, Stored
from guildry.ops.backups.engines.common import Log, LogGap


def is_sealed(log: Log) -> bool:
    return bool(archive.files_of_log(log.folder))


def chain_with(log: Log, stream: str) -> list[Stored]:
    """Return the log without a gap in which a stream is; raises LogGap."""
    chains = _chains(log)
    for chain in chains:
        if any(each.record.stream == stream for each in chain):
            return _up_to(chain, log, is_last=chain is chains[-1])
    raise LogGap("the log does not hold the moment of the backup.")


def chain_since(log: Log) -> list[Stored]:
    """Return the log without a gap that was kept at the moment of the backup; raises LogGap."""
    chains = _chains(log)
    for chain in chains:
        first, last = moment_of(chain[0]), moment_of(chain[-1])
        if log.since is None or first <= log.since <= last:
            return _up_to(chain, log, is_last=chain is chains[-1])
    raise LogGap("the log does not hold the moment of the backup.")


def behind(chain: list[Stored], position: Position) -> list[Stored]:
    """Return the records behind a position; raises LogGap when what follows it at once is not there."""
    here = list(dropwhile(lambda each: each.record.stream != position.file, chain))
    rest = [
        each for each in here if each.record.stream != position.file or each.record.last > position.offset
    ]
    rest = [each for each in rest if not each.record.is_empty]
    if rest and rest[0].record.stream == position.file and rest[0].record.first > position.offset + 1:
        raise LogGap("the log begins after the backup.")
    return rest


def needed(chain: list[Stored], log: Log) -> list[Stored]:
    """Leave out streams that ended before the backup was made."""
    before = [each for each in chain if log.since and moment_of(each) < log.since]
    stream = (before or chain)[-1 if before else 0].record.stream
    here = dropwhile(lambda each: each.record.stream != stream, chain)
    return [each for each in here if not each.record.is_empty]


def moment_of(each: Stored) -> datetime:
    return datetime.fromisoformat(each.record.at)


def opened(records: list[Stored], log: Log) -> Iterator[tuple[archive.Record, bytes]]:
    """Open records one by one; raises LogGap when one is not what was signed."""
    for each in records:
        try:
            yield each.record, each.opened(log.identities)
        except archive.Damaged as error:
            raise LogGap(str(error)) from error


def _chains(log: Log) -> list[list[Stored]]:
    try:
        return archive.chains(log.folder, set(log.signers))
    except archive.Damaged as error:
        raise LogGap(str(error)) from error


def _up_to(chain: list[Stored], log: Log, *, is_last: bool) -> list[Stored]:
    """Leave out what is later than the moment to stop at; raises LogGap when the log does not reach it."""
    if log.until is None and not is_last:
        raise LogGap(
            f"the log has a gap after {chain[-1].record.at}. Name that moment, or take a later backup."
        )
    if log.until is None:
        return chain
    if log.since and log.until < log.since:
        raise LogGap(
            f"the backup is of {log.since:%Y-%m-%d %H:%M:%S} UTC, which is later. Take an older one."
        )
    # Records of one moment belong together, and the last of them may be missing.
    last = moment_of(chain[-1])
    if last < log.until or (last == log.until and not chain[-1].record.is_empty):
        raise LogGap(f"the log ends at {chain[-1].record.at}.")
    return [each for each in chain if moment_of(each) <= log.until]
