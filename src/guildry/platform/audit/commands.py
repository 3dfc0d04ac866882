"""The verb `guildry audit`: the end of the trail, a copy of it, and the proof that the chain is whole."""

import argparse
import sys
from pathlib import Path
from time import monotonic

from guildry.kernel.errors import DomainError
from guildry.kernel.permissions import SYSTEM
from guildry.platform.audit import actions, queries, rules

USAGE, VERIFY_FAILED = 64, 73


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["tail", "verify", "export"], help="what to do with the trail")
    parser.add_argument("--count", type=int, default=20, help="how many entries tail shows")
    parser.add_argument("--format", choices=sorted(rules.FORMATS), default="csv", help="of a copy")
    parser.add_argument("--to", type=Path, help="the file of a copy; without it the copy is printed")
    parser.add_argument("--reason", default="", help="why a copy is taken; kept in the trail")


def audit(chosen: argparse.Namespace) -> int:
    return {"tail": _tail, "verify": _verify, "export": _export}[chosen.what](chosen)


def _tail(chosen: argparse.Namespace) -> int:
    for told in reversed(queries.trail(SYSTEM, size=max(1, chosen.count)).items):
        entry = told.entry
        sys.stdout.write(
            f"{entry.seq}\t{entry.at.isoformat(timespec='seconds')}\t{told.who}\t{told.title}\t"
            f"{entry.subject}\t{entry.reason}\t{entry.trace_id}\n"
        )
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    """Print how many facts are whole and how fast they were read, or the first that is not and what happened to it."""
    began = monotonic()
    whole, finding = queries.verify_chain()
    if finding:
        sys.stdout.write(f"{rules.verdict(whole, finding)}\n")
        return VERIFY_FAILED
    rate = whole / max(monotonic() - began, 0.001)
    waiting = queries.unsealed().count
    sys.stdout.write(
        f"{rules.verdict(whole, None)} {waiting} wait for their seal. Read {rate:,.0f} a second.\n"
    )
    return 0


def _export(chosen: argparse.Namespace) -> int:
    try:
        rows = actions.export_trail(SYSTEM, search=rules.ANYTHING, reason=chosen.reason, limit=10**9)
    except DomainError as refusal:
        sys.stderr.write(f"guildry audit: {refusal.message} Use --reason.\n")
        return USAGE
    text = rules.written(rows, chosen.format)
    if chosen.to:
        chosen.to.write_text(text, encoding="utf-8", newline="")
    else:
        sys.stdout.write(text)
    return 0
