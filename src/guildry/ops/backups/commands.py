"""The verb `guildry backup`: nothing secret is given in words, for every process can read those of another."""

import argparse
import json
import os
import re
import select
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections

from guildry.kernel import clock, errors
from guildry.kernel.permissions import SYSTEM
from guildry.ops.backups import actions, archive, queries, tasks
from guildry.ops.backups.engines import EngineFailed, Log
from guildry.ops.backups.models import Backup, Drill
from guildry.ops.backups.rules import Report, told
from guildry.platform.runtime import actions as runtime

OK, USAGE, DEPENDENCY, VERIFY_FAILED, LOCKED, CONFIGURATION = 0, 64, 69, 73, 75, 78

# A restore may begin where there is no database yet.
WITHOUT_A_SITE = frozenset({"keys", "restore", "pitr", "smoke"})
ASKED = "It was asked for on the command line."
TRANSACTION = re.compile(r"\d+-\d+-\d+")


class CannotKeep(Exception):
    """What is written between backups cannot be kept; the text says why."""


class CannotDo(Exception):
    """What was asked for on the command line cannot be done; the text says why."""


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="VERB", required=True)
    _making_verbs(verbs)
    _proving_verbs(verbs)
    _restoring_verbs(verbs)
    verbs.add_parser(
        "log", help="keep what is written between backups until the input ends; what the site calls"
    )
    verbs.add_parser("run", help="make the next ordered backup; what the site itself calls")
    verbs.add_parser("smoke", help="open the community in a folder and say what was seen; what a drill calls")
    _common(verbs)


def _making_verbs(verbs: Any) -> None:
    keys = verbs.add_parser("keys", help="make keys to seal backups to, or show whose signature is on them")
    keys.add_argument("--to", type=Path, metavar="FILE", help="write the private half into this new file")
    create = verbs.add_parser("create", help="make a backup now, prove it, and give it its name")
    create.add_argument("--drill", action="store_true", help="rehearse it at once")
    prune = verbs.add_parser("prune", help="delete the backups whose time is over")
    prune.add_argument("--dry-run", action="store_true", help="only say which, and why the others stay")
    for verb in (create, prune):
        verb.add_argument("--reason", default=ASKED, help="why, for the trail")


def _proving_verbs(verbs: Any) -> None:
    verbs.add_parser("list", help="list the backups on record, the newest first")
    verify = verbs.add_parser(
        "verify", help="prove a backup: signature, parts, and all of it opened with a key"
    )
    drill = verbs.add_parser("drill", help="rehearse a backup: bring it up elsewhere and compare every row")
    _signer(verify)
    for verb in (verify, drill):
        _takes_backup(verb)
        verb.add_argument("--reason", default=ASKED, help="why, for the trail")


def _restoring_verbs(verbs: Any) -> None:
    restore = verbs.add_parser("restore", help="let the community go on from a backup; the site must not run")
    pitr = verbs.add_parser("pitr", help="restore, then do again what the log holds up to a point")
    whose = "folder with the log, ours or the files of MariaDB (default: where the site keeps it)"
    pitr.add_argument("--log", type=Path, metavar="DIR", help=whose)
    form = "a moment such as 2026-07-21T08:00:00+00:00, a transaction of MariaDB such as 0-1-4711, or latest"
    pitr.add_argument("--until", required=True, metavar="WHEN", help=form)
    for verb in (restore, pitr):
        _takes_backup(verb)
        _signer(verb)
        verb.add_argument("--reason", required=True, help="why, for the trail")


def _takes_backup(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("backup", metavar="BACKUP", help="its name, or the path of a .gbk folder")
    verb.add_argument("--identity", type=Path, metavar="FILE", help="file with the private key that opens it")


def _signer(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--signer", action="append", default=[], metavar="KEY", help="trust this signer as well"
    )


def _common(verbs: Any) -> None:
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="print JSON")
        verb.add_argument("--data", metavar="DIR", help="folder of database, uploads and keys (default data)")
        verb.add_argument("--database-file", help=argparse.SUPPRESS)


