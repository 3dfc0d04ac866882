"""A backup that lies there is proven again, and rehearsed: every row, every upload, the chain and the pages."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from guildry.kernel import errors
from guildry.kernel.permissions import SYSTEM, PermissionMissing
from guildry.ops.backups import actions, archive, queries
from guildry.ops.backups.engines import places
from guildry.ops.backups.models import Backup, Drill
from guildry.ops.backups.rules import Kind, State
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from guildry.platform.facts.models import StoredFact
from tests.factories.backups import KEYS, REASON, claim, make_backup, seal_again


def verify(made: Backup, *keys: archive.Identity) -> list[Kind]:
    report = actions.verify_backup(SYSTEM, backup=made, identities=list(keys), reason=REASON)
    made.refresh_from_db()
    return [finding.kind for finding in report.findings]


def drill(made: Backup) -> Drill:
    return actions.drill_backup(SYSTEM, backup=made, identities=[KEYS[0]], reason=REASON)


@pytest.fixture
def as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes that a drill starts read their settings as they do on a real machine."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "guildry.config.settings")


def test_a_good_backup_stays_verified_and_the_time_is_kept(made: Backup) -> None:
    before = made.verified_at

    assert verify(made, KEYS[0]) == []
    assert made.state == State.VERIFIED
    assert made.verified_at != before


def test_without_a_key_a_good_backup_does_not_become_verified(made: Backup) -> None:
    Backup.objects.filter(pk=made.pk).update(state=State.MADE)
    made.refresh_from_db()

    assert verify(made) == []
    assert made.state == State.MADE


def test_a_key_that_does_not_fit_is_no_damage(made: Backup) -> None:
    assert set(verify(made, archive.new_identity())) == {Kind.NO_RECIPIENT_KEY}
    assert made.state == State.VERIFIED


def test_a_damaged_one_is_called_so_and_no_longer_counts(made: Backup) -> None:
    (queries.path_of(made.name) / "secrets.tar.zst.age").unlink()

    assert verify(made, KEYS[0]) == [Kind.PART_MISSING]
    assert (made.state, made.failure) == (
        State.DAMAGED,
        "part-missing in secrets.tar.zst.age: it is not there",
    )
    assert queries.newest_verified() is None


def test_proving_needs_the_permission_and_a_reason(
    made: Backup, ada: Member, deliver: Callable[[], int]
) -> None:
    for act in (actions.verify_backup, actions.drill_backup):
        with pytest.raises(PermissionMissing):
            act(ada, backup=made, identities=[KEYS[0]], reason=REASON)
        with pytest.raises(errors.Invalid):
            act(SYSTEM, backup=made, identities=[KEYS[0]], reason="")
    verify(made, KEYS[0])
    deliver()

    entry = Entry.objects.get(name="backups.BackupVerified")
    assert (entry.subject, entry.reason) == (f"backup:{made.name}", REASON)


@pytest.mark.processes
@pytest.mark.usefixtures("as_in_production")
def test_a_drill_opens_the_community_and_keeps_what_was_seen(
    living: Path, deliver: Callable[[], int]
) -> None:
    made = make_backup()
    done = drill(made)

    assert (done.findings, done.is_passed) == ([], True)
    assert done.figures["pages"] == 6
    assert done.figures["tables"] == len(queries.manifest_at(queries.path_of(made.name)).tables)
    assert done.figures["files"] == 2
    assert done.seconds > 0
    assert list(queries.work_folder().iterdir()) == []
    assert queries.last_drill(is_passed=True) == done
    deliver()
    assert Entry.objects.filter(name="backups.DrillFinished", reason=REASON).count() == 1


@pytest.mark.processes
@pytest.mark.usefixtures("as_in_production")
def test_a_drill_names_every_table_that_is_not_what_it_was(made: Backup) -> None:
    path = queries.path_of(made.name)
    tables = list(queries.manifest_at(path).tables)
    places = {table.name: number for number, table in enumerate(tables)}
    number = places["accounts_member"]
    tables[number] = msgspec.structs.replace(tables[number], rows=2)
    number = places["django_migrations"]
    tables[number] = msgspec.structs.replace(tables[number], digest="ab" * 32)
    media = msgspec.structs.replace(queries.manifest_at(path).media, objects=3)
    claim(path, tables=(*tables, archive.Table("timeline_lost", 9, "")), media=media)

    done = drill(made)

    assert not done.is_passed
    assert {(each["kind"], each["where"]) for each in done.findings} == {
        (Kind.ROWS_MISMATCH, "accounts_member"),
        (Kind.DIGEST_MISMATCH, "django_migrations"),
        (Kind.TABLE_MISSING, "timeline_lost"),
        (Kind.MEDIA_MISMATCH, "uploads"),
    }


def test_a_drill_ends_at_once_when_the_backup_is_not_right(made: Backup) -> None:
    (queries.path_of(made.name) / "more.age").touch()

    done = drill(made)

    assert (done.is_passed, done.place, done.findings[0]["kind"]) == (False, "nowhere", Kind.PART_EXTRA)
    assert queries.last_drill(is_passed=True) is None
    assert queries.last_drill() == done


def test_a_drill_of_what_cannot_be_brought_up_says_why(made: Backup) -> None:
    seal_again(queries.path_of(made.name), 1, b"this is no tar")

    done = drill(made)

    assert not done.is_passed
    assert done.findings[0]["kind"] == Kind.DATABASE_DAMAGED


@pytest.mark.processes
@pytest.mark.usefixtures("as_in_production")
def test_a_drill_says_when_the_chain_of_facts_is_broken(living: Path, deliver: Callable[[], int]) -> None:
    make_backup()
    deliver()
    StoredFact.objects.filter(seq=1).update(payload="{}")

    kinds = {each["kind"] for each in drill(make_backup()).findings}

    assert Kind.AUDIT_BROKEN in kinds


def test_a_page_that_does_not_open_is_named(made: Backup, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {"facts": 1, "broken": "", "pages": {"guest site:home": 200, "member timeline:home": 500}}
    monkeypatch.setattr(places, "smoke", lambda standing: seen)

    [finding] = drill(made).findings

    assert finding == {
        "kind": "page-failed",
        "where": "member timeline:home",
        "detail": "it answered with 500",
    }
