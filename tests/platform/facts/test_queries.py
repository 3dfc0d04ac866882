"""The chain of facts shows the first fact that is not as it was sealed, and what happened to it."""

from collections.abc import Callable

import pytest

from guildry.kernel import bus, hints
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts import actions, queries, rules
from guildry.platform.facts.models import Head, StoredFact
from guildry.platform.facts.rules import Damage, Finding
from tests.platform.facts.events import BellRang, EchoHeard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def six_facts() -> None:
    for bell in range(6):
        bus.publish(BellRang(bell), actor=SYSTEM)
    actions.seal_facts(SYSTEM)


def fact(seq: int) -> StoredFact:
    return StoredFact.objects.get(seq=seq)


def edit() -> None:
    StoredFact.objects.filter(seq=3).update(payload='{"bell_id":99}')


def edit_the_digest_too() -> None:
    edit()
    changed = fact(3)
    digest = rules.digest_after(fact(2).digest, queries.link_of(changed))
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
    digest = rules.digest_after(fact(2).digest, queries.link_of(fact(3)))
    StoredFact.objects.filter(seq=3).update(digest=digest)


def append() -> None:
    bus.publish(BellRang(77), actor=SYSTEM)
    StoredFact.objects.filter(seq=None).update(seq=7)
    digest = rules.digest_after(fact(6).digest, queries.link_of(fact(7)))
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
    Head.objects.update(digest="f" * 64, signature=queries.signature_of(6, "f" * 64))


@pytest.mark.parametrize(
    ("tamper", "finding"),
    [
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
        (cut_short_with_the_head, Finding(4, Damage.HEAD_FORGED)),
        (forge_the_signature, Finding(6, Damage.HEAD_FORGED)),
        (forge_the_digest, Finding(6, Damage.HEAD_FORGED)),
        (lambda: Head.objects.all().delete(), Finding(1, Damage.INSERTED)),
    ],
)
def test_damage_is_found_and_named(tamper: Callable[[], None], finding: Finding) -> None:
    tamper()

    assert queries.verify_chain()[1] == finding


def test_a_whole_chain_and_an_empty_one_pass() -> None:
    whole = queries.verify_chain()
    StoredFact.objects.all().delete()
    Head.objects.all().delete()

    assert (whole, queries.verify_chain()) == ((6, None), (0, None))


def test_sealed_facts_come_back_in_their_order_after_a_place() -> None:
    assert [(sealed.seq, sealed.fact) for sealed in queries.facts_after(4)] == [
        (5, BellRang(4)),
        (6, BellRang(5)),
    ]
    assert [sealed.seq for sealed in queries.facts_after(0, limit=2)] == [1, 2]
    assert queries.last_seq() == 6


def test_whoever_waits_for_sealed_facts_is_woken_until_they_stop() -> None:
    woken: list[int] = []
    stop = queries.on_sealed(lambda: woken.append(1))

    hints.send("facts.sealed")
    stop()
    hints.send("facts.sealed")

    assert woken == [1]


def test_the_backlog_of_a_chain_at_rest_is_empty() -> None:
    backlog = queries.backlog()

    assert (backlog.unsealed, backlog.waiting, backlog.dead, backlog.oldest_seconds) == (0, 0, 0, 0.0)


def test_a_stretch_gives_the_facts_asked_for_and_says_how_far_it_goes() -> None:
    start, end = 6, 6 + queries.LONGEST
    for place in range(start + 1, end + 2):
        bus.publish(EchoHeard(place) if place % 2 else BellRang(place), actor=SYSTEM)
    actions.seal_facts(SYSTEM)
    bells = frozenset({BellRang.name})

    first = queries.facts_following(start, bells)
    second = queries.facts_following(first.until, bells)
    third = queries.facts_following(second.until, bells)

    assert [(place.seq, fact) for place, fact in first.facts] == [
        (place, BellRang(place)) for place in range(start + 2, end + 1, 2)
    ]
    assert (first.until, first.has_more) == (end, True)
    assert second == queries.Stretch([], end + 1, has_more=False)
    assert third == second
