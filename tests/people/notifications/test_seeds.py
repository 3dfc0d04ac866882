"""In the demo community notifications arise from facts, and the newest wait unread."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from guildry.kernel import clock
from guildry.kernel.seeding import Person, World
from guildry.people.accounts.models import Member
from guildry.people.network import actions as network
from guildry.people.notifications import queries, seeds
from tests.factories.people import make_member

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_old_news_is_read_and_new_news_waits(ada: Member, ben: Member, run_jobs: Callable[[], int]) -> None:
    eve = make_member("eve")
    for member, age in ((ben, timedelta(days=9)), (eve, timedelta(hours=2))):
        with clock.at(NOW - age):
            network.follow_member(member, member_id=ada.pk)
    cast = tuple(Person(handle, handle, "", "", "", "UTC") for handle in ("ada", "ben", "nobody"))

    for step in seeds.steps(World(now=NOW, cast=cast, guilds=())):
        step()
    run_jobs()

    told = queries.entries(ada).items
    assert [(entry.text, entry.is_read) for entry in told] == [
        ("Eve follows you", False),
        ("Ben Okri follows you", True),
    ]
    assert told[1].created_at == NOW - timedelta(days=9)
    assert queries.unread_count(ada) == 1
