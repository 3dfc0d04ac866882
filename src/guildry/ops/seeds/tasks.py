"""The `guildry seed` command."""

import argparse
import sys
import time
from pathlib import Path

from django_tasks import task

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.ops.seeds import actions, queries, rules
from guildry.platform.upgrades import actions as upgrades

PORTION = 1.0
DRIFT = 4


@task()
def continue_demo() -> None:
    """Load another portion of the demo community, short enough for a worker that is told to stop."""
    if actions.continue_demo(SYSTEM, seconds=PORTION):
        continue_demo.enqueue()


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="VERB")
    verbs.add_parser("apply", help="load the demo community once (the default)")
    verbs.add_parser("open", help="load what visitors see first and leave the rest to a job")
    verbs.add_parser(
        "verify",
        help="compare packs with the ledger, totals with the manifest, counters with what they count",
    )
    verbs.add_parser(
        "manifest", help="print the totals of a demo community just loaded, to be kept as manifest"
    )
    scale = verbs.add_parser("scale", help="fill an empty database with a large community to measure with")
    scale.add_argument("--members", type=_some, default=10_000, metavar="N", help="how many (default 10,000)")
    scale.add_argument("--posts", type=_some, default=100_000, metavar="M", help="how many (default 100,000)")
    scale.add_argument("--verify", action="store_true", help="count everything again afterwards")
    scale.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="write sessions and tokens of the first members for load generators",
    )
    scale.add_argument(
        "--keys-for", type=_some, default=1_000, metavar="N", help="of how many members (default 1,000)"
    )
    for verb in (parser, *verbs.choices.values()):
        verb.add_argument("--data", metavar="DIR", help="folder of database, uploads and keys (default data)")


def seed(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    verbs = {None: _apply, "apply": _apply, "open": _open, "verify": _verify, "manifest": _manifest,
             "scale": _scale}  # fmt: skip
    return verbs[chosen.what](chosen)


def _apply(chosen: argparse.Namespace) -> int:
    upgrades.bring_up_to_date(SYSTEM)
    loaded = actions.load_demo(SYSTEM)
    _say_loaded(loaded)
    return 0


def _open(chosen: argparse.Namespace) -> int:
    loaded = actions.open_demo(SYSTEM)
    continue_demo.enqueue()
    _say_loaded(loaded)
    _say("Older threads and the rest of the network follow in the background.")
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    if not queries.is_laid_out():
        _say("Nothing is here yet: this database has no tables.")
        return 1
    states = queries.pack_states()
    for state in states:
        _say(f"{state.name:<20}{state.standing}")
    differences = queries.differences()
    for difference in differences:
        _say(str(difference))
    if not differences:
        _say("Every total is what the manifest says.")
    is_right = _say_counts() and not differences
    is_whole = all(state.standing == rules.Standing.LOADED for state in states)
    return 0 if is_right and is_whole else DRIFT


def _manifest(chosen: argparse.Namespace) -> int:
    sys.stdout.write(queries.whole_manifest(clock.now()))
    return 0


def _scale(chosen: argparse.Namespace) -> int:
    upgrades.bring_up_to_date(SYSTEM)
    began = time.monotonic()
    plan = rules.Plan(chosen.members, chosen.posts)
    try:
        actions.make_crowd(SYSTEM, plan=plan, keys=chosen.keys, keys_for=chosen.keys_for)
    except actions.SomebodyIsHere as refusal:
        _say(refusal.detail)
        return 1
    _say(f"Made {plan.members:,} members and {plan.posts:,} posts in {time.monotonic() - began:,.0f} s.")
    return 0 if not chosen.verify or _say_counts() else 1


def _say_counts() -> bool:
    found = queries.miscounts()
    for wrong in found:
        _say(f"{wrong.counter} is wrong in {wrong.rows:,} rows, such as {wrong.example}.")
    if not found:
        _say("Every counter is what counting says.")
    return not found


def _some(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise ValueError
    return number


def _say_loaded(loaded: list[str]) -> None:
    _say(f"Loaded: {', '.join(loaded)}." if loaded else "Everything was already loaded.")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
