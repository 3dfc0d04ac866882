"""The verb `guildry contracts hive`: look into boxes of mobile clients, compare them, and make them."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from guildry.kernel import errors
from guildry.kernel.permissions import SYSTEM
from guildry.ops.schemas import actions, hive, queries, rules
from guildry.people.accounts.queries import member_by_handle

OK, BREAKING, DRIFT, USAGE, VERIFY_FAILED = 0, 3, 4, 64, 73


class CannotRead(Exception):
    """What was asked for on the command line cannot be done; the text says why."""


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="VERB", required=True)
    _reading_verbs(verbs)
    _comparing_verbs(verbs)
    _making_verbs(verbs)
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="print JSON")
        verb.add_argument("--data", metavar="DIR", help="folder of database, uploads and keys (default data)")


def _reading_verbs(verbs: Any) -> None:
    for name, text in (
        ("dump", "print every frame of a box"),
        ("stat", "print what a box comes to, and where it is damaged"),
    ):
        _takes_box(verbs.add_parser(name, help=text))
    recover = verbs.add_parser(
        "recover", help="say what could be saved from a damaged box, or save it elsewhere"
    )
    _takes_box(recover)
    way = recover.add_mutually_exclusive_group(required=True)
    way.add_argument("--dry-run", action="store_true", help="only say it; the box is never written to")
    way.add_argument("--to", type=Path, metavar="FILE", help="write the whole frames into a new file")


def _comparing_verbs(verbs: Any) -> None:
    diff = verbs.add_parser("diff", help="say how a box differs from another one")
    _takes_box(diff)
    diff.add_argument("other", type=Path, metavar="OTHER", help="the other box, sealed with the same key")
    verify = verbs.add_parser("verify", help="compare a box with what its member may see on the server")
    _takes_box(verify)
    verify.add_argument(
        "--member", metavar="HANDLE", help="whose box it is; otherwise only the contract is asked"
    )
    verify.add_argument("--box", metavar="NAME", help="which box it is (default: the name of the file)")
    verify.add_argument(
        "--manifest", type=Path, metavar="FILE", help="the signed manifest it was shipped with"
    )


def _making_verbs(verbs: Any) -> None:
    export = verbs.add_parser("export", help="write what a member's device may keep as boxes")
    export.add_argument("--member", metavar="HANDLE", required=True, help="whose rows")
    export.add_argument(
        "--reason", metavar="TEXT", required=True, help="why, for the record of privileged acts"
    )
    export.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder for the new files")
    export.add_argument(
        "--box", action="append", default=[], metavar="NAME", help="only this one; repeatable"
    )
    export.add_argument("--form", choices=list(queries.Form), default=queries.Form.TYPED)
    export.add_argument("--dialect", choices=list(hive.Dialect), default=hive.Dialect.HIVE2)
    export.add_argument(
        "--key-file", type=Path, metavar="FILE", help="seal with these 32 bytes, raw or in hex"
    )
    lock = verbs.add_parser("lock", help="give numbers to what is newly declared, and write the lock file")
    lock.add_argument(
        "--check", action="store_true", help="write nothing; fail when the file is not up to date"
    )
    lock.add_argument(
        "--against", type=Path, metavar="FILE", help="fail when an older lock's data would be misread"
    )


def _takes_box(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("box_file", type=Path, metavar="BOX", help="a .hive file; it is only read")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="its key: 32 bytes, raw or in hex")


def contracts(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    try:
        return VERBS[chosen.what](chosen)
    except (CannotRead, errors.DomainError) as refusal:
        sys.stderr.write(f"guildry: {refusal}\n")
        return USAGE


def dump(chosen: argparse.Namespace) -> int:
    box = _box(chosen)
    rows = list(queries.frame_rows(box))
    if chosen.json:
        _print_json({"frames": rows, "damage": _damage(box)})
    else:
        for row in rows:
            _say(f"{row['offset']:>8}  {row['key']!r:<24} {_line(row)}")
        _say_damage(box)
    return VERIFY_FAILED if box.damage else OK


def stat(chosen: argparse.Namespace) -> int:
    box = _box(chosen)
    figures = asdict(queries.figures_of(box))
    if chosen.json:
        _print_json({**figures, "damage": _damage(box)})
    else:
        for name, figure in figures.items():
            _say(f"{name.replace('_', ' '):<14}{figure}")
        _say_damage(box)
    return VERIFY_FAILED if box.damage else OK


def recover(chosen: argparse.Namespace) -> int:
    box = _box(chosen)
    found = hive.salvaged(box)
    behind = len(found.frames) - len(box.frames)
    result = {
        "damage": _damage(box), "whole_frames": len(found.frames), "behind_damage": behind,
        "lost_bytes": found.lost, "gaps": found.gaps, "gave_up": found.gave_up,
    }  # fmt: skip
    if chosen.to:
        _write_new(chosen.to, found.contents)
    if chosen.json:
        _print_json(result)
    else:
        _say_damage(box)
        _say(
            f"{len(found.frames)} frames are whole, {behind} of them behind a damage; {found.lost} bytes are lost."
        )
        if found.gave_up:
            _say("The search was given up, because it would have taken too long.")
    return VERIFY_FAILED if box.damage and not chosen.to else OK


def diff(chosen: argparse.Namespace) -> int:
    one = _box(chosen)
    other = queries.open_box(_read(chosen.other), key=_key(chosen))
    changes = queries.changes_between(one, other)
    if chosen.json:
        _print_json({**changes, "damage": [_damage(one), _damage(other)]})
    else:
        _say_changes(changes)
        for box in (one, other):
            _say_damage(box)
    if one.damage or other.damage:
        return VERIFY_FAILED
    return DRIFT if any(changes.values()) else OK


def verify(chosen: argparse.Namespace) -> int:
    name = chosen.box or chosen.box_file.stem.lower()
    member = _member(chosen.member) if chosen.member else None
    manifest = queries.read_manifest(_read(chosen.manifest)) if chosen.manifest else None
    box = _box(chosen)
    report = queries.verify_box(box, name=name, member=member, manifest=manifest)
    if chosen.json:
        _print_json({
            "box": report.box, "member": report.member, "counts": report.counts, "damage": _damage(box),
            "manifest": report.manifest, "findings": [asdict(finding) for finding in report.findings],
        })  # fmt: skip
    else:
        _say_report(report, box)
    return OK if report.is_right else VERIFY_FAILED


def export(chosen: argparse.Namespace) -> int:
    manner = actions.Manner(queries.Form(chosen.form), hive.Dialect(chosen.dialect), _key(chosen))
    made = actions.export_boxes(
        SYSTEM,
        member_id=_member(chosen.member).pk,
        folder=chosen.out,
        reason=chosen.reason,
        boxes=chosen.box,
        manner=manner,
    )
    if chosen.json:
        _print_json({"folder": str(chosen.out), "boxes": made, "public_key": queries.public_key()})
    else:
        for entry in made:
            _say(f"{entry['file']:<24} {len(entry['rows']):>5} rows {entry['bytes']:>9} bytes")
        _say(f"{queries.MANIFEST_FILE:<24} signed, to be verified with {queries.public_key()}")
    return OK


def lock(chosen: argparse.Namespace) -> int:
    held = queries.lock()
    grown = hive.grown(held, queries.declared_types())
    found = hive.breaches(held, grown)
    if chosen.against:
        found += hive.breaches(_older_lock(chosen.against), grown)
    is_current = grown == held
    if not (chosen.check or chosen.against or is_current or found):
        queries.LOCK_FILE.write_text(grown.render())
    if chosen.json:
        _print_json({"breaches": found, "is_current": is_current, "types": len(grown.types)})
    else:
        for breach in found:
            _say(breach)
        _say(f"{len(grown.types)} types; the lock file is {'up to date' if is_current else 'behind'}.")
    return BREAKING if found else OK if is_current or not chosen.check else DRIFT


VERBS = {
    "dump": dump, "stat": stat, "recover": recover, "diff": diff, "verify": verify, "export": export, "lock": lock,
}  # fmt: skip


def _box(chosen: argparse.Namespace) -> hive.Box:
    return queries.open_box(_read(chosen.box_file), key=_key(chosen))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror}.") from None


def _older_lock(path: Path) -> hive.Lock:
    try:
        return hive.parse_lock(_read(path).decode())
    except ValueError as error:
        raise CannotRead(f"{path}: {error}.") from None


def _key(chosen: argparse.Namespace) -> bytes:
    """Keys come from files, never from the command line, which every process can read."""
    if not chosen.key_file:
        return b""
    raw = _read(chosen.key_file)
    if len(raw) == hive.KEY_LENGTH:
        return raw
    try:
        key = bytes.fromhex(raw.decode().strip())
    except ValueError:
        key = b""
    if len(key) != hive.KEY_LENGTH:
        raise CannotRead(f"{chosen.key_file}: a key is {hive.KEY_LENGTH} bytes, raw or in hex.")
    return key


def _member(handle: str) -> Any:
    found = member_by_handle(handle.removeprefix("@"))
    if found is None:
        raise actions.MemberNotFound(f"No active member has the handle {handle}.")
    return found


def _write_new(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror}.") from None
    with open(descriptor, "wb") as file:
        file.write(data)


def _damage(box: hive.Box) -> dict[str, Any] | None:
    if box.damage is None:
        return None
    damage = box.damage
    return {"offset": damage.offset, "reason": damage.flaw.value, "lost": damage.lost}


def _say_damage(box: hive.Box) -> None:
    if box.damage:
        damage = box.damage
        _say(
            f"Damaged at byte {damage.offset}: {damage.flaw}. {damage.lost} bytes are behind it. {damage.hint}"
        )


def _say_changes(changes: Mapping[str, list[Any]]) -> None:
    for word in ("added", "removed"):
        for key in changes[word]:
            _say(f"{word:<9}{key}")
    for change in changes["changed"]:
        _say(f"changed  {change['key']} at {', '.join(place or 'the whole' for place in change['at'])}")


def _say_report(report: queries.Report, box: hive.Box) -> None:
    for finding in report.findings:
        if finding.verdict is not rules.Verdict.OK:
            _say(f"{finding.verdict:<15}{finding.key}  {_details(finding.details)}".rstrip())
    for problem in report.manifest:
        _say(f"manifest       {problem}")
    _say_damage(box)
    counts = ", ".join(f"{number} {verdict}" for verdict, number in sorted(report.counts.items()))
    _say(f"{report.box}: {counts or 'no rows'}.")


def _details(details: Iterable[rules.Misfit]) -> str:
    return "; ".join(f"{place} {reason}".strip() for place, reason in details)


def _line(row: Mapping[str, Any]) -> str:
    if row.get("deleted"):
        return "deleted"
    return f"unreadable: {row['unread']}" if "unread" in row else rules.canonical(row["value"])


def _print_json(content: Any) -> None:
    sys.stdout.write(json.dumps(rules.plain(content), indent=1) + "\n")


def _say(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
