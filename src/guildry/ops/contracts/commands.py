"""The verbs `guildry contracts emit|diff|clients|release`: write the documents, and compare sets of them."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guildry.kernel import errors
from guildry.kernel.permissions import SYSTEM
from guildry.ops.contracts import actions, differ, queries, rules

OK, BREAKING, DRIFT, USAGE = 0, 3, 4, 64
PROGRAM, RELEASED = "program", "released"


def emit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the contracts (default: of this checkout)"
    )
    parser.add_argument(
        "--note", default="", metavar="TEXT", help="what clients see of the change, in a sentence"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when a document is not current"
    )


def diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "old", nargs="?", default=RELEASED, metavar="OLD", help="a folder or file, or `released` (default)"
    )
    parser.add_argument(
        "new", nargs="?", default=PROGRAM, metavar="NEW", help="a folder or file, or `program` (default)"
    )
    parser.add_argument("--format", choices=("text", "markdown", "json", "sarif"), default="text")


def clients_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the clients (default: of this checkout)"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when a client is not current"
    )


def release_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the contracts (default: of this checkout)"
    )


def emit(chosen: argparse.Namespace) -> int:
    """Write the documents, or say which are behind."""
    folder = chosen.out or queries.FOLDER
    if chosen.check:
        return _check(folder)
    try:
        changed = actions.emit_contracts(SYSTEM, folder=folder, note=chosen.note)
        if folder == queries.FOLDER and queries.released(folder):
            changed += (
                ["history.json"] if actions.keep_history(SYSTEM, folder=folder, path=queries.HISTORY) else []
            )
    except errors.DomainError as refusal:
        return _refused(refusal, DRIFT)
    for name in changed:
        _say(name)
    manifest = queries.manifest()
    _say(
        f"{len(manifest['documents'])} documents, {len(changed)} files changed; {manifest['version']} {manifest['hash']}"
    )
    return OK


def _check(folder: Path) -> int:
    manifest = {"manifest.json": rules.written(queries.manifest())}
    return _behind(folder, queries.files() | manifest)


def _behind(folder: Path, wanted: Mapping[str, str]) -> int:
    behind = [
        name
        for name, text in wanted.items()
        if not (folder / name).exists() or (folder / name).read_text() != text
    ]
    for name in behind:
        _say(f"not current: {name}")
    return DRIFT if behind else OK


def clients(chosen: argparse.Namespace) -> int:
    """Write the clients, or say which are behind."""
    folder = chosen.out or queries.CLIENTS
    if chosen.check:
        return _behind(folder, queries.client_files())
    for name in actions.write_clients(SYSTEM, folder=folder):
        _say(name)
    _say(f"{len(queries.client_files())} files of clients are current.")
    return OK


def release(chosen: argparse.Namespace) -> int:
    """Keep these contracts as a released version."""
    try:
        path = actions.release_contracts(SYSTEM, folder=chosen.out or queries.FOLDER)
    except errors.DomainError as refusal:
        return _refused(refusal, DRIFT)
    _say(f"{path.name} holds what version {rules.VERSION} promises.")
    return OK


def diff(chosen: argparse.Namespace) -> int:
    """Print how two sets differ; 3 when older clients break and the version does not say so."""
    try:
        found = queries.difference(_set(chosen.old), _set(chosen.new))
    except errors.DomainError as refusal:
        return _refused(refusal, USAGE)
    findings = list(found.findings)
    if chosen.format == "text":
        sys.stdout.write(differ.as_text(findings))
        _say(_summary(found))
    elif chosen.format == "markdown":
        sys.stdout.write(differ.as_markdown(findings))
    elif chosen.format == "sarif":
        _print_json(differ.as_sarif(findings, version=rules.VERSION, uri="contracts/manifest.json"))
    else:
        _print_json({
            "old": found.old, "new": found.new, "is_announced": found.is_announced,
            "counts": differ.counted(findings), "findings": [finding.as_json() for finding in findings],
        })  # fmt: skip
    return OK if found.is_announced else BREAKING


def _summary(found: queries.Difference) -> str:
    counts = ", ".join(f"{number} {level}" for level, number in differ.counted(found.findings).items())
    line = f"{found.old} to {found.new}: {counts or 'no difference'}."
    return (
        line
        if found.is_announced
        else f"{line} Older clients break: raise the version, or mend what breaks them."
    )


def _set(name: str) -> dict[str, Any]:
    if name == PROGRAM:
        return queries.program_set()
    return queries.last_released() if name == RELEASED else queries.set_at(Path(name))


def _refused(refusal: errors.DomainError, code: int) -> int:
    sys.stderr.write(f"guildry: {refusal}\n")
    return code


def _print_json(content: Any) -> None:
    sys.stdout.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
