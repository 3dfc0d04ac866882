"""The chain of facts shows the first fact that is not as it was sealed, and what happened to it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guildry.kernel import bus
from guildry.kernel.chain import digest_after
from guildry.kernel.permissions import SYSTEM
from guildry.platform.audit import actions, queries, rules
from guildry.platform.audit.models import Page
from guildry.platform.audit.queries import pages
from guildry.platform.audit.rules import Damage, Finding
from guildry.platform.facts import actions as sealing
from guildry.platform.facts import queries as facts
from guildry.platform.facts.models import Head, StoredFact
from tests.platform.facts.events import BellRang

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def six_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal six facts, on pages of two."""
    monkeypatch.setattr(rules, "ROWS", 2)
    ring(6)


def ring(count: int) -> None:
    with transaction.atomic():
        for bell in range(count):
            bus.publish(BellRang(bell), actor=SYSTEM, act=bus.Act("Loud") if bell % 2 else None)
    sealing.seal_facts(SYSTEM)


def fact(seq: int) -> StoredFact:
    return StoredFact.objects.get(seq=seq)


def edit() -> None:
    StoredFact.objects.filter(seq=3).update(payload='{"bell_id":99}')


def edit_the_digest_too() -> None:
    edit()
    changed = fact(3)
    digest = digest_after(fact(2).digest, facts.link_of(changed))
    StoredFact.objects.filter(seq=3).update(digest=digest)


def edit_the_last() -> None:
    StoredFact.objects.filter(seq=6).update(name="facts.EchoHeard")


def delete() -> None:
    StoredFact.objects.filter(seq=3).delete()


def delete_and_close_up() -> None:
    delete()
    for seq in (4, 5, 6):
        StoredFact.objects.filter(seq=seq).update(seq=seq - 1)


def make_room_at(place: int) -> None:
    for seq in range(6, place - 1, -1):
        StoredFact.objects.filter(seq=seq).update(seq=seq + 1)


def insert(place: int, digest: str = "") -> None:
    make_room_at(place)
    bus.publish(BellRang(77), actor=SYSTEM)
    StoredFact.objects.filter(seq=None).update(seq=place, digest=digest or "0" * 64)


def insert_with_a_digest_that_fits() -> None:
    make_room_at(3)
    bus.publish(BellRang(77), actor=SYSTEM)
    StoredFact.objects.filter(seq=None).update(seq=3)
    digest = digest_after(fact(2).digest, facts.link_of(fact(3)))
    StoredFact.objects.filter(seq=3).update(digest=digest)


def append() -> None:
    bus.publish(BellRang(77), actor=SYSTEM)
    StoredFact.objects.filter(seq=None).update(seq=7)
    digest = digest_after(fact(6).digest, facts.link_of(fact(7)))
    StoredFact.objects.filter(seq=7).update(digest=digest)


def swap(one: int, other: int) -> None:
    StoredFact.objects.filter(seq=one).update(seq=1000)
    StoredFact.objects.filter(seq=other).update(seq=one)
    StoredFact.objects.filter(seq=1000).update(seq=other)


def cut_short() -> None:
    StoredFact.objects.filter(seq__gt=4).delete()


def cut_short_with_the_head() -> None:
    cut_short()
    Head.objects.update(seq=4, digest=fact(4).digest)


def forge_the_signature() -> None:
    Head.objects.update(signature="f" * 64)


def forge_the_digest() -> None:
    Head.objects.update(digest="f" * 64, signature=facts.signature_of(6, "f" * 64))


def rewrite_from(place: int) -> None:
    """Edit a fact and seal it and all that follow anew, as only the one who holds the key of the site could sign."""
    StoredFact.objects.filter(seq=place).update(payload='{"bell_id":99}')
    digest = fact(place - 1).digest
    for seq in range(place, 7):
        digest = digest_after(digest, facts.link_of(fact(seq)))
        StoredFact.objects.filter(seq=seq).update(digest=digest)
    Head.objects.update(digest=digest)


DAMAGE = [
    (edit, Finding(3, Damage.EDITED)),
    (edit_the_digest_too, Finding(4, Damage.EDITED)),
    (edit_the_last, Finding(6, Damage.EDITED)),
    (delete, Finding(3, Damage.DELETED)),
    (delete_and_close_up, Finding(3, Damage.DELETED)),
    (lambda: insert(3), Finding(3, Damage.INSERTED)),
    (insert_with_a_digest_that_fits, Finding(3, Damage.INSERTED)),
    (append, Finding(7, Damage.INSERTED)),
    (lambda: swap(3, 4), Finding(3, Damage.REORDERED)),
    (lambda: swap(2, 5), Finding(2, Damage.REORDERED)),
    (lambda: swap(1, 6), Finding(1, Damage.REORDERED)),
    (cut_short, Finding(5, Damage.CUT_SHORT)),
    (forge_the_signature, Finding(6, Damage.HEAD_FORGED)),
    (forge_the_digest, Finding(6, Damage.HEAD_FORGED)),
    (lambda: Head.objects.all().delete(), Finding(1, Damage.INSERTED)),
]
Tamper = Callable[[], None]


@pytest.mark.parametrize(
    ("tamper", "finding"),
    [
        *DAMAGE,
        (cut_short_with_the_head, Finding(4, Damage.HEAD_FORGED)),
        (lambda: rewrite_from(3), Finding(6, Damage.HEAD_FORGED)),
    ],
)
def test_damage_is_found_and_named_where_nothing_is_bound_yet(tamper: Tamper, finding: Finding) -> None:
    tamper()

    assert queries.verify_chain()[1] == finding


