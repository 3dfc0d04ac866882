"""The verb `guildry migrate`: what waits, carrying it out, how it stands, and back."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import DatabaseError

from guildry.kernel.errors import DomainError
from guildry.kernel.permissions import SYSTEM
from guildry.platform.upgrades import actions, queries
from guildry.platform.upgrades.executor.locking import Busy
from guildry.platform.upgrades.executor.running import HiddenStatement, Paused, VerificationFailed
from guildry.platform.upgrades.queries import planning
from guildry.platform.upgrades.rules import Exit, Status

ASKED_HERE = "Asked for on the command line"


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="VERB", required=True)
    lint = verbs.add_parser("lint", help="hold the migrations of the project against the rules M01 to M18")
    lint.add_argument("--json", action="store_true", help="print one JSON object")
    plan = verbs.add_parser(
        "plan", help="say what would be done, and what each statement does to those who write"
    )
    plan.add_argument("--json", action="store_true", help="print one JSON object")
    status = verbs.add_parser("status", help="say what waits, what is under way and what was done last")
    status.add_argument("--json", action="store_true", help="print one JSON object")
    status.add_argument("--count", type=int, default=10, help="how many changes (default 10)")
    run = verbs.add_parser("run", help="carry out whatever waits")
    resume = verbs.add_parser("resume", help="let paused backfills go on and carry out the rest")
    back = verbs.add_parser("rollback", help="undo every migration of an app after the one named")
    back.add_argument("app", help="label of the app, such as timeline")
    back.add_argument("name", help="migration to go back to; zero for before the first")
    back.add_argument(
        "--lose-data",
        action="store_true",
        help="go ahead although what is in these tables or columns is lost",
    )
    pause = verbs.add_parser("pause", help="let backfills rest after the chunk they are at")
    for verb in (resume, back, pause):
        verb.add_argument(
            "--reason", default=ASKED_HERE, metavar="WHY", help="kept in the audit trail with the act"
        )
    for verb in (run, resume):
        verb.add_argument(
            "--without-backup", action="store_true", help="go ahead without a proven copy of the data"
        )
    for verb in (run, resume, back):
        verb.add_argument(
            "--wait",
            type=float,
            default=10,
            metavar="S",
            help="seconds to wait for somebody else (default 10)",
        )
    for verb in (status, plan, run, resume, back, pause):
        verb.add_argument("--data", metavar="DIR", help="folder of database, uploads and keys (default data)")


def migrate(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    verbs = {
        "lint": _lint,
        "plan": _plan,
        "status": _status,
        "run": _run,
        "resume": _resume,
        "rollback": _roll_back,
        "pause": _pause,
    }
    return _guarded(lambda: verbs[chosen.what](chosen))


def _guarded(act: Callable[[], int]) -> int:
    """Do something and put whatever stops it in words; each kind has an exit code of its own."""
    try:
        return act()
    except Busy as busy:
        return _refuse(
            Exit.LOCKED, f"Somebody else is changing the schema: {busy}. Try again when that is done."
        )
    except Paused as paused:
        return _refuse(Exit.LOCKED, f"{paused} Go on with guildry migrate resume.")
    except VerificationFailed as failure:
        return _refuse(Exit.VERIFY_FAILED, str(failure))
    except actions.Unprepared as unprepared:
        return _refuse(
            Exit.DEPENDENCY,
            f"{unprepared.message}\nMake a copy of the data first, or say --without-backup to do without one.",
        )
    except DomainError as refusal:
        return _refuse(Exit.USAGE, refusal.message)
    except (DatabaseError, HiddenStatement) as error:
        return _refuse(
            Exit.FAILED,
            f"{error}\nWhat was done is in the journal (guildry migrate status). "
            "Mend the cause, then go on with guildry migrate resume.",
        )


def _lint(chosen: argparse.Namespace) -> int:
    from guildry.platform.upgrades.queries import linting

    problems = linting.lint()
    if chosen.json:
        _say(json.dumps({"problems": [asdict(problem) for problem in problems]}, indent=2))
    else:
        for problem in problems:
            verdict = f"waived: {problem.waived}" if problem.waived else "broken"
            _say(f"{problem.rule}  {problem.migration}  {problem.text}  {verdict}")
        _say(f"{sum(not problem.waived for problem in problems)} rules are broken.")
    return Exit.FOUND if any(not problem.waived for problem in problems) else Exit.CLEAN


def _plan(chosen: argparse.Namespace) -> int:
    plan = planning.plan()
    due = [statement for statement in plan.statements if not statement.is_waiting]
    if chosen.json:
        _say(json.dumps(asdict(plan), indent=2))
        return Exit.FOUND if due else Exit.CLEAN
    for statement in due:
        _say_statement(statement)
    _say_waiting(plan)
    for check in plan.checks:
        _say(f"{check.verdict:<8} {check.name}: {check.detail}")
    if plan.trouble:
        _say(f"unknown  {plan.trouble}")
    if not due:
        _say("Nothing is due.")
    return Exit.FOUND if due else Exit.CLEAN


def _say_waiting(plan: planning.Plan) -> None:
    for migration, reason in plan.waiting:
        _say(f"waits    {migration}: {reason}")
        for statement in plan.statements:
            if statement.migration == migration:
                _say_statement(statement)


def _say_statement(statement: planning.Statement) -> None:
    size = f", about {statement.rows:,} rows" if statement.rows else ""
    size += f", {statement.size / 1_000_000:,.1f} MB" if statement.size else ""
    size += f", about {statement.seconds:,.1f} s" if statement.seconds is not None else ""
    _say(f"{statement.lock_class:<8} {statement.migration}: {statement.label}{size}")
    if statement.sql:
        _say(f"         {statement.sql}")


def _status(chosen: argparse.Namespace) -> int:
    standing = queries.standing(SYSTEM, count=max(1, chosen.count))
    if chosen.json:
        _say(json.dumps(standing.as_json(), indent=2))
    else:
        _show(standing)
    is_cut_off = any(told.change.status != Status.DONE for told in standing.changes)
    return Exit.FOUND if standing.due or is_cut_off else Exit.CLEAN


def _show(standing: queries.Standing) -> None:
    for migration in standing.due:
        _say(f"due      {migration}")
    for migration, reason in standing.waiting:
        _say(f"waits    {migration}: {reason}")
    for told in standing.changes:
        done = f"{told.done} of {told.total} steps" if told.total else "no steps"
        moment = (told.change.done_at or told.change.opened_at).isoformat(timespec="seconds")
        _say(
            f"{told.change.status:<8} {told.change.app}.{told.change.name} {told.change.direction}, {done}, {moment}"
        )
        if told.change.error:
            _say(f"         {told.change.error}")
    if not (standing.due or standing.waiting):
        _say("Nothing waits: the tables are those of this release.")


def _run(chosen: argparse.Namespace) -> int:
    backup = actions.Backup.NONE if chosen.without_backup else actions.Backup.FOR_EVERYTHING
    return _told(actions.bring_up_to_date(SYSTEM, wait=chosen.wait, backup=backup))


def _resume(chosen: argparse.Namespace) -> int:
    actions.resume_backfills(SYSTEM, reason=chosen.reason)
    return _run(chosen)


def _pause(chosen: argparse.Namespace) -> int:
    count = actions.pause_backfills(SYSTEM, reason=chosen.reason)
    _say(f"{count} backfills rest after the chunk they are at." if count else "No backfill is under way.")
    return Exit.CLEAN


def _roll_back(chosen: argparse.Namespace) -> int:
    outcome = actions.roll_back(
        SYSTEM,
        app=chosen.app,
        name=chosen.name,
        reason=chosen.reason,
        wait=chosen.wait,
        loses=chosen.lose_data,
    )
    for migration in outcome.done:
        _say(f"undone   {migration}")
    if not outcome.done:
        _say("There was nothing to undo.")
    return Exit.CLEAN


def _told(outcome: Any) -> int:
    if outcome.is_laid_out:
        _say("The database was empty; every table was made at once.")
    for migration in outcome.done:
        _say(f"done     {migration}")
    for migration, reason in outcome.waiting.items():
        _say(f"waits    {migration}: {reason}")
    if not (outcome.done or outcome.is_laid_out):
        _say("Nothing was due.")
    return Exit.CLEAN


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _refuse(code: Exit, message: str) -> int:
    sys.stderr.write(f"guildry migrate: {message}\n")
    return code
