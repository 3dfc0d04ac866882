"""The verb `guildry privacy`."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError

from guildry.kernel import clock, errors
from guildry.kernel.permissions import SYSTEM
from guildry.ops.governance import actions, queries
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import member_by_email, member_by_handle
from guildry.platform.runtime import actions as runtime

OK, FAILED, USAGE, DEPENDENCY, VERIFY_FAILED = 0, 1, 64, 69, 73
ASKED = "It was asked for on the command line."


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="VERB", required=True)
    inventory = verbs.add_parser("inventory", help="the record of processing, from what every column says")
    inventory.add_argument(
        "--check", action="store_true", help="only say what nobody answers for; 1 if anything"
    )
    retention = verbs.add_parser("retention", help="take away what is old enough and not held")
    retention.add_argument("--dry-run", action="store_true", help="only count, table by table")
    holds = verbs.add_parser("holds", help="list holds, place one, or lift one")
    holds.add_argument("--member", metavar="WHO", help="hold the data of this member")
    holds.add_argument("--table", default="", metavar="NAME", help="hold everything in this table")
    holds.add_argument(
        "--review", type=date.fromisoformat, metavar="DAY", help="look at it again on that day"
    )
    holds.add_argument("--lift", type=int, metavar="NUMBER", help="lift this hold")
    for verb in (retention, holds):
        verb.add_argument("--reason", default=ASKED, help="why, for the trail")
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="print JSON")
        verb.add_argument("--data", metavar="DIR", help="folder of database, uploads and keys (default data)")


def privacy(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    try:
        if not getattr(chosen, "check", False):
            runtime.use_what_is_stored(SYSTEM)
        return VERBS[chosen.what](chosen)
    except errors.DomainError as refusal:
        return refused(USAGE, refusal.message)
    except DatabaseError:
        return refused(
            DEPENDENCY,
            "The database is not there, or has no tables yet. Start the site once, then try again.",
        )


def inventory(chosen: argparse.Namespace) -> int:
    wrong = [*queries.unclassified(), *queries.unowned()]
    if chosen.check:
        return say(
            chosen,
            {"wrong": wrong},
            wrong or ["Every column says what it holds, every table who answers."],
            bool(wrong),
        )
    found = queries.record()
    lines = [
        f"{found.controller}: {found.table_count} tables, {found.personal_column_count} of {found.column_count} columns are about somebody."
    ]
    for charter in queries.charters():
        lines.append(f"\n{charter.app}, kept by the {charter.owner.replace('_', ' ')}: {charter.purpose}")
        lines += [
            f"  {table.name:<36}{len(table.personal_columns):>3} of {len(table.columns):>2}  {table.holding.stays or 'goes with its member' if table.heat else 'about nobody'}"
            for table in charter.tables
        ]
    return say(chosen, queries.as_data(found), lines)


def retention(chosen: argparse.Namespace) -> int:
    if chosen.dry_run:
        due = queries.due_now()
        data = [
            {
                "class": each.policy.name,
                "table": each.table,
                "cutoff": each.cutoff.isoformat(),
                "matched": each.matched,
                "held": each.held,
            }
            for each in due
        ]
        lines = [
            f"{each.policy.name:<16}{each.table:<32}{each.matched:>8} old enough, {each.held} held"
            for each in due
        ]
        return say(chosen, data, [*lines, "Nothing was taken away."])
    run = actions.apply_retention(SYSTEM, reason=chosen.reason)
    proofs = list(run.proofs.order_by("pk"))
    data = [
        {
            "class": each.policy,
            "table": each.table,
            "cutoff": each.cutoff.isoformat(),
            "matched": each.matched,
            "deleted": each.deleted,
            "held": each.held,
            "digest": each.digest,
        }
        for each in proofs
    ]
    return say(
        chosen,
        data,
        [
            f"{each.policy:<16}{each.table:<32}{each.deleted:>8} gone, {each.held} held  {each.digest[:12]}"
            for each in proofs
        ],
    )


def holds(chosen: argparse.Namespace) -> int:
    if chosen.lift:
        actions.lift_hold(SYSTEM, hold_id=chosen.lift, reason=chosen.reason)
        return say(chosen, {"lifted": chosen.lift}, ["The hold is lifted."])
    if chosen.member or chosen.table:
        review = chosen.review or clock.now().date() + timedelta(days=90)
        member_id = member_named(chosen.member).pk if chosen.member else None
        hold = actions.place_hold(
            SYSTEM, reason=chosen.reason, review_on=review, member_id=member_id, table=chosen.table
        )
        return say(
            chosen,
            {"hold": hold.pk},
            [f"Hold {hold.pk} is in force until it is lifted; look at it again on {review}."],
        )
    found = queries.holds(SYSTEM)
    data = [
        {
            "hold": each.pk,
            "member": each.member_id,
            "table": each.table,
            "reason": each.reason,
            "review_on": each.review_on.isoformat(),
        }
        for each in found
    ]
    lines = [
        f"{each.pk:>4}  {each.table or each.member}  review on {each.review_on}  {each.reason}"
        for each in found
    ]
    return say(chosen, data, lines or ["Nothing is held."])


def refused(code: int, why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return code


def member_named(who: str) -> Member:
    """Return the member of a handle, an address or a number; raises NotFound."""
    name = who.strip().removeprefix("@")
    found = member_by_email(name) if "@" in name else member_by_handle(name)
    if found is None:
        raise errors.NotFound(f"Nobody here is called {who}.")
    return found


def say(chosen: argparse.Namespace, data: Any, lines: list[str], failed: bool = False) -> int:
    """Print what was found, for programs or for people."""
    shown = json.dumps(data, indent=1, default=str) if chosen.json else "\n".join(lines)
    sys.stdout.write(f"{shown}\n")
    return FAILED if failed else OK


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "inventory": inventory,
    "retention": retention,
    "holds": holds,
}
