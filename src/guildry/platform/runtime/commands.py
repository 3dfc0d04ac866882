"""The verb `guildry config`: what is configured, and the secrets the site keeps."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from django.db import OperationalError

from guildry.kernel import errors, runtime
from guildry.kernel.permissions import SYSTEM
from guildry.platform.runtime import actions, queries

COMMAND = "command"
REFUSED, DEPENDENCY = 1, 69


def config_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    check = verbs.add_parser("check", help="read files and environment, and say what is wrong")
    check.add_argument("--env-file", help="read this file instead of .env")
    check.add_argument("--config-file", help="read this file instead of guildry.toml")
    check.add_argument("--json", action="store_true", help="answer as JSON")
    secrets = verbs.add_parser("secrets", help="show how old secrets are, or give one a successor")
    secrets.add_argument("act", choices=["list", "rotate"])
    secrets.add_argument("key", nargs="?", help="which one, such as secret.key")
    secrets.add_argument("--reason", default="", help="why; it stays in the history")
    secrets.add_argument("--json", action="store_true", help="answer as JSON")


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


def _print(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, indent=2) + "\n")


_PARTS: dict[str, Callable[[argparse.Namespace], int]] = {"check": _check, "secrets": _secrets}
