"""The pages of backups: what staff see, order and keep, and what nobody else may."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guildry.kernel import clock, runtime
from guildry.kernel.permissions import StaffRole
from guildry.ops.backups import queries
from guildry.ops.backups.models import Backup, Drill
from guildry.ops.backups.rules import State
from guildry.people.accounts.models import Member
from tests.factories.backups import REASON, set_up
from tests.factories.people import grant

pytestmark = pytest.mark.django_db
ADDRESS = "/ops/backups/"


@pytest.fixture
def operator(ada: Member, ben: Member, tmp_path: Path, settings: Any) -> Any:
    settings.DATA_DIR = tmp_path
    grant(ada, StaffRole.OPERATOR, by=ben)
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def auditor(ada: Member, ben: Member, tmp_path: Path, settings: Any) -> Any:
    settings.DATA_DIR = tmp_path
    grant(ben, StaffRole.AUDITOR, by=ada)
    client = Client()
    client.force_login(ben)
    return client


def on_record(number: int, **fields: Any) -> Backup:
    given = {
        "state": State.VERIFIED, "reason": REASON, "engine": "sqlite 3.40.1", "byte_count": 3_500_000, "row_count": 30_000,
        "finished_at": clock.now(), "verified_at": clock.now(), **fields,
    }  # fmt: skip
    return Backup.objects.create(name=f"20260721T0800{number:02}Z-abcdef", ordered_at=clock.now(), **given)


def drilled(backup: Backup, *, is_passed: bool = True) -> Drill:
    finding = {"kind": "rows-mismatch", "where": "timeline_post", "detail": "3 rows instead of 4"}
    figures = {"rows": 30_000, "tables": 84, "files": 5, "facts": 7, "pages": 6}
    return Drill.objects.create(
        backup=backup, place="a file of its own", is_passed=is_passed, seconds=4.2, finished_at=clock.now(),
        findings=[] if is_passed else [finding], figures=figures,
    )  # fmt: skip


def test_nobody_is_told_how_to_set_backups_up_but_those_who_may_see(operator: Client) -> None:
    page = operator.get(ADDRESS).content.decode()

    assert "guildry backup keys" in page
    assert "No backup was made yet" in page
    assert "Make a backup" not in page


def test_how_far_one_can_go_back_stands_on_the_page(operator: Client, tmp_path: Path) -> None:
    with set_up(tmp_path):
        assert "Nobody keeps what is written between backups." in operator.get(ADDRESS).content.decode()
        queries.spool_folder().mkdir()
        now = clock.now()
        queries.tell_log_status(queries.LogStatus(now, now, now))
        page = operator.get(ADDRESS).content.decode()

    assert "Nobody keeps" not in page
    assert "not kept" not in page


def test_each_backup_says_how_it_fared(operator: Client, tmp_path: Path) -> None:
    drilled(on_record(1))
    drilled(on_record(2, state=State.FAILED, failure="No space left on device"), is_passed=False)

    with set_up(tmp_path):
        page = operator.get(ADDRESS).content.decode()

    assert "Verified" in page
    assert "3.3 MB" in page
    assert "30,000" in page
    assert "Drill passed" in page
    assert "Drill failed" in page
    assert "No space left on device" in page
    assert "2 recipients" in page


def test_what_health_says_stands_on_top(operator: Client, tmp_path: Path) -> None:
    with set_up(tmp_path):
        assert "No backup was verified yet." in operator.get(ADDRESS).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_number_of_queries(
    operator: Client, tmp_path: Path, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        drilled(on_record(number))
    operator.get(ADDRESS)

    with set_up(tmp_path), django_assert_num_queries(9):
        operator.get(ADDRESS)


def test_older_ones_follow_on_the_next_page(operator: Client) -> None:
    for number in range(23):
        on_record(number)

    page = operator.get(ADDRESS).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    following = operator.get(older[1])

    assert "20260721T080003Z-abcdef" in page
    assert "20260721T080002Z-abcdef" not in page
    assert "20260721T080002Z-abcdef" in following.content.decode()


def test_an_operator_orders_a_backup_with_a_reason(operator: Client, ada: Member, tmp_path: Path) -> None:
    with set_up(tmp_path):
        refused = operator.post(ADDRESS, {"reason": ""})
        done = operator.post(ADDRESS, {"reason": REASON, "wants_drill": "on"})

    assert (refused.status_code, "Reason: fill this in." in refused.content.decode()) == (422, True)
    assert (done.status_code, done["Location"]) == (303, ADDRESS)
    ordered = Backup.objects.get()
    assert (ordered.state, ordered.wants_drill, ordered.ordered_by, ordered.reason) == (
        State.ORDERED,
        True,
        ada,
        REASON,
    )


def test_an_auditor_sees_everything_and_changes_nothing(auditor: Client, tmp_path: Path) -> None:
    made = on_record(1)

    with set_up(tmp_path):
        assert "Make a backup" not in auditor.get(ADDRESS).content.decode()
        assert auditor.post(ADDRESS, {"reason": REASON}).status_code == 403
    assert auditor.get(f"{ADDRESS}{made.name}/").status_code == 200
    assert auditor.post(reverse("backups:hold", args=[made.name]), {"reason": REASON}).status_code == 403
    assert Backup.objects.get().held == ""


def test_one_backup_shows_its_drills_and_what_they_found(operator: Client) -> None:
    made = on_record(1)
    drilled(made)
    drilled(made, is_passed=False)

    page = operator.get(f"{ADDRESS}{made.name}/").content.decode()

    assert "30,000 rows of 84 tables, 5 uploads, 7 facts and 6 pages" in page
    assert "3 rows instead of 4" in page
    assert REASON in page
    assert "newest that was verified" in page


def test_a_backup_that_does_not_exist_is_not_found(operator: Client) -> None:
    assert operator.get(f"{ADDRESS}nothing/").status_code == 404


def test_a_backup_is_kept_and_let_go_with_a_reason(operator: Client, tmp_path: Path) -> None:
    made = on_record(1)
    (tmp_path / "backups" / f"{made.name}.gbk").mkdir(parents=True)
    hold, end = (reverse(f"backups:{name}", args=[made.name]) for name in ("hold", "hold_end"))

    assert operator.post(hold, {"reason": ""}).status_code == 422
    assert operator.post(hold, {"reason": "A court asked for it."}).status_code == 303
    made.refresh_from_db()
    assert made.held == "A court asked for it."
    assert operator.post(end, {"reason": ""}).status_code == 422
    assert operator.post(end, {"reason": "The case is closed."}).status_code == 303
    made.refresh_from_db()
    assert made.held == ""


def test_what_lies_there_is_listed(made: Backup, ada: Member, ben: Member) -> None:
    grant(ada, StaffRole.OPERATOR, by=ben)
    client = Client()
    client.force_login(ada)

    page = client.get(f"{ADDRESS}{made.name}/").content.decode()

    assert "media.1.tar.zst.age" in page
    assert f"guildry backup restore {made.name}" in page
    assert f"guildry backup pitr {made.name} --until" in page
    with runtime.overridden({"backup.folder": "/nowhere"}):
        assert "media.1.tar.zst.age" not in client.get(f"{ADDRESS}{made.name}/").content.decode()
