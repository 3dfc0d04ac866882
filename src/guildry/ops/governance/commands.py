"""The verb `guildry privacy`."""

import argparse
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from guildry.kernel import clock, errors, signing
from guildry.kernel.permissions import SYSTEM
from guildry.ops.governance import actions, queries
from guildry.ops.governance.rules import copies
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
    requests = verbs.add_parser("requests", help="list what members asked for, with the days that are left")
    requests.add_argument("--answered", action="store_true", help="those that were answered")
    export = verbs.add_parser("export", help="write a copy of a member's data, for one who asked by letter")
    export.add_argument("member", metavar="WHO", help="handle or address")
    export.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="a new file, readable by you alone"
    )
    erase = verbs.add_parser(
        "erase", help="ask for, plan or carry out an erasure; it is approved on the console"
    )
    erase.add_argument("--member", metavar="WHO", help="take a request that came by letter")
    erase.add_argument("--plan", metavar="REFERENCE", help="count what would go, for somebody to approve")
    erase.add_argument(
        "--carry-out", action="store_true", help="carry out what is approved, without waiting for the job"
    )
    verify = verbs.add_parser("verify", help="prove a copy or a receipt that this site signed")
    verify.add_argument("file", type=Path, metavar="FILE")
    receipt = verbs.add_parser("receipt", help="print the signed receipt of an erasure")
    receipt.add_argument("reference", metavar="REFERENCE")
    verbs.add_parser("replay", help="erase again whom the ledger names and a restore brought back")
    for verb in (retention, holds, export, erase):
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


def requests(chosen: argparse.Namespace) -> int:
    page = queries.queue(SYSTEM, is_open=not chosen.answered)
    now = clock.now()
    data = [
        {
            "reference": each.reference,
            "kind": each.kind,
            "state": each.state,
            "due_at": each.due_at.isoformat(),
            "clock": queries.clock_for(each),
        }
        for each in page.items
    ]
    lines = [
        f"{each.reference}  {each.kind:<8} {each.state:<10} {(each.due_at - now).days:>3} days left"
        for each in page.items
    ]
    return say(
        chosen, data, lines or ["Nothing is open." if not chosen.answered else "Nothing was answered yet."]
    )


def export(chosen: argparse.Namespace) -> int:
    member = member_named(chosen.member)
    waiting = queries.copy_waiting(member.pk) or actions.request_copy(member)
    actions.make_copy(SYSTEM, request_id=waiting.pk)
    found, file = actions.collect_copy(member, reason=chosen.reason)
    with file, os.fdopen(os.open(chosen.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        shutil.copyfileobj(file, target)
    return say(
        chosen,
        {"reference": found.reference, "file": str(chosen.to)},
        [f"{chosen.to} holds the copy {found.reference}. Send it encrypted, then delete it."],
    )


def erase(chosen: argparse.Namespace) -> int:
    if chosen.member:
        asked = actions.request_erasure(member_named(chosen.member), wish=chosen.reason)
        return say(
            chosen,
            {"reference": asked.reference},
            [
                f"{asked.reference} is open; it can be planned from {asked.cools_until:%d %B %Y} on. The member got a mail and can take it back."
            ],
        )
    if chosen.plan:
        found = queries.request_shown(SYSTEM, chosen.plan)
        planned = actions.plan_erasure(SYSTEM, request_id=found.pk, reason=chosen.reason)
        lines = [
            f"{line['act']:<8}{line['table']:<34}{line['rows']:>8}  {line['why']}" for line in planned.plan
        ]
        return say(
            chosen,
            planned.plan,
            [*lines, "Somebody has to approve it on the console now: Data governance, Requests."],
        )
    done = (
        [actions.carry_out(SYSTEM, request_id=each) for each in queries.unfinished_erasures()]
        if chosen.carry_out
        else []
    )
    told = [f"{each.reference} is erased and proven." for each in done if each]
    return say(chosen, [each.reference for each in done if each], told or ["Nothing that is approved waits."])


def verify(chosen: argparse.Namespace) -> int:
    if not chosen.file.exists():
        return refused(USAGE, f"There is no file {chosen.file}.")
    if zipfile.is_zipfile(chosen.file):
        faults = queries.faults_of(chosen.file, keys=signing.known_keys(copies.PURPOSE))
    else:
        text = chosen.file.read_text(errors="replace")
        faults = (
            []
            if queries.is_genuine(text)
            else ["This is no receipt that this site signed, or a letter of it was changed."]
        )
    say(chosen, {"faults": faults}, faults or ["Signed by this site, and not changed since."])
    return VERIFY_FAILED if faults else OK


def receipt(chosen: argparse.Namespace) -> int:
    found = queries.request_shown(SYSTEM, chosen.reference)
    if not found.receipt:
        return refused(USAGE, "There is no receipt: this is not done yet.")
    sys.stdout.write(queries.document_of(found))
    return OK


def replay(chosen: argparse.Namespace) -> int:
    number = actions.erase_again(SYSTEM)
    return say(
        chosen,
        {"erased": number},
        [f"{number} members were erased again." if number else "Nobody is back whom the ledger names."],
    )


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
    "requests": requests,
    "export": export,
    "erase": erase,
    "verify": verify,
    "receipt": receipt,
    "replay": replay,
}
