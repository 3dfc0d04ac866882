"""The verb `guildry doctor`."""

import argparse
import dataclasses
import json
import sys
from textwrap import fill
from urllib.parse import urlsplit

from django.conf import settings

from guildry.ops.doctor import queries, rules
from guildry.ops.doctor.rules import Finding, Grade

WIDTH = 96
MARKS = {Grade.GOOD: "good ", Grade.ADVICE: "look ", Grade.FAULT: "FAULT"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings for a program")
    parser.add_argument(
        "--port", type=int, help="the port the site listens on (default: that of its address, or 8000)"
    )


def doctor(arguments: argparse.Namespace) -> int:
    """Look at everything, change nothing, and say what to do; returns 0, 69 for a dependency or 78 for configuration."""
    local = urlsplit(settings.ORIGIN)
    found = queries.findings(arguments.port or (local.port if local.scheme == "http" else None) or 8000)
    code = rules.exit_code(found)
    if arguments.json:
        sys.stdout.write(
            json.dumps({"code": code, "findings": [dataclasses.asdict(each) for each in found]}) + "\n"
        )
        return code
    for finding in found:
        sys.stdout.write(printed(finding))
    faults = sum(finding.grade == Grade.FAULT for finding in found)
    hints = sum(finding.grade == Grade.ADVICE for finding in found)
    sys.stdout.write(f"\n{_counted(faults, 'fault')}, {_counted(hints, 'thing')} to look at.\n")
    return code


def printed(finding: Finding) -> str:
    """Lay one finding out for a terminal."""
    lines = [f"{MARKS[finding.grade]}  {finding.part:<13} {finding.what}"]
    for label, text in (("Why it matters", finding.why), ("What to do", finding.fix)):
        if text:
            lines.append(_indented(f"{label}: {text}"))
    if finding.runbook:
        lines.append(_indented(f"More: guildry runbook {finding.runbook}"))
    return "\n".join(lines) + "\n"


def _indented(text: str) -> str:
    space = " " * 21
    return fill(
        text,
        WIDTH,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _counted(number: int, word: str) -> str:
    return f"{number or 'No'} {word}{'' if number == 1 else 's'}"
