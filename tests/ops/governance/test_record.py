"""Every table has an owner, every column says what it holds, and the record is read from that."""

import json
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import inventory, runtime
from guildry.kernel.permissions import StaffRole
from guildry.ops.governance import queries
from guildry.people.accounts.models import Member
from guildry.people.network.models import Block
from tests.factories.governance import run_command as run
from tests.factories.people import grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(ada: Member, ben: Member) -> Client:
    client = Client()
    client.force_login(grant(ada, StaffRole.OPERATOR, by=ben))
    return client


def test_every_table_has_an_owner_and_every_row_a_member_or_a_reason() -> None:
    assert queries.unowned() == []
    assert queries.unclassified() == []


def test_a_table_without_an_owner_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.apps import apps

    monkeypatch.setattr(apps.get_app_config("network"), "owner", "")
    queries.charters.cache_clear()
    try:
        assert "network.Block" in queries.unowned()
    finally:
        monkeypatch.undo()
        queries.charters.cache_clear()


def test_every_table_says_what_it_is_for() -> None:
    silent = [table.label for each in queries.charters() for table in each.tables if not table.purpose]
    django_made = [
        table.label
        for each in queries.charters()
        for table in each.tables
        if table.purpose.startswith(f"{table.label.rpartition('.')[2]}(")
    ]

    assert (silent, django_made) == ([], [])


def test_whose_rows_are_follows_from_their_keys() -> None:
    assert queries.holding_of("timeline.PollOption").to == ("poll__post__author",)
    assert queries.holding_of("network.Block").to == ("blocker",)
    assert queries.holding_of("network.Block").goes_with == ("blocker", "blocked")
    assert queries.holding_of("facts.Receipt").goes_with == ()
    assert queries.holding_of("backups.Backup").stays.startswith("What staff did")


def test_rows_are_found_by_number_address_and_words(ada: Member, ben: Member) -> None:
    subject = queries.subject_of(ada)
    Block.objects.create(blocker=ben, blocked=ada)
    holding = queries.holding_of("network.Block")

    assert subject.addresses == ("ada@example.org",)
    assert queries.rows_of(holding, subject).count() == 0
    assert queries.rows_of(holding, subject, erased=True).count() == 1
    assert queries.rows_of(queries.holding_of("jobs.Job"), subject).count() == 0


def test_the_record_names_whom_the_site_is_set_up_to_give_data_to(settings: Any) -> None:
    settings.MAIL = settings.REDIS_URL = settings.CLAMD = ""
    services = [name for name, _ in queries.recipients()]
    settings.MAIL, settings.REDIS_URL = "smtp://u:p@mail.example:587", "redis://cache.example:6379/0"
    settings.CLAMD = "scan.example:3310"

    found = [name for name, _ in queries.recipients()]

    assert found == ["mail.example", "cache.example", "scan.example:3310", *services]


def test_who_answers_for_the_data_is_a_setting() -> None:
    with runtime.overridden(
        {"governance.controller": "The Guild", "governance.contact": "privacy@guild.example"}
    ):
        found = queries.record()

    assert (found.controller, found.contact) == ("The Guild", "privacy@guild.example")
    assert found.personal_column_count < found.column_count


def test_the_record_is_shown_and_printed_as_data(operator: Client, capsys: Any) -> None:
    assert "Article 30" in operator.get("/ops/governance/").content.decode()
    assert run(["inventory", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)

    network = next(each for each in data["apps"] if each["app"] == "network")
    block = next(each for each in network["tables"] if each["table"] == "network_block")
    assert (block["owner"], block["handed_out_by"]) == ("administrator", ["blocker"])
    assert run(["inventory", "--check"]) == 0
    assert run(["inventory"]) == 0
    assert "network_block" in capsys.readouterr().out


def test_charters_are_shown(operator: Client) -> None:
    assert "timeline_post" in operator.get("/ops/governance/data/").content.decode()
    assert "user.content" in operator.get("/ops/governance/data/timeline/").content.decode()
    assert operator.get("/ops/governance/data/nothing/").status_code == 404


def test_members_are_not_shown_what_staff_see(ada_client: Client) -> None:
    assert ada_client.get("/ops/governance/").status_code == 403


def test_belonging_is_noted_for_its_model() -> None:
    assert inventory.BELONGINGS["network.mute"].to == ("muter",)