@pytest.mark.parametrize(
    ("tamper", "finding"),
    [
        *DAMAGE,
        (cut_short_with_the_head, Finding(5, Damage.CUT_SHORT)),
        (lambda: rewrite_from(3), Finding(3, Damage.REWRITTEN)),
        (lambda: rewrite_from(6), Finding(5, Damage.REWRITTEN)),
    ],
)
def test_damage_is_found_and_named_on_bound_pages(tamper: Tamper, finding: Finding) -> None:
    assert actions.bind_pages(SYSTEM) == 3
    tamper()

    assert queries.verify_chain()[1] == finding


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", "00000000-0000-0000-0000-000000000001"),
        ("name", "facts.EchoHeard"),
        ("payload", '{"bell_id":98}'),
        ("actor_id", 7),
        ("trace_id", "abc"),
        ("created_at", datetime(2026, 1, 1, tzinfo=UTC)),
        ("act", None),
        ("act", "-"),
        ("digest", "0" * 64),
    ],
)
def test_no_part_of_a_fact_on_a_page_changes_unseen(column: str, value: object) -> None:
    actions.bind_pages(SYSTEM)

    StoredFact.objects.filter(seq=4).update(**{column: value})

    assert queries.verify_chain()[1] == Finding(4, Damage.EDITED)


def forge_a_page() -> None:
    Page.objects.filter(number=1).update(digest="f" * 64)


def lose_a_page() -> None:
    Page.objects.filter(number=1).delete()


def forge_the_last_page() -> None:
    Page.objects.filter(number=2).update(signature="f" * 64)


@pytest.mark.parametrize(
    ("tamper", "result"),
    [
        (forge_a_page, (2, Finding(3, Damage.PAGE_FORGED))),
        (lose_a_page, (2, Finding(3, Damage.PAGE_FORGED))),
        (forge_the_last_page, (0, Finding(1, Damage.PAGE_FORGED))),
    ],
)
def test_a_forged_page_is_told_from_forged_facts(tamper: Tamper, result: tuple[int, Finding]) -> None:
    actions.bind_pages(SYSTEM)

    tamper()

    assert queries.verify_chain() == result


def test_facts_are_named_before_the_page_that_no_longer_vouches_for_them() -> None:
    actions.bind_pages(SYSTEM)

    forge_the_last_page()
    edit()

    assert queries.verify_chain() == (2, Finding(3, Damage.EDITED))


def test_a_whole_chain_and_an_empty_one_pass() -> None:
    actions.bind_pages(SYSTEM, limit=1)
    whole = queries.verify_chain()
    StoredFact.objects.all().delete()
    Head.objects.all().delete()
    Page.objects.all().delete()

    assert (whole, queries.verify_chain()) == ((6, None), (0, None))


def test_pages_are_bound_once_and_never_over_damage() -> None:
    rounds = [actions.bind_pages(SYSTEM, limit=1), actions.bind_pages(SYSTEM, limit=1)]
    edit_the_last()
    rounds.append(actions.bind_pages(SYSTEM))

    assert rounds == [1, 1, 0]
    assert list(Page.objects.order_by("number").values_list("number", flat=True)) == [0, 1]
    assert queries.verify_chain() == (5, Finding(6, Damage.EDITED))


def test_what_could_move_from_one_fact_to_the_next_is_bound_by_no_page() -> None:
    ring(1)
    bus.publish(BellRang(7), actor=SYSTEM)
    StoredFact.objects.filter(seq=None).update(trace_id=f"a{rules.BREAK}b")
    sealing.seal_facts(SYSTEM)

    assert actions.bind_pages(SYSTEM) == 3
    assert queries.verify_chain() == (8, None)


def test_pages_stay_signed_when_the_key_of_the_site_changes(settings: object) -> None:
    actions.bind_pages(SYSTEM)
    old = settings.SECRET_KEY  # type: ignore[attr-defined]

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-key-" * 5, [old]  # type: ignore[attr-defined]
    actions.bind_pages(SYSTEM)
    sealing.seal_facts(SYSTEM)
    ring(1)
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]

    assert queries.verify_chain() == (7, None)


def test_facts_are_read_by_themselves_only_after_the_last_page() -> None:
    ring(1)
    actions.bind_pages(SYSTEM)

    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert queries.verify_chain() == (7, None)

    joined = [query["sql"] for query in seen if "GROUP_CONCAT" in query["sql"]]
    assert (len(joined), len(seen)) == (3, 3 + 5)


@pytest.mark.django_db(transaction=True)
def test_several_threads_share_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.bind_pages(SYSTEM)
    monkeypatch.setattr(pages, "LEAST_SHARE", 1)
    monkeypatch.setattr(pages.os, "cpu_count", lambda: 3)

    whole = queries.verify_chain()
    swap(3, 4)
    StoredFact.objects.filter(seq=6).update(payload="{}")

    assert (whole, queries.verify_chain()) == ((6, None), (2, Finding(3, Damage.REORDERED)))


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_grows_while_it_is_read_is_not_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    from guildry.platform.audit.queries import chain

    read = chain._chapter
    grown: list[int] = []

    def growing(after: int, until: int | None) -> list[tuple[object, ...]]:
        rows = read(after, until)
        if not rows and not grown:
            grown.append(after)
            ring(2)
        return rows

    monkeypatch.setattr(chain, "_chapter", growing)

    assert queries.verify_chain() == (8, None)
    assert grown == [6]
