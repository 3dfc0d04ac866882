"""The screen that looks into a box: in memory, readable, and silent about what the server has."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guildry.kernel.permissions import StaffRole
from guildry.ops.schemas import forms, hive
from guildry.people.accounts.models import Member
from guildry.platform.facts.models import StoredFact
from tests.factories import boxes
from tests.factories.people import grant

ADDRESS = reverse("schemas:hive")


@pytest.fixture
def auditor(ada: Member, ben: Member) -> Client:
    client = Client()
    client.force_login(grant(ben, StaffRole.AUDITOR, by=ada))
    return client


def send(client: Client, data: bytes, name: str = "profile.hive", **fields: Any) -> Any:
    return client.post(ADDRESS, {"box": SimpleUploadedFile(name, data), **fields})


def test_the_empty_screen_says_what_devices_may_keep(auditor: Client) -> None:
    answer = auditor.get(ADDRESS)

    assert answer.status_code == 200
    assert "timeline_posts" in answer.text
    assert "30 days" in answer.text


def test_members_do_not_enter(ada_client: Client) -> None:
    assert ada_client.get(ADDRESS).status_code == 403
    assert send(ada_client, b"").status_code == 403


def test_a_box_is_compared_with_its_member_and_nothing_is_kept(auditor: Client, ada: Member) -> None:
    facts = StoredFact.objects.count()

    answer = send(auditor, boxes.box_of(ada, "profile"), member="@ada")

    assert answer.status_code == 200
    assert "Compared with what @ada may see" in answer.text
    assert "Every row is as the server has it." in answer.text
    assert StoredFact.objects.count() == facts


def test_what_differs_is_named_without_what_the_server_has(auditor: Client, ada: Member) -> None:
    data = boxes.changed(boxes.box_of(ada, "profile"), str(ada.pk), headline="Mine")
    Member.objects.filter(pk=ada.pk).update(headline="The secret plan")

    answer = send(auditor, data, member="ada", kind="profile")

    assert "/headline" in answer.text
    assert "differs from the server" in answer.text
    assert "Mine" in answer.text
    assert "The secret plan" not in answer.text


def test_without_a_member_only_the_contract_is_asked(auditor: Client, ada: Member) -> None:
    assert "Every row keeps the contract." in send(auditor, boxes.box_of(ada, "profile")).text
    assert "The box is empty" in send(auditor, b"", name="drafts.hive").text


def test_missing_and_extra_rows_are_explained(auditor: Client, ada: Member, ben: Member) -> None:
    text = send(auditor, boxes.box_of(ben, "profile"), member="ada").text

    assert "The server has it, the box does not." in text
    assert "The box has it, the server does not" in text


def test_a_damaged_box_says_where_and_what_is_behind(auditor: Client, ada: Member) -> None:
    whole = boxes.box_of(ada, "profile")
    torn = whole[:20] + b"\xff" + whole[21:] + hive.new_box([("x", None), ("y", hive.TOMBSTONE)])

    text = send(auditor, torn).text

    assert "Damaged at byte 0: the checksum of a frame is wrong." in text
    assert "Whole frames behind the damage: 2." in text


def test_frames_are_shown_in_file_order_up_to_a_number(auditor: Client) -> None:
    entries: list[tuple[hive.Key, Any]] = [(f"key {number}", "<b>x</b>" * 100) for number in range(201)]
    entries[1] = ("key 0", hive.TOMBSTONE)
    entries[2] = ("odd", hive.Items(hive.Tag.LIST, (hive.Record(222),)))

    text = send(auditor, hive.new_box(entries), name="things.hive").text

    assert "key 0" in text
    assert "key 200" not in text
    assert "The first 200 of 201." in text
    assert "Deletes" in text
    assert "only its own app knows" in text
    assert "<b>x</b>" not in text
    assert "No box is called" in text


def test_a_sealed_box_opens_with_its_key(auditor: Client) -> None:
    data = hive.new_box([("a", "hello")], cipher=hive.Cipher(bytes(32)))

    assert "is the box encrypted" in send(auditor, data).text
    assert "hello" in send(auditor, data, key="00" * 32).text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"key": "xyz"}, "A key is 64 hex digits: 32 bytes."),
        ({"key": "00"}, "A key is 64 hex digits: 32 bytes."),
        ({"member": "nobody"}, "No active member has this handle."),
        ({"manifest": SimpleUploadedFile("m.json", b"{}")}, "That is not a manifest of this format."),
        ({"kind": "pets"}, "Select a valid choice"),
    ],
)
def test_a_field_that_cannot_be_used_says_why(auditor: Client, fields: dict[str, Any], problem: str) -> None:
    answer = send(auditor, b"", **fields)

    assert answer.status_code == 422
    assert problem in answer.text
    assert "There is a problem" in answer.text


def test_a_box_is_needed_and_not_too_large(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST", 1024)

    assert auditor.post(ADDRESS, {}).status_code == 422
    answer = send(auditor, b"x" * 1025)
    assert answer.status_code == 422
    assert "larger than 1 KB" in answer.text


def test_a_manifest_is_checked_too(auditor: Client, ada: Member, tmp_path: Any) -> None:
    boxes.export(ada, tmp_path)
    manifest = (tmp_path / "manifest.json").read_bytes()
    data = (tmp_path / "profile.hive").read_bytes()

    good = send(auditor, data, manifest=SimpleUploadedFile("manifest.json", manifest), member="ada")
    other = send(auditor, data[:-3], manifest=SimpleUploadedFile("manifest.json", manifest))

    assert "Manifest:" not in good.text
    assert "Manifest: not the bytes that were signed." in other.text


def test_many_findings_are_cut(auditor: Client) -> None:
    data = hive.new_box((f"k{number}", 1) for number in range(201))

    assert "The first 200 of 201. The command guildry contracts hive verify" in send(auditor, data).text


def test_a_manifest_is_not_too_large_either(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST_MANIFEST", 1024)

    answer = send(auditor, b"", manifest=SimpleUploadedFile("manifest.json", b" " * 1025))

    assert answer.status_code == 422
    assert "larger than 1 KB" in answer.text
