"""Keeping what the database writes between backups: sealed piece by piece, some seconds after it was written."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from django.db import connection

from guildry.kernel import clock, crypto, errors, ids, permissions
from guildry.kernel.permissions import Actor
from guildry.ops.backups import archive, engines, queries
from guildry.ops.backups.actions.making import NoRecipients
from guildry.ops.backups.archive import Stored, Writer
from guildry.ops.backups.engines import Follower, Piece, Reached
from guildry.ops.backups.queries import LogStatus

EVERY = 1.0
HEARTBEAT = timedelta(minutes=1)


class LogBusy(errors.Conflict):
    problem = errors.problem("backup-log-busy", 409, "Another process keeps the log")
    detail = "Another process keeps what is written between backups in this folder."


def follow_log(actor: Actor, *, is_over: Callable[[float], bool]) -> int:
    """Keep what the database writes until `is_over`, which waits for some seconds, says so; returns the number of records.

    Goes on where it was left off when nothing is missing in between, and begins anew otherwise. Raises NoRecipients,
    LogBusy, or EngineFailed.
    """
    permissions.require(actor, "backups.make")
    named = queries.current_recipients()
    if not named:
        raise NoRecipients
    engine = engines.engine_of(connection.vendor)
    with _only_one():
        last = archive.last_record(queries.log_folder(), queries.known_signers())
        reached = Reached(last.record.stream, last.record.last, last.record.mark) if last else None
        with closing(engine.follow(queries.spool_folder(), reached)) as follower:
            recipients = [archive.recipient_of(text) for text in named]
            writer = Writer(queries.log_folder(), recipients, crypto.site_keys()[0], follower.engine)
            if last and follower.is_unbroken:
                writer.go_on(last)
            else:
                writer.begin(ids.uuid7_hex())
            return _followed(follower, writer, is_over)


def _followed(follower: Follower, writer: Writer, is_over: Callable[[float], bool]) -> int:
    count, since = 0, _since(writer)
    while True:
        ends = is_over(EVERY if count else 0.0)
        at = clock.now()
        pieces = follower.last_words() if ends else follower.take()
        written = [_add(writer, piece, at) for piece in pieces]
        if not written and (writer.last is None or at - _moment(writer.last) > HEARTBEAT):
            written = [_add(writer, follower.idle(), at)]
        count += len(written)
        since = since or at
        queries.tell_log_status(LogStatus(clock.now(), at, since, count))
        if ends:
            return count


def _since(writer: Writer) -> datetime | None:
    """Return since when the log has no gap, or None when it begins now."""
    status = queries.log_status()
    return status.since if status and writer.last else None


def _add(writer: Writer, piece: Piece, at: datetime) -> Stored:
    return writer.add(
        piece.content, stream=piece.stream, first=piece.first, last=piece.last, unit=piece.unit, mark=piece.mark,
        at=at.isoformat(),
    )  # fmt: skip


def _moment(stored: Stored) -> datetime:
    return datetime.fromisoformat(stored.record.at)


@contextmanager
def _only_one() -> Iterator[None]:
    """Be the only one who keeps the log; raises LogBusy. The system lifts it when the process ends."""
    for folder in (queries.log_folder(), queries.spool_folder()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (queries.log_folder() / ".lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LogBusy from None
        yield
