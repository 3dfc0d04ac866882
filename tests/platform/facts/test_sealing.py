"""However threads and processes interleave, each fact has one place and none is left out."""

import pytest
from django.db import transaction

from guildry.kernel import bus
from guildry.kernel.permissions import SYSTEM
from guildry.platform.audit.queries import verify_chain
from guildry.platform.facts import actions, queries
from tests.platform.facts.events import BellRang


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_another_thread_sealed_meanwhile_is_not_sealed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction.atomic():
        bus.publish(BellRang(1), actor=SYSTEM)
    actions.seal_facts(SYSTEM)
    with transaction.atomic():
        bus.publish(BellRang(2), actor=SYSTEM)
    look, others = queries.unsealed_facts, iter([actions.seal_facts])

    def look_while_another_seals() -> object:
        found = look()
        if other := next(others, None):
            other(SYSTEM)
        return found

    monkeypatch.setattr(queries, "unsealed_facts", look_while_another_seals)

    actions.seal_facts(SYSTEM)

    assert [(found.seq, found.fact) for found in queries.facts_after(0)] == [
        (1, BellRang(1)),
        (2, BellRang(2)),
    ]
    assert (queries.last_seq(), verify_chain()) == (2, (2, None))
