"""Exporting boxes: complete, signed, private, never over anything, and told to the record."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from guildry.kernel import errors, permissions
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.ops.schemas import actions, events, hive, queries, rules
from guildry.people.accounts.models import Member
from guildry.platform.facts.models import StoredFact
from tests.factories import boxes
from tests.factories.facts import published
from tests.factories.people import grant


def test_every_box_and_a_manifest_are_written_for_nobody_else_to_read(
    ada: Member, ben: Member, tmp_path: Path
) -> None:
    boxes.furnish(ada, ben)

    made = boxes.export(ada, tmp_path / "out")

    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == sorted([*(f"{name}.hive" for name in made), "manifest.json"])
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    for name, entry in made.items():
        data = (tmp_path / "out" / entry["file"]).read_bytes()
        assert (len(data), queries.open_box(data).live.keys()) == (entry["bytes"], entry["rows"].keys())
        assert entry["rows"] == {
            key: rules.digest(row) for key, row in queries.server_rows(queries.entity_of(name), ada).items()
        }


def test_the_signature_verifies_with_the_published_key_alone(ada: Member, tmp_path: Path) -> None:
    boxes.export(ada, tmp_path)
    body = json.loads((tmp_path / "manifest.json").read_bytes())
    signature = base64.b64decode(body.pop("signature"))

    assert body["public_key"] == queries.public_key()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body["public_key"]))
    key.verify(signature, rules.canonical_bytes(body))
    assert (body["member"], body["form"], body["sealed"]) == (str(ada.pk), "typed", False)


def test_an_export_is_a_fact_of_one_member(ada: Member, tmp_path: Path) -> None:
    boxes.export(ada, tmp_path)

    assert published(events.BoxesExported) == [events.BoxesExported(ada.pk)]


def test_sealed_boxes_open_with_their_key_only(ada: Member, tmp_path: Path) -> None:
    boxes.export(ada, tmp_path, key=bytes(32), form=queries.Form.ENVELOPE)
    data = (tmp_path / "profile.hive").read_bytes()

    assert b"Nwosu" not in data
    assert queries.open_box(data).damage is not None
    report = queries.verify_box(queries.open_box(data, key=bytes(32)), name="profile", member=ada)
    assert report.is_right


def test_nothing_is_written_over_or_half(ada: Member, tmp_path: Path) -> None:
    (tmp_path / "people.hive").write_bytes(b"mine")

    with pytest.raises(actions.FilesInTheWay, match=r"Nothing was written.*: people\.hive\."):
        boxes.export(ada, tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["people.hive"]
    assert (tmp_path / "people.hive").read_bytes() == b"mine"
    assert published(events.BoxesExported) == []


def test_only_the_named_boxes_are_written(ada: Member, tmp_path: Path) -> None:
    made = actions.export_boxes(
        SYSTEM, member_id=ada.pk, folder=tmp_path, reason=boxes.REASON, boxes=["profile"]
    )

    assert [entry["box"] for entry in made] == ["profile"]
    with pytest.raises(queries.UnknownBox):
        actions.export_boxes(
            SYSTEM, member_id=ada.pk, folder=tmp_path / "b", reason=boxes.REASON, boxes=["pets"]
        )
    with pytest.raises(actions.MemberNotFound):
        actions.export_boxes(SYSTEM, member_id=0, folder=tmp_path / "c", reason=boxes.REASON)
    assert len(published(events.BoxesExported)) == 1


def test_exporting_takes_the_permission(ada: Member, ben: Member, tmp_path: Path) -> None:
    operator = grant(ben, StaffRole.OPERATOR, by=ada)

    for actor in (ada, operator):
        with pytest.raises(permissions.PermissionMissing):
            actions.export_boxes(actor, member_id=ada.pk, folder=tmp_path, reason=boxes.REASON)

    ruler = grant(operator, StaffRole.ADMINISTRATOR, by=ada)
    assert actions.export_boxes(
        ruler, member_id=ada.pk, folder=tmp_path, reason=boxes.REASON, boxes=["profile"]
    )
    assert list(StoredFact.objects.values_list("actor_id", flat=True)) == [ruler.pk]


@pytest.mark.django_db
def test_dialects_are_told_apart(ada: Member, tmp_path: Path) -> None:
    boxes.export(ada, tmp_path, dialect=hive.Dialect.HIVE_CE)

    assert json.loads((tmp_path / "manifest.json").read_bytes())["dialect"] == "hive_ce"


def test_an_export_says_why(ada: Member, tmp_path: Path) -> None:
    with pytest.raises(errors.Invalid, match="Say why"):
        actions.export_boxes(SYSTEM, member_id=ada.pk, folder=tmp_path, reason=" ")
    assert list(tmp_path.iterdir()) == []

    boxes.export(ada, tmp_path)

    (kept,) = [fact.act for fact in StoredFact.objects.all()]
    assert boxes.REASON in kept
    assert "Nwosu" not in kept
