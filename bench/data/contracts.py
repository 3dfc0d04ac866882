"""`./dev bench data contracts`: how many labelled edits the differ judges rightly, and how long it takes."""

import argparse
import json
import os
import time
from typing import Any

MOST_FALSE = 0.02


def main(words: list[str]) -> int:
    """Print the figures; returns 1 when a breaking edit is missed, or too many others are called breaking."""
    parser = argparse.ArgumentParser(prog="./dev bench data contracts", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(words)
    figures = measure(_own_contracts())
    if chosen.json:
        print(json.dumps(figures, indent=1))
    else:
        show(figures)
    return 0 if figures["missed"] == 0 and figures["false_rate"] < MOST_FALSE else 1


def _own_contracts() -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildry.config.settings_test")
    import django

    django.setup()
    from guildry.ops.contracts import queries

    return queries.program_set()


def measure(base: dict[str, Any]) -> dict[str, Any]:
    from tests.ops.contracts.edits import cases

    from guildry.ops.contracts import differ

    levels: dict[str, list[int]] = {}
    missed, wrongly, mislabelled, spent = [], [], [], 0.0
    for case in cases(base):
        began = time.perf_counter()
        findings = differ.compare(case.old, case.new)
        spent += time.perf_counter() - began
        got = {(finding.rule.id, str(finding.level)) for finding in findings}
        is_called = any(finding.level.is_breaking for finding in findings)
        is_right = not case.rule or (case.rule, case.level) in got
        counts = levels.setdefault(case.level, [0, 0])
        counts[0] += 1
        counts[1] += is_right and is_called == case.is_breaking
        if case.is_breaking and not is_called:
            missed.append(case.name)
        elif is_called and not case.is_breaking:
            wrongly.append(case.name)
        elif not is_right:
            mislabelled.append(case.name)
    whole = sum(total for total, _ in levels.values())
    harmless = sum(total for level, (total, _) in levels.items() if not level.startswith("breaking"))
    return {
        "edits": whole, "levels": levels, "missed": len(missed), "false_breaking": len(wrongly),
        "false_rate": len(wrongly) / harmless, "other_rule": len(mislabelled),
        "names": {"missed": missed, "false": wrongly, "other_rule": mislabelled},
        "milliseconds_each": spent / whole * 1000,
    }  # fmt: skip


def show(figures: dict[str, Any]) -> None:
    print(f"{'labelled edits':<28}{figures['edits']:>8}")
    for level, (total, right) in sorted(figures["levels"].items()):
        print(f"  {level:<26}{total:>8}   {right} by the rule and level of their label")
    print(f"{'breaking, not found':<28}{figures['missed']:>8}   goal 0")
    print(
        f"{'harmless, called breaking':<28}{figures['false_breaking']:>8}   {figures['false_rate']:.2%}, goal < {MOST_FALSE:.0%}"
    )
    print(f"{'found by another rule':<28}{figures['other_rule']:>8}")
    print(f"{'time for one comparison':<28}{figures['milliseconds_each']:>8.1f} ms")
    for kind, names in figures["names"].items():
        for name in names:
            print(f"  {kind}: {name}")
