"""Fills an empty database for the benchmark with a large community, as `guildry seed scale` makes it."""

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

KEYS, STATEMENTS = "keys.jsonl", "statements.json"


@dataclass(frozen=True)
class Keys:
    """How a member is let in: a Cookie header and a bearer token."""

    cookie: str
    token: str


def keys_in(folder: Path) -> dict[int, Keys]:
    """Return the keys of every member that `main` wrote into the folder."""
    lines = map(json.loads, Path(folder, KEYS).read_text().splitlines())
    return {line["member_id"]: Keys(line["cookie"], line["token"]) for line in lines}


def main(members: int, posts: int, folder: str) -> None:
    """Migrate, fill, and leave keys and the compiled SQL in the folder for the programs that run without the ORM."""
    import django

    django.setup()
    from django.core.management import call_command

    from guildry.kernel.permissions import SYSTEM
    from guildry.ops.seeds import actions
    from guildry.ops.seeds.rules import Plan

    call_command("migrate", interactive=False, verbosity=0)
    plan = Plan(members, posts)
    actions.make_crowd(SYSTEM, plan=plan, keys=Path(folder, KEYS), keys_for=members)
    _look_ahead()
    Path(folder, STATEMENTS).write_text(json.dumps(_statements()))


def _look_ahead() -> None:
    """Have everybody seen in the future, so that nobody's last visit is written while reading is measured."""
    from guildry.people.accounts.models import AccessToken, Session

    later = datetime.now(UTC) + timedelta(days=20)
    Session.objects.update(last_seen_at=later)
    AccessToken.objects.update(last_used_at=later)


def _statements() -> dict[str, Any]:
    """Return what our own process sends to the database for one request, and which parameters to put in."""
    from django.db import connection

    from guildry.community.timeline.queries.timeline import LATEST
    from guildry.people.accounts.queries import access

    found = {}
    for name, query in (("token", access._token_row), ("page", LATEST)):
        plan = query._compile(connection)
        found[name] = {"sql": plan.native, "parameters": plan.template, "slots": plan.slots}
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildry.config.settings")
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
