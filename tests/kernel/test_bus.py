"""The bus knows its facts and subscribers by names that mean one thing each."""

import pytest

from guildry.kernel import bus
from guildry.kernel.bus import Fact
from guildry.kernel.permissions import SYSTEM
from tests.platform.facts.events import BellRang


def test_two_facts_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Two facts are called facts\.BellRang"):
        type("BellRang", (Fact,), {"__module__": "another.place.facts.events"})

    assert bus.FACTS["facts.BellRang"] is BellRang


def test_one_subscriber_name_subscribes_once_to_a_fact() -> None:
    bus.subscribe(BellRang, lambda delivery: None, name="test.once")

    with pytest.raises(ValueError, match=r"test\.once already subscribes to facts\.BellRang"):
        bus.subscribe(BellRang, lambda delivery: None, name="test.once")

    bus._subscribers["facts.BellRang"].pop("test.once")


def test_without_an_outbox_nothing_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "_outbox", None)

    with pytest.raises(RuntimeError, match="No outbox is in use"):
        bus.publish(BellRang(1), actor=SYSTEM)


def test_a_fact_survives_its_journey() -> None:
    assert bus.decode("facts.BellRang", bus.encode(BellRang(7))) == BellRang(7)
    with pytest.raises(KeyError):
        bus.decode("facts.NobodySaidThat", "{}")


def test_one_name_witnesses_acts_once() -> None:
    with pytest.raises(ValueError, match=r"audit\.entries already witnesses acts"):
        bus.witness_acts(lambda delivery: None, name="audit.entries")


def test_a_fact_without_ids_has_no_subject_of_its_own() -> None:
    fact = type("NorthBellFell", (Fact,), {"__module__": "another.facts.events"})()
    bus.FACTS.pop(fact.name)

    kept = [bus.decode_act(bus.encode_act(bus.Act("Storm", subject=s), fact)) for s in ("", "tower:1")]

    assert [act.subject for act in kept] == ["", "tower:1"]
