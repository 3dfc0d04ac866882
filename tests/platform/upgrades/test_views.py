"""The pages of migrations: what staff see, what they may ask of backfills, and what nobody else may."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.facts.models import StoredFact
from guildry.platform.upgrades import actions
from guildry.platform.upgrades.executor import locking
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.rules import Kind, Status
from tests.factories.people import grant

pytestmark = pytest.mark.django_db
ADDRESS, REST, GO_ON = "/ops/migrations/", "/ops/migrations/rest/", "/ops/migrations/rest/end/"
REASON = {"reason": "The evening is busy"}


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def operator(ada: Member, ben: Member) -> Client:
    return signed_in(grant(ada, StaffRole.OPERATOR, by=ben))


@pytest.fixture
def auditor(ada: Member, ben: Member) -> Client:
    return signed_in(grant(ben, StaffRole.AUDITOR, by=ada))


def a_change(status: Status = Status.DONE, name: str = "0001_initial", **fields: Any) -> Change:
    now = clock.now()
    given = {
        "app": "seeds", "direction": "forward", "phase": "expand", "opened_at": now - timedelta(seconds=90),
        "done_at": now if status == Status.DONE else None, "is_settled": True, **fields,
    }  # fmt: skip
    return Change.objects.create(name=name, status=status, **given)


def a_step(change: Change, status: Status = Status.DONE, **fields: Any) -> Step:
    given = {
        "position": Step.objects.count(), "statement": 0, "kind": Kind.SCHEMA, "label": "Add index trial", "digest": "",
        "sql": "CREATE INDEX trial ON seeds_loadedpack (name)", "lock_class": "copy", "rows": 1_204_332, **fields,
    }  # fmt: skip
    if status == Status.DONE:
        given = {"started_at": change.opened_at, "done_at": change.opened_at + timedelta(seconds=64), **given}
    return Step.objects.create(change_id=change.pk, status=status, **given)


def a_backfill(**fields: Any) -> Step:
    change = a_change(Status.STARTED, "0002_fill", phase="migrate")
    given = {"kind": Kind.BACKFILL, "label": "Backfill Post", "sql": "", "lock_class": "rows", "rows": 7_000}
    return a_step(
        change, Status.STARTED, started_at=clock.now() - timedelta(minutes=3), **{**given, **fields}
    )


def test_a_settled_database_shows_what_it_has(operator: Client) -> None:
    page = operator.get(ADDRESS).content.decode()

    assert "Nothing to do" in page
    assert "timeline" in page
    assert "0012_alter_user_first_name_max_length" in page
    assert "no copy of the data was made and proven yet" in page


def test_what_was_done_is_there_with_how_long_it_took(operator: Client) -> None:
    a_step(a_change())

    page = operator.get(ADDRESS).content.decode()

    assert "seeds.0001_initial" in page
    assert "1 of 1" in page
    assert "90.0 s" in page


def test_what_is_cut_off_says_how_to_go_on(operator: Client) -> None:
    a_step(a_change(Status.FAILED, error="OperationalError: the disk is full"), Status.STARTED)

    page = operator.get(ADDRESS).content.decode()

    assert "Cut off" in page
    assert "the disk is full" in page
    assert 'data-copy="guildry migrate resume"' in page


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_shown_statement_by_statement(operator: Client) -> None:
    MigrationRecorder(connection).record_unapplied("seeds", "0001_initial")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE seeds_loadedpack")

    try:
        page = operator.get(ADDRESS).content.decode()
    finally:
        actions.bring_up_to_date(SYSTEM)

    assert "Something is due" in page
    assert "Create model LoadedPack" in page
    assert "New table" in page
    assert "Restore point" in page


def test_while_somebody_is_at_work_the_page_looks_again(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "at_work", lambda connection: "process 4711")
    a_backfill()

    whole = operator.get(ADDRESS).content.decode()
    part = operator.get(ADDRESS, headers={"HX-Request": "true"}).content.decode()

    assert "process 4711" in whole
    for shown in (whole, part):
        assert 'hx-trigger="every 2s"' in shown
        assert "7,000 rows" in shown
        assert "3 min 0 s so far" in shown
    assert "<html" not in part


def test_nothing_is_asked_again_once_nobody_is_at_work(operator: Client) -> None:
    assert "hx-trigger" not in operator.get(ADDRESS, headers={"HX-Request": "true"}).content.decode()


def test_a_backfill_rests_and_goes_on_and_both_are_on_record(operator: Client, ada: Member) -> None:
    step = a_backfill()

    assert operator.post(REST, REASON).status_code == 303
    step.refresh_from_db()
    assert step.is_paused is True
    assert "Let backfills go on" in operator.get(ADDRESS).content.decode()
    assert operator.post(GO_ON, REASON).status_code == 303
    step.refresh_from_db()
    assert step.is_paused is False

    facts = list(StoredFact.objects.filter(name__startswith="upgrades.").order_by("pk"))
    assert [fact.name for fact in facts] == ["upgrades.BackfillsPaused", "upgrades.BackfillsResumed"]
    assert {fact.actor_id for fact in facts} == {ada.pk}
    assert all("The evening is busy" in fact.act for fact in facts)


@pytest.mark.parametrize("address", [REST, GO_ON])
def test_an_order_without_a_backfill_leaves_nothing_on_record(operator: Client, address: str) -> None:
    assert operator.post(address, REASON).status_code == 303

    assert not StoredFact.objects.filter(name__startswith="upgrades.").exists()


@pytest.mark.parametrize("address", [REST, GO_ON])
def test_an_order_wants_a_reason(operator: Client, address: str) -> None:
    step = a_backfill()

    answer = operator.post(address, {"reason": " "})

    step.refresh_from_db()
    assert (answer.status_code, step.is_paused) == (422, False)
    assert "Reason: fill this in." in answer.content.decode()


def test_those_who_only_read_see_everything_and_change_nothing(auditor: Client) -> None:
    step = a_backfill()

    page = auditor.get(ADDRESS).content.decode()

    assert "Backfill Post" in page
    assert "Let backfills rest" not in page
    assert auditor.post(REST, REASON).status_code == 403
    step.refresh_from_db()
    assert step.is_paused is False


def test_a_change_shows_its_steps_and_the_way_back(operator: Client) -> None:
    change = a_change(restore_point="20260721T080001Z-abcdef")
    a_step(change)
    a_step(change, kind=Kind.NOTHING, label="Nothing to see")

    page = operator.get(f"{ADDRESS}changes/{change.pk}/").content.decode()

    assert "Add index trial" in page
    assert "CREATE INDEX trial" in page
    assert "1,204,332 rows" in page
    assert "64.0 s" in page
    assert "Nothing to see" not in page
    assert 'data-copy="guildry migrate rollback seeds zero"' in page
    assert "20260721T080001Z-abcdef" in page
    assert "Nothing is lost" in page


def test_many_steps_come_in_pages(operator: Client) -> None:
    change = a_change()
    for number in range(52):
        a_step(change, label=f"Step number {number:02}")

    first = operator.get(f"{ADDRESS}changes/{change.pk}/").content.decode()
    cursor = first.split("cursor=")[1].split("#")[0].split('"')[0]
    rest = operator.get(f"{ADDRESS}changes/{change.pk}/?cursor={cursor}").content.decode()

    assert "Step number 49" in first
    assert "Step number 50" not in first
    assert "Step number 49" not in rest
    assert "Step number 51" in rest


def test_a_change_nobody_made_is_not_there(operator: Client) -> None:
    assert operator.get(f"{ADDRESS}changes/999999/").status_code == 404


def test_history_comes_in_pages(operator: Client) -> None:
    for number in range(27):
        a_change(name=f"{number:04}_x")

    first = operator.get(ADDRESS).content.decode()
    cursor = first.split("?cursor=")[1].split("#")[0]
    older = operator.get(ADDRESS, {"cursor": cursor}, headers={"HX-Request": "true"}).content.decode()

    assert "0026_x" in first
    assert "0001_x" not in first
    assert "0001_x" in older
    assert "<html" not in older


@pytest.mark.parametrize("count", [1, 3])
def test_more_changes_ask_no_more(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        a_step(a_change(name=f"{number:04}_x"))
    operator.get(ADDRESS)

    # MariaDB is also asked who holds its lock, and how large the tables are.
    with django_assert_num_queries(10 if connection.vendor == "sqlite" else 12):
        operator.get(ADDRESS)
