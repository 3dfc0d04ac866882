"""Every privileged act leaves an entry that says who, what, why and on which trace."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog

from guildry.kernel import bus, clock, errors
from guildry.kernel.bus import Act, Delivery, KeptAct
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.platform.audit import actions, queries
from guildry.platform.audit.models import Entry
from guildry.platform.audit.rules import Damage, Finding
from guildry.platform.facts.models import StoredFact
from tests.platform.facts.events import BellRang

pytestmark = pytest.mark.django_db


def test_a_privileged_act_becomes_an_entry(ada: Member, deliver: Callable[[], int]) -> None:
    moment = clock.now() - timedelta(days=2)
    act = Act(" Too loud\u202e ", before={"volume": 9, "bell": 1}, after={"bell": 1, "volume": 3})

    with clock.at(moment), structlog.contextvars.bound_contextvars(trace_id="abc"):
        bus.publish(BellRang(7), actor=ada, act=act)
    deliver()

    (entry,) = Entry.objects.all()
    assert (entry.seq, entry.name, entry.actor_id, entry.subject) == (1, "facts.BellRang", ada.pk, "bell:7")
    assert (entry.reason, entry.trace_id, entry.at) == ("Too loud", "abc", moment)
    assert entry.before == bus.digest_of({"bell": 1, "volume": 9})
    assert entry.after == bus.digest_of({"volume": 3, "bell": 1})
    assert entry.before != entry.after


def test_only_digests_of_what_changed_are_kept() -> None:
    bus.publish(BellRang(7), actor=SYSTEM, act=Act("Changed", before="old-secret", after=None))

    kept = json.loads(StoredFact.objects.get().act or "")

    assert kept == {
        "reason": "Changed", "before": bus.digest_of("old-secret"), "after": "", "subject": "bell:7"
    }  # fmt: skip
    assert "old-secret" not in str(StoredFact.objects.values())


def test_an_ordinary_fact_leaves_no_entry(deliver: Callable[[], int]) -> None:
    bus.publish(BellRang(7), actor=SYSTEM)
    deliver()

    actions.record_act(SYSTEM, delivery=Delivery(BellRang(7), 1, "key", None))

    assert Entry.objects.count() == 0


def test_an_act_delivered_twice_leaves_one_entry() -> None:
    delivery = Delivery(BellRang(7), 5, "key", None, "abc", KeptAct("Once", "", "", "config:limits"))

    actions.record_act(SYSTEM, delivery=delivery)
    actions.record_act(SYSTEM, delivery=delivery)

    assert list(Entry.objects.values_list("seq", "subject", "reason")) == [(5, "config:limits", "Once")]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_nothing_privileged_happens_without_a_reason(reason: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        Act(reason)

    assert refused.value.errors[0].field == "reason"


def test_the_chain_protects_the_reason() -> None:
    from guildry.platform.facts import actions as sealing

    for bell in range(3):
        bus.publish(BellRang(bell), actor=SYSTEM, act=Act("As agreed"))
    sealing.seal_facts(SYSTEM)
    stored = StoredFact.objects.get(seq=2)

    stored.act = (stored.act or "").replace("As agreed", "For money")
    stored.save()

    assert queries.verify_chain() == (1, Finding(2, Damage.EDITED))


def test_granting_revoking_suspending_and_reinstating_are_privileged(
    ada: Member, deliver: Callable[[], int]
) -> None:
    grant = accounts.grant_role(SYSTEM, member_id=ada.pk, role=StaffRole.ANALYST, reason="Counts well")
    accounts.revoke_role(SYSTEM, grant_id=grant.pk, reason="Left the team")
    accounts.suspend_member(SYSTEM, member_id=ada.pk, reason="Sold what was not theirs")
    accounts.reinstate_member(SYSTEM, member_id=ada.pk, reason="Paid it back")
    deliver()

    told = list(Entry.objects.order_by("seq").values_list("name", "subject", "reason"))
    assert told == [
        ("accounts.RoleGranted", f"member:{ada.pk}", "Counts well"),
        ("accounts.RoleRevoked", f"member:{ada.pk}", "Left the team"),
        ("accounts.MemberSuspended", f"member:{ada.pk}", "Sold what was not theirs"),
        ("accounts.MemberReinstated", f"member:{ada.pk}", "Paid it back"),
    ]
    granted, revoked = Entry.objects.order_by("seq")[:2]
    assert (granted.before, granted.after) == (revoked.after, revoked.before)
