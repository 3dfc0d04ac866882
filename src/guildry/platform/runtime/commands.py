"""The verb `guildry config`: what is configured, and the secrets the site keeps."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import OperationalError

from guildry.kernel import errors, runtime
from guildry.kernel.configuration import Layer, Wrong, documents, render
from guildry.kernel.configuration.kinds import KINDS, plain
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.platform.runtime import actions, queries
from guildry.platform.runtime.models import ChangeSet
from guildry.platform.runtime.queries import Preview

COMMAND = "command"
REFUSED, USAGE, DEPENDENCY = 1, 64, 69


def config_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    check = verbs.add_parser("check", help="read files and environment, and say what is wrong")
    check.add_argument("--env-file", help="read this file instead of .env")
    check.add_argument("--config-file", help="read this file instead of guildry.toml")
    check.add_argument("--json", action="store_true", help="answer as JSON")
    _document_arguments(verbs)
    _value_arguments(verbs)
    secrets = verbs.add_parser("secrets", help="show how old secrets are, or give one a successor")
    secrets.add_argument("act", choices=["list", "rotate"])
    secrets.add_argument("key", nargs="?", help="which one, such as secret.key")
    secrets.add_argument("--reason", default="", help="why; it stays in the history")
    secrets.add_argument("--json", action="store_true", help="answer as JSON")


def _document_arguments(verbs: Any) -> None:
    verbs.add_parser("template", help="print a .env that names every variable")
    verbs.add_parser("reference", help="print every key with what it is, in Markdown")
    verbs.add_parser("schema", help="print the JSON Schema of guildry.toml")


def _value_arguments(verbs: Any) -> None:
    explain = verbs.add_parser("explain", help="say where the value of a key comes from")
    get = verbs.add_parser("get", help="print the value in force of a key")
    override = verbs.add_parser("override", help="put a value above all others for a while")
    for verb in (explain, get, override):
        verb.add_argument("key")
    override.add_argument("text", metavar="VALUE")
    override.add_argument("--lifetime", default="1h", help="how long, from 1m to 24h")
    change = verbs.add_parser("set", help="store values; KEY= takes a key out of the store")
    change.add_argument("changes", nargs="+", metavar="KEY=VALUE")
    diff = verbs.add_parser("diff", help="show what is not as delivered, or what going back would change")
    diff.add_argument("version", nargs="?", type=int)
    history = verbs.add_parser("history", help="show what was changed, the newest first")
    history.add_argument("--key", default="", help="only what touches this key")
    rollback = verbs.add_parser("rollback", help="make the store what it was at a version")
    rollback.add_argument("version", type=int)
    for verb in (change, rollback):
        verb.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    for verb in (change, rollback, override):
        verb.add_argument("--reason", default="", help="why; it stays in the history")
    for verb in (explain, get, override, change, diff, history, rollback):
        verb.add_argument("--json", action="store_true", help="answer as JSON")


def config(arguments: argparse.Namespace) -> int:
    """Run one part of the verb; a refusal is told on one line each."""
    try:
        return _PARTS[arguments.what](arguments)
    except errors.DomainError as refusal:
        lines = [f"{entry.field} {entry.detail}" for entry in refusal.errors] or [refusal.message]
        sys.stderr.write("".join(f"guildry: {line}\n" for line in lines))
        return REFUSED
    except OperationalError as error:
        sys.stderr.write(f"guildry: The database does not answer, or was never started with: {error}\n")
        return DEPENDENCY


def _check(arguments: argparse.Namespace) -> int:
    """Say that nothing is wrong: a process that got this far has examined everything."""
    findings = runtime.outside().findings
    if arguments.json:
        _print({"findings": [finding.as_json() for finding in findings]})
        return 0
    sys.stdout.write("".join(f"{finding}\n" for finding in findings))
    sys.stdout.write("Files and environment can be used.\n")
    return 0


def _secrets(arguments: argparse.Namespace) -> int:
    if arguments.act == "rotate":
        return _rotate(arguments)
    secrets = queries.kept_secrets()
    if arguments.json:
        _print({"secrets": [secret.as_json() for secret in secrets]})
        return 0
    for secret in secrets:
        sys.stdout.write(f"{secret}\n")
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    row = actions.rotate_secret(SYSTEM, key=arguments.key or "", reason=arguments.reason, channel=COMMAND)
    secret = next(secret for secret in queries.kept_secrets() if secret.key == arguments.key)
    if arguments.json:
        _print({"version": row.version, **secret.as_json()})
        return 0
    sys.stdout.write(f"{secret}\nThe one before it is accepted until the next rotation.\n")
    return 0


def _document(arguments: argparse.Namespace) -> int:
    write = {"template": documents.template, "reference": documents.reference}.get(arguments.what)
    if write is None:
        _print(documents.schema(RUNTIME_SETTINGS))
    else:
        sys.stdout.write(write(RUNTIME_SETTINGS))
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    line = queries.explain(_known(arguments.key))
    layers = [
        {
            "layer": str(given.origin.layer),
            "source": given.origin.source,
            "text": None if line.setting.secret or given.origin.layer == Layer.DEFAULT else given.text,
        }
        for given in line.layers
    ]
    answer = {"key": arguments.key, "value": queries.shown_value(line), "locked_by": line.locked_by}
    lines = [f"{arguments.key}  {answer['value']}", line.setting.doc]
    lines += [f"locked by {line.locked_by}"] if line.locked_by else []
    lines += [f"  {layer['layer']}  {layer['source']}  {layer['text'] or ''}".rstrip() for layer in layers]
    return _answer(arguments, {**answer, "layers": layers}, lines)


def _get(arguments: argparse.Namespace) -> int:
    line = queries.explain(_known(arguments.key))
    if line.setting.secret or line.value is None:
        return _answer(arguments, {"key": arguments.key, "value": None}, [queries.shown_value(line)])
    answer = {"key": arguments.key, "value": plain(line.setting, line.value)}
    return _answer(arguments, answer, [render(line.setting, line.value)])


def _set(arguments: argparse.Namespace) -> int:
    wanted: dict[str, str | None] = {}
    for entry in arguments.changes:
        key, equals, text = entry.partition("=")
        if not equals:
            sys.stderr.write(f"guildry: {entry} is no KEY=VALUE.\n")
            return USAGE
        wanted[key] = text or None
    if arguments.dry_run:
        return _previewed(arguments, queries.preview(wanted, channel=COMMAND))
    row = actions.propose_changes(SYSTEM, changes=wanted, reason=arguments.reason, channel=COMMAND)
    return _settled(arguments, row)


def _diff(arguments: argparse.Namespace) -> int:
    if arguments.version is not None:
        return _previewed(arguments, queries.preview_of_version(arguments.version))
    changed = [line for section in queries.catalogue(only_changed=True) for line in section.lines]
    answer = {
        line.setting.key: {"value": queries.shown_value(line), "layer": str(line.origin.layer)}
        for line in changed
    }
    lines = [f"{key}  {each['value']}  ({each['layer']})" for key, each in answer.items()]
    return _answer(arguments, {"changed": answer}, lines or ["Everything is as delivered."])


def _history(arguments: argparse.Namespace) -> int:
    rows = queries.history(key=arguments.key).items
    lines = [f"{_name(row)}  {row.state}  {row.created_at:%Y-%m-%d %H:%M}  {row.reason}" for row in rows]
    return _answer(
        arguments, {"sets": [_as_json(row) for row in rows]}, lines or ["Nothing was changed yet."]
    )


def _rollback(arguments: argparse.Namespace) -> int:
    if arguments.dry_run:
        return _previewed(arguments, queries.preview_of_version(arguments.version))
    row = actions.roll_back(SYSTEM, version=arguments.version, reason=arguments.reason, channel=COMMAND)
    return _settled(arguments, row)


def _override(arguments: argparse.Namespace) -> int:
    try:
        lifetime = KINDS[timedelta].read(arguments.lifetime)
    except (ValueError, Wrong):
        sys.stderr.write("guildry: --lifetime takes a number with m or h after it, such as 30m.\n")
        return USAGE
    held = actions.override_value(
        SYSTEM,
        key=arguments.key,
        text=arguments.text,
        lifetime=lifetime,
        reason=arguments.reason,
        channel=COMMAND,
    )
    answer = {"id": held.pk, "key": held.key, "text": held.text, "expires_at": held.expires_at.isoformat()}
    return _answer(
        arguments, answer, [f"{held.key} is {held.text} until {held.expires_at:%Y-%m-%d %H:%M} UTC."]
    )


def _previewed(arguments: argparse.Namespace, found: Preview) -> int:
    if found.wrong:
        raise actions.ChangesRefused(errors=found.wrong)
    answer = {each.setting.key: {"before": each.before, "after": each.after} for each in found.differences}
    lines = [
        f"{each.setting.key}  {queries.shown_text(each.setting, each.before)} -> "
        f"{queries.shown_text(each.setting, each.after)}"
        for each in found.differences
    ]
    lines += ["Somebody else has to approve it."] if found.needs_approval else []
    whole = {"changes": answer, "needs_approval": found.needs_approval}
    return _answer(arguments, whole, lines or ["Nothing would change."])


def _settled(arguments: argparse.Namespace, row: ChangeSet) -> int:
    said = f"{_name(row)} is in force." if row.version else f"{_name(row)} waits for approval in the console."
    return _answer(arguments, _as_json(row), [said])


def _name(row: ChangeSet) -> str:
    return f"v{row.version}" if row.version else f"#{row.pk}"


def _as_json(row: ChangeSet) -> dict[str, Any]:
    changes = {change.key: {"before": change.before, "after": change.after} for change in row.changes.all()}
    return {
        "id": row.pk,
        "kind": str(row.kind),
        "state": str(row.state),
        "version": row.version,
        "actor": row.actor_id,
        "channel": row.channel,
        "reason": row.reason,
        "created_at": row.created_at.isoformat(),
        "changes": changes,
    }


def _known(key: str) -> str:
    if RUNTIME_SETTINGS.get(key) is None:
        raise errors.NotFound(f"{key} is the name of no key.")
    return key


def _answer(arguments: argparse.Namespace, answer: Any, lines: Iterable[str]) -> int:
    if arguments.json:
        _print(answer)
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _print(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, indent=2) + "\n")


_PARTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "diff": _diff,
    "explain": _explain,
    "get": _get,
    "history": _history,
    "override": _override,
    "reference": _document,
    "rollback": _rollback,
    "schema": _document,
    "secrets": _secrets,
    "set": _set,
    "template": _document,
}
