"""The `guildry` command: its verbs are registered by the apps."""

import argparse
import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from guildry.config import environment
from guildry.platform.lifecycle import commands as lifecycle
from guildry.platform.lifecycle.serving import supervisor
from guildry.platform.lifecycle.serving.systemd import Notifier

CONFIGURATION = 78


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    began = time.monotonic()
    words = sys.argv[1:] if arguments is None else arguments
    _choose_early(words)
    notifier = Notifier(*environment.take_notify_socket())
    if words[:1] == ["serve"] and (served := _serving(words[1:])).supervisor and not served.supervised:
        return supervisor.supervise(words, served, environment.data_folder(), notifier)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildry.config.settings")
    # Nearly everything made until here lives as long as the process, so looking for garbage in it is time lost.
    gc.disable()
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        return _refuse(error, as_json=words[:2] == ["config", "check"] and "--json" in words)
    gc.freeze()
    gc.enable()
    chosen = _parser().parse_args(words)
    chosen.began, chosen.notifier = began, notifier
    from guildry.platform.lifecycle.serving import logs

    logs.configure(stream=sys.stderr)
    run = chosen.run
    if chosen.verb == "serve":
        return int(run(chosen))
    from guildry.platform.telemetry.recorder import RECORDER

    with RECORDER.during(chosen.verb):
        return int(run(chosen))


def _refuse(error: Exception, *, as_json: bool) -> int:
    """Say what is wrong with the configuration, one line each; `config check` says it to programs too."""
    findings = getattr(error, "findings", ())
    if as_json:
        sys.stdout.write(json.dumps({"findings": [finding.as_json() for finding in findings]}) + "\n")
    elif findings:
        count = f"{len(findings)} settings need" if len(findings) > 1 else "1 setting needs"
        sys.stderr.write(f"guildry: {count} another look; nothing was started.\n{error}\n")
    else:
        sys.stderr.write(f"guildry: {error}\n")
    return CONFIGURATION


def _parser() -> argparse.ArgumentParser:
    from guildry.kernel.points import COMMANDS

    parser = argparse.ArgumentParser(prog="guildry", description="Run and look after a Guildry community.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    areas: dict[str, Any] = {}
    for command in sorted(COMMANDS, key=lambda command: command.name):
        name, _, area = command.name.partition(" ")
        among = verbs
        if area:
            if name not in areas:
                shared = verbs.add_parser(name, help=f"{command.help}, and more")
                areas[name] = shared.add_subparsers(dest="area", metavar="AREA", required=True)
            among, name = areas[name], area
        verb = among.add_parser(name, help=command.help, description=command.help)
        verb.set_defaults(run=command.run)
        if command.arguments:
            command.arguments(verb)
    return parser


def _serving(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="guildry serve", description="Run the site")
    lifecycle.serve_arguments(parser)
    return parser.parse_args(words)


def _choose_early(words: list[str]) -> None:
    """Let words decide where everything lives, which address links lead to and which files are read, in time."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--data")
    early.add_argument("--port")
    early.add_argument("--env-file")
    early.add_argument("--config-file")
    early.add_argument("--database-file")
    chosen = early.parse_known_args(words)[0]
    if chosen.data:
        os.environ["GUILDRY_DATA_DIR"] = chosen.data
    if chosen.database_file:
        os.environ["GUILDRY_DATABASE"] = Path(chosen.database_file).read_text()
    for variable, path in (
        ("GUILDRY_ENV_FILE", chosen.env_file),
        ("GUILDRY_CONFIG_FILE", chosen.config_file),
    ):
        if path:
            os.environ[variable] = path
    if chosen.port and chosen.port != "0":
        os.environ.setdefault("GUILDRY_ORIGIN", f"http://localhost:{chosen.port}")


if __name__ == "__main__":
    sys.exit(main())
