"""Fills an empty database for the benchmark: members with sessions and tokens, and what they posted.

It writes rows directly, because 200,000 posts through actions would measure nothing but patience.
"""

import itertools
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

WORDS = [
    "workshop",
    "timber",
    "harvest",
    "ledger",
    "bridge",
    "copper",
    "glaze",
    "kiln",
    "chapter",
    "survey",
    "river",
    "signal",
    "orchard",
    "compass",
    "lantern",
    "festival",
    "archive",
    "studio",
    "garden",
    "notebook",
    "engine",
    "harbour",
    "textile",
    "market",
    "season",
    "rehearsal",
]
NAMES = ("Ada", "Ben", "Cleo", "Dan", "Esi", "Finn", "Grace", "Hugo", "Ines", "Jonas")
FAMILIES = ("Nwosu", "Okri", "Marsh", "Osei", "Larsen", "Moreau", "Tanaka", "Silva", "Kaya", "Novak")
BATCH = 10_000


def token_of(member_id: int) -> str:
    return f"gld_bench-{member_id}"


def cookie_of(member_id: int) -> str:
    return f"bench-session-{member_id}"


def main(members: int, posts: int, folder: str) -> None:
    """Migrate, fill, and leave the compiled SQL in the folder for the programs that run it without the ORM."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", interactive=False, verbosity=0)
    dice = random.Random(20_26)
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction.atomic():
        _people(dice, members, now)
        _circles(dice, members, now)
        _posts(dice, members, posts, now)
    with connection.cursor() as cursor:
        tables = ", ".join(connection.introspection.table_names(cursor))
        cursor.execute(f"ANALYZE TABLE {tables}" if connection.vendor == "mysql" else "ANALYZE")
    Path(folder, "statements.json").write_text(json.dumps(_statements()))


def _people(dice: random.Random, count: int, now: datetime) -> None:
    from guildry.kernel import crypto
    from guildry.people.accounts.models import AccessToken, Member, Session

    stamp = Member(password="!").get_session_auth_hash()
    # Seen in the future, so that nobody's last visit is written while reading is measured.
    later = now + timedelta(days=30)
    Member.objects.bulk_create(
        (
            Member(
                id=number,
                handle=f"member{number}",
                email=f"member{number}@example.org",
                name=f"{dice.choice(NAMES)} {dice.choice(FAMILIES)}",
                headline=" ".join(dice.choices(WORDS, k=5)).capitalize(),
                password="!",
                created_at=now - timedelta(days=60),
            )
            for number in range(1, count + 1)
        ),
        batch_size=BATCH,
    )
    Session.objects.bulk_create(
        (
            Session(
                key_digest=crypto.digest(cookie_of(number)),
                member_id=number,
                member_stamp=stamp,
                created_at=now,
                last_seen_at=later,
                expires_at=later,
            )
            for number in range(1, count + 1)
        ),
        batch_size=BATCH,
    )
    AccessToken.objects.bulk_create(
        (
            AccessToken(
                member_id=number,
                name="bench",
                prefix="gld_bench",
                digest=crypto.digest(token_of(number)),
                scopes=["read"],
                created_at=now,
                expires_at=later,
                last_used_at=later,
            )
            for number in range(1, count + 1)
        ),
        batch_size=BATCH,
    )


def _circles(dice: random.Random, members: int, now: datetime) -> None:
    """Give each member twenty they follow, ten connections, one organisation, and now and then a quarrel."""
    from guildry.people.network.models import Block, Connection, Follow, Mute
    from guildry.people.organisations.models import Membership, Organisation

    Organisation.objects.bulk_create(
        Organisation(
            id=number, handle=f"guild{number}", name=f"Guild {number}", sort_key=f"guild {number}",
            kind="company", created_at=now,
        )
        for number in range(1, 101)
    )  # fmt: skip
    pairs = list(_pairs(dice, members, 20))
    _fill(Follow, ("follower_id", "followed_id", "created_at"), ((a, b, now) for a, b in pairs))
    connected = {(min(a, b), max(a, b)) for a, b in pairs[::4]}
    _fill(
        Connection,
        ("requester_id", "addressee_id", "state", "note", "requested_at", "answered_at"),
        ((a, b, "accepted", "", now, now) for a, b in sorted(connected)),
    )
    _fill(Block, ("blocker_id", "blocked_id", "created_at"), ((a, b, now) for a, b in pairs[1::40]))
    _fill(Mute, ("muter_id", "muted_id", "created_at"), ((a, b, now) for a, b in pairs[2::40]))
    _fill(
        Membership,
        ("organisation_id", "member_id", "role", "title", "started_at", "is_current"),
        ((1 + number % 100, number, "member", "", now, True) for number in range(1, members + 1)),
    )


def _pairs(dice: random.Random, members: int, each: int) -> Iterator[tuple[int, int]]:
    for number in range(1, members + 1):
        for other in dice.sample(range(1, members + 1), each):
            if other != number:
                yield number, other


def _posts(dice: random.Random, members: int, count: int, now: datetime) -> None:
    from guildry.community.timeline.models import LinkPreview, Post, Reaction

    first = now - timedelta(seconds=20 * count)
    kinds = ("like", "celebrate", "insightful", "support")

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(1, count + 1):
            body = " ".join(dice.choices(WORDS, k=40)).capitalize() + "."
            author = dice.randint(1, members)
            audience = dice.choices(("everyone", "connections", "organisation"), (90, 7, 3))[0]
            organisation = 1 + author % 100 if audience == "organisation" else None
            yield (
                number, author, body, f"<p>{body}</p>\n", audience, organisation, False, 1,
                first + timedelta(seconds=20 * number), False, 5, dice.randint(0, 4), 0, 0, 0, False,
            )  # fmt: skip

    names = (
        "id author_id body html audience organisation_id is_repost version published_at is_forgotten "
        "reaction_count comment_count repost_count comment_serial image_count has_poll"
    )
    _fill(Post, names.split(), rows())
    _fill(
        LinkPreview,
        ("post_id", "url", "title", "description", "site", "image"),
        (
            (number, f"https://example.org/{number}", "A page worth reading", "About it", "example.org", "")
            for number in range(10, count + 1, 10)
        ),
    )
    _fill(
        Reaction,
        ("post_id", "member_id", "kind", "reacted_at"),
        (
            (number, member, dice.choice(kinds), now)
            for number in range(1, count + 1)
            for member in dice.sample(range(1, members + 1), 5)
        ),
    )


def _fill(model: Any, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows of plain values through the driver."""
    from django.db import connection

    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(fields[name].column) for name in names)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(names))})"
    moments = [place for place, name in enumerate(names) if name.endswith("_at")]
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            values = [list(row) for row in batch]
            for row, place in itertools.product(values, moments):
                row[place] = connection.ops.adapt_datetimefield_value(row[place])
            cursor.executemany(sql, values)


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    source = iter(rows)
    while batch := list(itertools.islice(source, BATCH)):
        yield batch


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