def backup(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    try:
        if chosen.what not in WITHOUT_A_SITE:
            runtime.use_what_is_stored(SYSTEM)
        return VERBS[chosen.what](chosen)
    except actions.NotRight as refusal:
        sys.stderr.write("".join(f"{finding}\n" for finding in refusal.report.findings))
        return _refused(VERIFY_FAILED, refusal)
    except (actions.FolderBusy, actions.LogBusy, actions.SiteRuns) as refusal:
        return _refused(LOCKED, refusal)
    except actions.NoRecipients as refusal:
        return _refused(CONFIGURATION, refusal)
    except (actions.BackupFailed, actions.NotDoneAgain, CannotKeep, DatabaseError) as refusal:
        return _refused(DEPENDENCY, refusal)
    except (CannotDo, archive.KeyUnfit, errors.DomainError) as refusal:
        return _refused(USAGE, refusal)


def keys(chosen: argparse.Namespace) -> int:
    signer = queries.own_signer()
    if chosen.to is None:
        return _told(chosen, {"signer": signer}, f"Backups of this site are signed with {signer}")
    identity = archive.new_identity()
    public = str(identity.to_public())
    head = f"# A key that opens backups of a community.\n# Public half: {public}\n# Signer of its backups: {signer}\n"
    _write_new(chosen.to, f"{head}{identity}\n")
    lines = [
        f"{chosen.to} holds the private half. Keep it away from this machine: whoever has it reads every backup.",
        f"Public half, for the setting backup.recipients: {public}",
        f"Write down whose signature counts: {signer}",
    ]
    return _told(chosen, {"recipient": public, "signer": signer}, "\n".join(lines))


def create(chosen: argparse.Namespace) -> int:
    own = queries.passing_keys()
    ordered = actions.order_backup(SYSTEM, reason=chosen.reason, wants_drill=chosen.drill)
    made = actions.make_backup(SYSTEM, backup=ordered, identities=own)
    drill = None
    if chosen.drill:
        drill = actions.drill_backup(SYSTEM, backup=made, identities=list(own), reason=chosen.reason)
    place = queries.path_of(made.name)
    lines = [
        f"{place}\n{_size(made.byte_count)}, {made.row_count} rows, {made.object_count} files, {made.seconds:g} s"
    ]
    _told(
        chosen,
        {**_plain(made), "path": str(place), "drill": _plain_drill(drill) if drill else None},
        "\n".join([*lines, *([_drilled(drill)] if drill else [])]),
    )
    return VERIFY_FAILED if drill and not drill.is_passed else OK


def listed(chosen: argparse.Namespace) -> int:
    actions.adopt_folder(SYSTEM)
    rows = queries.on_record(SYSTEM, size=1000).items
    lines = [
        f"{row.name:<24} {row.state:<9} {_size(row.byte_count):>10} {row.row_count:>10} rows  {row.failure or row.held}"
        for row in rows
    ]
    text = "\n".join(line.rstrip() for line in lines) or "There are no backups."
    return _told(chosen, [_plain(row) for row in rows], text)


def verify(chosen: argparse.Namespace) -> int:
    identities = _identities(chosen)
    found, path = _meant(chosen.backup)
    if found is None or chosen.signer:
        report = queries.examined(
            path, signers={*queries.known_signers(), *chosen.signer}, identities=identities
        )
    else:
        report = actions.verify_backup(SYSTEM, backup=found, identities=identities, reason=chosen.reason)
    _told(chosen, _plain_report(report), _verified(report))
    return OK if report.is_right else VERIFY_FAILED


def drill(chosen: argparse.Namespace) -> int:
    identities = _identities(chosen)
    found, _ = _meant(chosen.backup)
    if found is None:
        raise CannotDo(
            f"{chosen.backup} is not on record here. A drill is kept with the backup it is one of."
        )
    if not identities:
        raise CannotDo(
            "Name the file with a private key: --identity FILE. A new backup is rehearsed without one."
        )
    done = actions.drill_backup(SYSTEM, backup=found, identities=identities, reason=chosen.reason)
    _told(chosen, _plain_drill(done), _drilled(done))
    return OK if done.is_passed else VERIFY_FAILED


def restore(chosen: argparse.Namespace) -> int:
    identities = _identities(chosen)
    if not identities:
        raise CannotDo("Name the file with a private key: --identity FILE.")
    path = Path(chosen.backup)
    path = path if path.is_dir() else queries.path_of(chosen.backup)
    done = actions.restore_backup(
        SYSTEM,
        path=path,
        identities=identities,
        reason=chosen.reason,
        signers=frozenset(chosen.signer),
        log=_log_of(chosen),
    )
    lines = [
        f"The community goes on from {done.name}: {done.rows} rows and {done.files} files, each as it was.",
        f"What was there before lies in {done.aside}, its database in {done.database_aside}. Delete it when you know that you need it no more.",
    ]
    if not done.is_current:
        lines.append("Its schema is older than this program; the next start brings it up to date.")
    content = {"name": done.name, "aside": str(done.aside), "rows": done.rows, "files": done.files}
    return _told(chosen, {**content, "is_current": done.is_current}, "\n".join(lines))


def prune(chosen: argparse.Namespace) -> int:
    gone, reasons = queries.to_prune()
    if not chosen.dry_run:
        gone = actions.prune_backups(SYSTEM, reason=chosen.reason)
    word = "goes" if chosen.dry_run else "is gone"
    lines = [f"{each.name:<24} {word}" for each in gone]
    lines += [f"{name:<24} stays: {', '.join(why)}" for name, why in sorted(reasons.items(), reverse=True)]
    content = {"gone": [each.name for each in gone], "kept": reasons}
    return _told(chosen, content, "\n".join(lines) or "There are no backups.")


def run(chosen: argparse.Namespace) -> int:
    return OK if tasks.run_next() else _told(chosen, {}, "Nothing is ordered.")


def log(chosen: argparse.Namespace) -> int:
    """Keep what is written until standard input ends; a terminal or a site that ends also ends it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        count = actions.follow_log(SYSTEM, is_over=_input_ends)
    except (EngineFailed, archive.Damaged, OSError, sqlite3.Error) as error:
        now = clock.now()
        queries.tell_log_status(queries.LogStatus(now, now, now, problem=str(error)))
        raise CannotKeep(str(error)) from error
    return _told(chosen, {"records": count}, f"{count} records were kept.")


def _input_ends(seconds: float) -> bool:
    # What is followed must not be kept open by the one who follows it.
    connections.close_all()
    waiting, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(waiting) and not os.read(sys.stdin.fileno(), 4096)


def smoke(chosen: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(queries.smoke()) + "\n")
    return OK


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "keys": keys, "create": create, "list": listed, "verify": verify, "drill": drill, "restore": restore, "pitr": restore,
    "prune": prune, "run": run,
    "log": log, "smoke": smoke,
}  # fmt: skip


def _log_of(chosen: argparse.Namespace) -> Log | None:
    """Return what is to be done again after a restore, if anything is; raises CannotDo."""
    if chosen.what != "pitr":
        return None
    folder = chosen.log or queries.log_folder()
    if not folder.is_dir():
        raise CannotDo(f"{folder} is no folder.")
    signers = frozenset(chosen.signer)
    if chosen.until == "latest":
        return Log(folder, signers=signers)
    if TRANSACTION.fullmatch(chosen.until):
        return Log(folder, until_gtid=chosen.until, signers=signers)
    try:
        moment = datetime.fromisoformat(chosen.until)
    except ValueError:
        raise CannotDo(f"{chosen.until} is neither a transaction such as 0-1-4711 nor a moment.") from None
    if moment.tzinfo is None:
        raise CannotDo(f"{chosen.until} has no time zone. Write +00:00 after it for UTC.")
    return Log(folder, until=moment, signers=signers)


def _meant(word: str) -> tuple[Backup | None, Path]:
    """Return the backup on record that a name or path means, and where it lies; raises CannotDo."""
    path = Path(word)
    if path.is_dir():
        name = path.absolute().name.removesuffix(archive.SUFFIX)
        is_ours = path.absolute() == queries.path_of(name).absolute()
        actions.adopt_folder(SYSTEM)
        return (queries.backup_called(name) if is_ours else None), path
    actions.adopt_folder(SYSTEM)
    found = queries.backup_called(word)
    if found is None:
        raise CannotDo(f"No backup is called {word}. `guildry backup list` lists them.")
    return found, queries.path_of(found.name)


def _identities(chosen: argparse.Namespace) -> list[archive.Identity]:
    if chosen.identity is None:
        return []
    try:
        return queries.identities_of(chosen.identity)
    except OSError as error:
        raise CannotDo(f"{chosen.identity}: {error.strerror}.") from None


def _write_new(path: Path, content: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotDo(f"{path}: {error.strerror}.") from None
    with open(descriptor, "w") as file:
        file.write(content)


def _verified(report: Report) -> str:
    if not report.is_right:
        return "\n".join(map(str, report.findings))
    rest = (
        "and all of it opens."
        if report.is_opened
        else "but nothing was opened: that takes a key, --identity FILE."
    )
    return f"{report.name} is as it was signed, {rest}"


def _drilled(drill: Drill) -> str:
    if drill.is_passed:
        figures = drill.figures
        return (
            f"Drill passed in {drill.seconds:g} s, in {drill.place}: {figures['rows']} rows of {figures['tables']} tables, "
            f"{figures['files']} files, {figures['facts']} facts and {figures['pages']} pages are right."
        )
    return "\n".join(
        [
            "Drill failed:",
            *(f"{each['kind']} in {each['where']}: {each['detail']}" for each in drill.findings),
        ]
    )


def _plain(row: Backup) -> dict[str, Any]:
    return {
        "name": row.name, "state": row.state, "engine": row.engine, "bytes": row.byte_count, "rows": row.row_count,
        "files": row.object_count, "seconds": row.seconds, "failure": row.failure, "held": row.held,
        "finished_at": row.finished_at and row.finished_at.isoformat(),
        "verified_at": row.verified_at and row.verified_at.isoformat(),
    }  # fmt: skip


def _plain_drill(row: Drill) -> dict[str, Any]:
    return {
        "is_passed": row.is_passed, "place": row.place, "seconds": row.seconds, "findings": row.findings, **row.figures,
    }  # fmt: skip


def _plain_report(report: Report) -> dict[str, Any]:
    return {
        "name": report.name, "is_right": report.is_right, "is_opened": report.is_opened, **report.figures,
        "findings": told(report.findings), "at": clock.now().isoformat(),
    }  # fmt: skip


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MB"


def _told(chosen: argparse.Namespace, content: Any, text: str) -> int:
    sys.stdout.write((json.dumps(content, indent=1) if chosen.json else text) + "\n")
    return OK


def _refused(code: int, refusal: Exception) -> int:
    sys.stderr.write(f"guildry: {refusal}\n")
    return code
