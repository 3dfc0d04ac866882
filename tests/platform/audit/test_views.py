"""Those who may read the trail find acts by who, what, subject, trace and time, with their proof."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guildry.kernel import bus, clock
from guildry.kernel.bus import Act
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.audit import actions, queries, rules
from guildry.platform.audit.models import Entry
from guildry.platform.audit.rules import Search
from guildry.platform.facts.models import StoredFact
from tests.factories.people import grant, make_member
from tests.platform.facts.events import BellRang

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def auditor(ada: Member) -> Client:
    client = Client()
    client.force_login(grant(make_member("nora"), StaffRole.AUDITOR, by=ada))
    return client


@pytest.fixture
def acts(ada: Member, auditor: Client, deliver: Callable[[], int]) -> list[Entry]:
    """Three acts a day apart, of Ada, the system and Ada; the trail before them is gone."""
    deliver()
    Entry.objects.all().delete()
    for day, actor in enumerate((ada, SYSTEM, ada)):
        with (
            clock.at(MOMENT + timedelta(days=day)),
            structlog.contextvars.bound_contextvars(trace_id=f"t{day}"),
        ):
            bus.publish(BellRang(day), actor=actor, act=Act(f"Reason {day}", after=day))
    deliver()
    return list(Entry.objects.order_by("seq"))


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("", [2, 1, 0]),
        ("who=ada", [2, 0]),
        ("who=@Ada", [2, 0]),
        ("who=system", [1]),
        ("who=nobody", []),
        ("what=bell+rang", [2, 1, 0]),
        ("what=facts.Bell", [2, 1, 0]),
        ("what=role", []),
        ("subject=bell:1", [1]),
        ("trace=t2", [2]),
        ("since=2026-03-02", [2, 1]),
        ("until=2026-03-02", [1, 0]),
        ("since=2026-03-02&until=2026-03-02", [1]),
        ("who=ada&since=2026-03-02", [2]),
    ],
)
def test_the_trail_is_searched(auditor: Client, acts: list[Entry], asked: str, days: list[int]) -> None:
    page = auditor.get(f"/ops/audit/?{asked}").content.decode()

    assert [day for day in (2, 1, 0) if f"Reason {day}" in page] == days
    assert ("No entry fits" in page) == (not days)


def test_a_day_that_is_none_is_said(auditor: Client) -> None:
    answer = auditor.get("/ops/audit/?since=yesterday")

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_pages_follow_each_other_without_loss(auditor: Client, acts: list[Entry], ada: Member) -> None:
    first = queries.trail(SYSTEM, search=Search(who="ada"), size=1)
    second = queries.trail(SYSTEM, search=Search(who="ada"), cursor=first.next_cursor, size=1)

    assert [told.entry.reason for told in (*first.items, *second.items)] == ["Reason 2", "Reason 0"]
    assert (bool(first.next_cursor), second.next_cursor) == (True, "")


def test_the_next_page_keeps_the_search(
    auditor: Client, acts: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.trail, "__kwdefaults__", {**queries.trail.__kwdefaults__, "size": 1})

    page = auditor.get("/ops/audit/?who=ada").content.decode()

    assert "?who=ada&amp;cursor=" in page or "?who=ada&cursor=" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_trail_takes_the_same_queries_however_long(
    auditor: Client, acts: list[Entry], count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Entry.objects.filter(seq__lt=acts[3 - count].seq).delete()

    with django_assert_num_queries(8):
        auditor.get("/ops/audit/")


def test_an_entry_shows_its_proof(auditor: Client, acts: list[Entry]) -> None:
    page = auditor.get(f"/ops/audit/{acts[1].seq}/").content.decode()

    assert f"Fact {acts[1].seq} and this entry are as they were sealed." in page
    assert StoredFact.objects.get(seq=acts[1].seq).digest in page
    assert bus.digest_of(1) in page
    assert auditor.get("/ops/audit/987654/").status_code == 404


def test_an_entry_that_was_changed_does_not_prove(auditor: Client, acts: list[Entry]) -> None:
    Entry.objects.filter(pk=acts[1].pk).update(reason="Nothing happened")
    StoredFact.objects.filter(seq=acts[2].seq).update(payload="{}")
    StoredFact.objects.filter(seq=acts[0].seq).delete()

    pages = [auditor.get(f"/ops/audit/{entry.seq}/").content.decode() for entry in acts]

    assert f"Fact {acts[0].seq} is not as it was sealed" in pages[0]
    assert f"Fact {acts[2].seq} is not as it was sealed" in pages[2]
    assert queries.proof_of(Entry.objects.get(pk=acts[1].pk)).is_entry_true is False


def test_what_waits_for_its_seal_is_said(auditor: Client, acts: list[Entry]) -> None:
    bus.publish(BellRang(9), actor=SYSTEM)

    with clock.at(clock.now() + timedelta(seconds=90)):
        waiting = queries.unsealed()
        page = auditor.get("/ops/audit/").content.decode()

    assert (waiting.count, round(waiting.seconds)) == (1, 90)
    assert "1 fact waits for its seal, the oldest for 90" in page


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_copy_is_taken_for_a_reason_and_leaves_an_entry(
    auditor: Client, acts: list[Entry], deliver: Callable[[], int], form: str
) -> None:
    answer = auditor.post("/ops/audit/export/", {"who": "ada", "format": form, "reason": "Yearly audit"})
    deliver()

    text = answer.content.decode()
    rows = json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text)))
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert [row["reason"] for row in rows] == ["Reason 2", "Reason 0"]
    exported = Entry.objects.get(name="audit.TrailExported")
    assert exported.reason == "Yearly audit"
    assert json.loads(StoredFact.objects.get(seq=exported.seq).payload) == {
        "last_seq": acts[2].seq, "entry_count": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    "asked", [{"format": "csv"}, {"format": "xls", "reason": "Why"}, {"reason": "\u200b", "format": "csv"}]
)
def test_no_copy_without_a_reason_or_a_format(
    auditor: Client, acts: list[Entry], asked: dict[str, str]
) -> None:
    answer = auditor.post("/ops/audit/export/", {"who": "ada", **asked})

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not StoredFact.objects.filter(name="audit.TrailExported").exists()


def test_an_operator_reads_and_takes_no_copies(ada: Member, acts: list[Entry]) -> None:
    client = Client()
    client.force_login(grant(make_member("oscar"), StaffRole.OPERATOR, by=ada))

    page = client.get("/ops/audit/").content.decode()

    assert "Reason 2" in page
    assert "Take a copy" not in page
    assert client.post("/ops/audit/export/", {"format": "csv", "reason": "x"}).status_code == 403


def test_a_member_without_the_permission_sees_nothing_of_it(ada: Member, acts: list[Entry]) -> None:
    assert list(queries.trail(ada).items) == []
    with pytest.raises(queries.EntryNotFound):
        queries.entry_of(ada, acts[0].seq)


def test_an_auditor_has_the_chain_verified_without_a_terminal(auditor: Client, acts: list[Entry]) -> None:
    sealed = queries.chain_now().last_seq
    whole = auditor.post("/ops/audit/proofs/", follow=True)
    StoredFact.objects.filter(seq=sealed).update(payload="{}")
    damaged = auditor.post("/ops/audit/proofs/", follow=True)

    assert whole.redirect_chain == [("/ops/audit/", 303)]
    assert f"All {sealed} sealed facts are as they were sealed." in whole.content.decode()
    assert f"Damage found: fact {sealed}: edited." in damaged.content.decode()


def test_the_chain_is_verified_only_for_those_who_may_read_the_trail(ada: Member, ada_client: Client) -> None:
    assert ada_client.post("/ops/audit/proofs/").status_code == 403
    with pytest.raises(PermissionMissing):
        queries.proven(ada)


def test_the_trail_says_how_far_the_chain_goes_and_what_is_bound(
    auditor: Client, acts: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = auditor.get("/ops/audit/").content.decode()
    monkeypatch.setattr(rules, "ROWS", 2)
    actions.bind_pages(SYSTEM)
    after = auditor.get("/ops/audit/").content.decode()

    sealed = queries.chain_now().last_seq
    assert "None yet" in before
    assert "None yet" not in after
    assert f'<dd class="num">{sealed // 2 * 2}</dd>' in after
    assert StoredFact.objects.get(seq=sealed).digest in after
