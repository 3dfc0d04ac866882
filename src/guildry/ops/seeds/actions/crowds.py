"""Making a large community to measure with.

This is the one place that writes past actions: a million posts through them would take days, and nobody is told
of any of it. What actions keep true is kept true here, and `guildry seed verify` counts it again.
"""

import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from guildry.community.timeline.models import Post
from guildry.kernel import clock, crypto, errors, permissions
from guildry.ops.seeds.actions.crowd_people import gather_crowd
from guildry.ops.seeds.actions.crowd_posts import Chronicle
from guildry.ops.seeds.actions.tables import Table, in_haste, measure_tables
from guildry.ops.seeds.rules import Plan
from guildry.people.accounts.models import AccessToken, Member, Session
from guildry.people.organisations.models import Organisation

TOKEN_PREFIX = "gld_"  # noqa: S105 - the public start of every token, not a secret
KEYS_LAST = timedelta(days=30)


class SomebodyIsHere(errors.Conflict):
    problem = errors.problem("seeds-somebody-is-here", 409, "Somebody is here already")
    detail = "A large community is made in an empty database only. Choose another folder with --data."


def make_crowd(actor: Any, *, plan: Plan, keys: Path | None = None, keys_for: int = 0) -> None:
    """Fill an empty database with members and posts; raises SomebodyIsHere and PermissionMissing.

    With `keys`, a file only its owner can read gets one JSON line for each of the first `keys_for` members: the id, the
    Cookie header and the bearer token of a session and a token of theirs. The database keeps only the digests.
    """
    permissions.require(actor, "seeds.load")
    if Member.objects.exists() or Organisation.objects.exists() or Post.objects.exists():
        raise SomebodyIsHere
    now = clock.now().replace(microsecond=0)
    with in_haste(actor):
        crowd = gather_crowd(actor, plan=plan, now=now)
        Chronicle(crowd).write()
        if keys:
            _cut_keys(keys, range(1, min(keys_for, plan.members) + 1), now)
    measure_tables(actor)


def _cut_keys(path: Path, numbers: range, now: datetime) -> None:
    stamp = Member(password="!").get_session_auth_hash()  # noqa: S106 - nobody's password: it opens nothing
    made, ends = Table.moment(now), Table.moment(now + KEYS_LAST)
    cut = [(number, secrets.token_urlsafe(32), crypto.new_token(TOKEN_PREFIX)) for number in numbers]
    with transaction.atomic():
        Table(Session, "key_digest member_id member_stamp created_at last_seen_at expires_at").fill(
            (crypto.digest(cookie), number, stamp, made, made, ends) for number, cookie, _ in cut
        )
        Table(AccessToken, "member_id name prefix digest scopes created_at expires_at").fill(
            (number, "Load generator", token[:10], crypto.digest(token), '["write"]', made, ends)
            for number, _, token in cut
        )
    name = settings.SESSION_COOKIE_NAME
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        for number, cookie, token in cut:
            line = {"member_id": number, "cookie": f"{name}={cookie}", "token": token}
            file.write(json.dumps(line) + "\n")
