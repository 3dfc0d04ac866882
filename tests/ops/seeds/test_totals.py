"""What the packs say, what the manifest says, what rows come to and what screens show are the same numbers."""

import re
from argparse import ArgumentParser
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.ops.seeds import actions, queries, rules, tasks
from guildry.ops.seeds.models import LoadedPack
from guildry.people.accounts.models import Hat, Member, Persona
from guildry.people.organisations.models import Organisation
from guildry.platform.facts import actions as facts
from tests.factories.pages import text_of
from tests.factories.people import make_member

# The words in which profiles and organisations say how many.
PEOPLE_HERE = re.compile(r"People here\s+(\d+)")


def verify() -> int:
    parser = ArgumentParser()
    tasks.arguments(parser)
    return tasks.seed(parser.parse_args(["verify"]))


def mark_loaded(*names: str) -> None:
    for name in names:
        LoadedPack.objects.create(name=name, checksum="x", told_at=clock.now(), loaded_at=clock.now())


def test_the_manifest_says_what_the_packs_declare(db: None) -> None:
    declared = queries.declared_totals(clock.now())
    written = queries.manifest()

    assert set(declared) == {"accounts", "organisations.later", "profiles.later", "timeline.later"}
    for pack, totals in declared.items():
        assert {name: written[pack].get(name) for name in totals} == totals, pack


def test_every_hat_and_every_staff_role_has_a_persona() -> None:
    people, _ = queries.cast()
    worn = {hat for person in people if person.persona for hat in person.hats}
    held = {role for person in people if person.persona for role in person.staff_roles}

    assert worn == set(Hat.values)
    assert held == set(StaffRole)
    totals = queries.manifest()["accounts"]
    assert totals["personas"] == sum(bool(person.persona) for person in people)
    assert all(totals[f"staff {role}"] == 1 for role in StaffRole)


def test_every_difference_is_named_and_a_pack_that_is_not_loaded_has_none(db: None) -> None:
    assert queries.differences() == []

    make_member("ada", hats=["mentor"])
    mark_loaded("accounts")

    found = {difference.total: difference for difference in queries.differences()}
    totals = queries.manifest()["accounts"]
    assert set(found) == set(totals)
    assert str(found["members"]) == f"accounts: members is 1, {totals['members']} in the manifest."
    assert (found["hat mentor"].found, found["hat mentor"].wanted) == (1, totals["hat mentor"])


def test_verifying_ends_with_four_and_names_what_differs(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    mark_loaded("accounts")

    assert verify() == 4

    said = capsys.readouterr().out
    assert f"accounts: members is 0, {queries.manifest()['accounts']['members']} in the manifest." in said


def test_a_manifest_is_written_as_it_is_read() -> None:
    text = rules.rendered(queries.manifest())

    assert text == queries.totals.MANIFEST.read_text()


@pytest.mark.processes
def test_the_loaded_community_has_exactly_these_totals_and_screens_show_them(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    actions.load_demo(SYSTEM)
    while facts.seal_facts(SYSTEM):
        pass

    assert verify() == 0, capsys.readouterr().out
    assert queries.counted_totals() == queries.manifest()
    _organisations_show_who_belongs()
    _staff_show_who_holds_which_role()
    _the_door_shows_every_persona()


def _organisations_show_who_belongs() -> None:
    guest, shown = Client(), Counter[str]()
    for organisation in Organisation.objects.all():
        page = text_of(guest.get(f"/organisations/{organisation.handle}/"))
        found = PEOPLE_HERE.search(page)
        assert found, page
        shown["memberships"] += int(found[1])
        shown["organisations"] += 1
    totals = queries.manifest()["organisations.later"]
    assert shown == {name: totals[name] for name in ("memberships", "organisations")}


def _staff_show_who_holds_which_role() -> None:
    client = Client()
    client.post("/demo/tendai/")
    page = text_of(client.get("/staff/"))
    holders = Member.objects.filter(staff_grants__pk__gt=0, staff_grants__revoked_at=None).distinct()
    assert [member.name for member in holders if member.name not in page] == [], page[:600]
    wanted = queries.manifest()["accounts"]
    assert holders.count() == sum(count for name, count in wanted.items() if name.startswith("staff "))


def _the_door_shows_every_persona() -> None:
    page: Any = Client().get("/demo/").content.decode()
    assert page.count("data-persona=") == queries.manifest()["accounts"]["personas"]
    assert Persona.objects.count() == queries.manifest()["accounts"]["personas"]
