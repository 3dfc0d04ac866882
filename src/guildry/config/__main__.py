"""The `guildry` command: its verbs are registered by the apps."""

import argparse
import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildry.config.settings")
    import django

    django.setup()
    from guildry.kernel.points import COMMANDS

    parser = argparse.ArgumentParser(prog="guildry", description="Run and look after a Guildry community.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for command in COMMANDS:
        verb = verbs.add_parser(command.name, help=command.help, description=command.help)
        if command.arguments:
            command.arguments(verb)
    chosen = parser.parse_args(arguments)
    return COMMANDS[chosen.verb].run(chosen)


if __name__ == "__main__":
    sys.exit(main())
