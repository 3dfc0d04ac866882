"""The verb `guildry runbook`, for when the pages are what does not work."""

import argparse
import sys
from textwrap import fill, indent

from guildry.ops.runbooks import queries
from guildry.ops.runbooks.rules import Block, Runbook

WIDTH = 88
USAGE = 64


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "slug", nargs="?", metavar="SLUG", help="the runbook to read; without one, all are listed"
    )
    parser.add_argument(
        "--search", metavar="WORDS", default="", help="list those that hold all of these words"
    )


def runbook(arguments: argparse.Namespace) -> int:
    """Print one runbook, or a line for each; needs neither the site nor its database."""
    if not arguments.slug:
        sys.stdout.write("".join(f"{line(entry)}\n" for entry in queries.search(arguments.search)))
        return 0
    try:
        sys.stdout.write(printed(queries.runbook(arguments.slug)))
    except queries.RunbookNotFound as refusal:
        sys.stderr.write(f"guildry: {refusal.message} `guildry runbook` lists them.\n")
        return USAGE
    return 0


def line(entry: Runbook) -> str:
    return f"{entry.slug:<22} {entry.severity:<9} {entry.title}"


def printed(entry: Runbook) -> str:
    """Lay a runbook out for a terminal."""
    parts = [f"{entry.title.upper()}\n{fill(entry.when, WIDTH)}"]
    for section in entry.sections:
        parts.append(f"{section.title}\n{'-' * len(section.title)}")
        parts += [_laid_out(block) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def _laid_out(block: Block) -> str:
    if block.kind != "text":
        return indent(block.content, "    ")
    return "\n".join(_filled(text) for text in block.content.splitlines())


def _filled(text: str) -> str:
    hanging = "  " if text.startswith(("- ", "* ")) else "   " if text[:1].isdigit() else ""
    return fill(text, WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
