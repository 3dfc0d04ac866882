"""Boxes of a member against what they may see: packed both ways, then changed in every way we have a name for."""

import base64
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guildry.community.timeline import actions as timeline_actions
from guildry.community.timeline.rules import ReactionKind
from guildry.kernel import clock
from guildry.ops.schemas import hive, queries, rules
from guildry.ops.schemas.hive import Instant, Items, Pairs, Record, Tag, Variant
from guildry.ops.schemas.queries import Form
from guildry.ops.schemas.rules import Verdict
from guildry.people.accounts.models import Member
from tests.factories import boxes, timeline

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AUDIENCE, REACTION, PERSON = (
    queries.lock().types[name].type_id for name in ("Audience", "ReactionKind", "Person")
)
NOTHING = [(f"/{name}", "is null, not string") for name in ("id", "handle", "name", "headline", "portrait")]
BOXES = ["timeline_posts", "people", "saved_posts", "drafts", "notifications", "profile"]


@pytest.fixture
def furnished(ada: Member, ben: Member) -> Member:
    boxes.furnish(ada, ben, 2)
    return ada


def verify(data: bytes, name: str, member: Any, **more: Any) -> queries.Report:
    return queries.verify_box(queries.open_box(data), name=name, member=member, **more)


def verdicts(report: queries.Report) -> dict[str, Verdict]:
    return {finding.key: finding.verdict for finding in report.findings}


def first_key(data: bytes) -> str:
    return str(next(iter(queries.open_box(data).live)))


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", BOXES)
def test_what_the_server_packs_the_server_finds_right(furnished: Member, name: str, form: Form) -> None:
    data = boxes.box_of(furnished, name, form=form)

    for member in (furnished, None):
        report = verify(data, name, member)
        assert report.is_right, report
        assert set(verdicts(report).values()) == {Verdict.OK}
    entity = queries.entity_of(name)
    held = [queries.held(entity, value).payload for value in queries.open_box(data).values.values()]
    assert sorted(held, key=rules.canonical) == sorted(
        queries.server_rows(entity, furnished).values(), key=rules.canonical
    )


def test_typed_boxes_are_readable_by_hive_2(furnished: Member) -> None:
    for name in BOXES:
        figures = queries.figures_of(queries.open_box(boxes.box_of(furnished, name)))
        assert (figures.needs_hive_ce, figures.unread, figures.dead) == (False, 0, 0)
        assert figures.canonical == figures.frames == figures.live > 0


def test_rows_that_are_gone_or_new_are_extra_and_missing(furnished: Member, ben: Member) -> None:
    data = boxes.box_of(furnished, "saved_posts")
    first, second = sorted(queries.open_box(data).live)
    timeline_actions.unsave_post(furnished, post_id=int(str(first)))
    new = timeline.publish(ben)
    timeline_actions.save_post(furnished, post_id=new.pk)

    report = verify(data, "saved_posts", furnished)

    assert verdicts(report) == {first: Verdict.EXTRA, second: Verdict.OK, str(new.pk): Verdict.MISSING}
    assert report.counts == {"extra": 1, "ok": 1, "missing": 1}
    assert not report.is_right


def test_a_box_of_somebody_else_is_extra_and_missing(furnished: Member, ben: Member) -> None:
    report = verify(boxes.box_of(furnished, "profile"), "profile", ben)

    assert verdicts(report) == {str(furnished.pk): Verdict.EXTRA, str(ben.pk): Verdict.MISSING}


def test_an_edited_post_is_stale_and_so_is_one_with_another_reaction(furnished: Member, ben: Member) -> None:
    data = boxes.box_of(furnished, "saved_posts")
    first, second = sorted(map(int, queries.open_box(data).live))
    timeline_actions.edit_post(ben, post_id=first, body="Another text", expected_version=1)
    timeline_actions.react(furnished, post_id=second, kind=ReactionKind.SUPPORT)

    report = verify(data, "saved_posts", furnished)

    assert verdicts(report) == {str(first): Verdict.STALE, str(second): Verdict.STALE}
    details = {finding.key: [place for place, _ in finding.details] for finding in report.findings}
    assert details[str(second)] == ["/my_reaction"]
    assert report.is_right


def test_a_changed_name_is_a_mismatch_with_its_place(furnished: Member) -> None:
    data = boxes.changed(boxes.box_of(furnished, "people"), str(furnished.pk), name="Somebody Else")

    report = verify(data, "people", furnished)

    found = next(finding for finding in report.findings if finding.key == str(furnished.pk))
    assert (found.verdict, found.details) == (Verdict.MISMATCH, (("/name", "differs from the server"),))
    assert [finding.key for finding in report.wrong] == [str(furnished.pk)]
    assert report.wrong_count == 1


def test_a_row_kept_too_long_is_over_age(furnished: Member) -> None:
    data = boxes.box_of(furnished, "people", stored_at=clock.now() - timedelta(days=8))

    assert set(verdicts(verify(data, "people", furnished)).values()) == {Verdict.OVER_AGE}
    assert set(verdicts(verify(data, "people", None)).values()) == {Verdict.OVER_AGE}


def put(name: str, value: Any, key: str = "1") -> queries.Report:
    return verify(hive.new_box([(key, value)]), name, None)


def enveloped(payload: Any, **more: Any) -> Pairs:
    moments = {"storedAt": Instant.of(clock.now()), "expiresAt": Instant.of(clock.now() + timedelta(days=1))}
    return Pairs((("payload", payload), *(moments | more).items()))


ADA = Pairs((("id", "1"), ("handle", "ada"), ("name", "Ada"), ("headline", ""), ("portrait", "")))


def in_person(**fields: Any) -> Pairs:
    return Pairs(tuple((dict(ADA.items) | fields).items()))


@pytest.mark.parametrize(
    ("value", "details"),
    [
        (12, [("", "is no Person")]),
        (None, [("", "is no Person")]),
        (enveloped(None), [("", "is null, not object")]),
        (enveloped(in_person(name=1)), [("/name", "is integer, not string")]),
        (enveloped(in_person(shoe="42")), [("/shoe", "is not in the contract")]),
        (enveloped(Pairs(ADA.items[:4])), [("/portrait", "is missing")]),
        (enveloped(in_person(id="2")), [("/id", "is not the key it is kept under")]),
        (enveloped(ADA, storedAt=None), [("/storedAt", "is no moment")]),
        (enveloped(ADA, storedAt="2026-11-24T12:00:00"), [("/storedAt", "is no moment")]),
        (enveloped(ADA, storedAt=Instant(float("nan"))), [("/storedAt", "is no moment")]),
        (enveloped(ADA, extra=True), [("/extra", "is not in the contract")]),
        (Record(0), [("", "is no Person")]),
        (Record(PERSON), [*((f"/{name}", "is no moment") for name in ("storedAt", "expiresAt")), *NOTHING]),
    ],
    ids=lambda part: str(part)[:20],
)
def test_what_is_not_as_the_contract_has_it_is_schema_invalid(value: Any, details: list[Any]) -> None:
    (found,) = put("people", value).findings

    assert (found.verdict, list(found.details)) == (Verdict.SCHEMA_INVALID, details)


def test_moments_of_an_envelope_may_be_text() -> None:
    later = (clock.now() + timedelta(days=1)).isoformat()

    assert put("people", enveloped(ADA, expiresAt=later)).counts == {"ok": 1}


def test_what_an_older_client_left_out_is_nothing_where_nothing_is_allowed(furnished: Member) -> None:
    entity = queries.entity_of("drafts")
    row = {**entity.rows(furnished)[0], "poll": None}
    value = queries.packed(entity, row, stored_at=clock.now(), form=Form.ENVELOPE)
    payload = Pairs(tuple(pair for pair in value.items[0][1].items if pair[0] != "poll"))

    assert queries.held(entity, Pairs((("payload", payload), *value.items[1:]))).misfits == ()


@pytest.mark.parametrize(
    ("field", "value", "details"),
    [
        ("html", 1, [("/html", "is kept as int, not as text")]),
        ("version", 1.0, [("/version", "is kept as double, not as int")]),
        ("version", 2.0**60, [("/version", "is kept as double, not as int")]),
        ("version", 2**60, [("/version", "is a number that clients would round")]),
        ("isSaved", 1, [("/is_saved", "is kept as int, not as true or false")]),
        ("publishedAt", "2026-11-24T12:00:00.000Z", [("/published_at", "is kept as text, not as moment")]),
        ("publishedAt", Instant(1e20), [("/published_at", "is no moment")]),
        ("audience", "everyone", [("/audience", "is no Audience")]),
        ("audience", Variant(AUDIENCE, 99), [("/audience", "is no Audience")]),
        ("audience", Variant(REACTION, 1), [("/audience", "is no Audience")]),
        ("html", None, [("/html", "is null, not string")]),
        ("preview", "x", [("/preview", "is no LinkPreview")]),
        ("preview", Pairs(), [("/preview", "is no LinkPreview")]),
    ],
)
def test_an_adapter_that_would_fail_to_cast_is_schema_invalid(
    furnished: Member, field: str, value: Any, details: list[Any]
) -> None:
    data = boxes.box_of(furnished, "timeline_posts")
    key = first_key(data)

    report = verify(boxes.changed(data, key, **{field: value}), "timeline_posts", furnished)

    found = next(finding for finding in report.findings if finding.key == key)
    assert (found.verdict, list(found.details)) == (Verdict.SCHEMA_INVALID, details)


def test_a_field_number_that_nobody_gave_is_schema_invalid(furnished: Member) -> None:
    data = boxes.box_of(furnished, "profile")
    box = queries.open_box(data)
    (key,) = box.live
    record = box.live[key].value
    data = hive.appended(box, [(key, Record(record.type_id, (*record.fields, (200, "x"))))])

    (found,) = verify(data, "profile", furnished).findings

    assert (found.verdict, found.details) == (Verdict.SCHEMA_INVALID, (("/#200", "is not in the contract"),))


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("skills", "Python", "/skills"),
        ("skills", Items(Tag.LIST, (1,)), "/skills/0"),
        ("languages", Items(Tag.LIST, ("en",)), "/languages/0"),
    ],
)
def test_lists_are_lists_of_what_they_say(furnished: Member, field: str, value: Any, place: str) -> None:
    data = boxes.changed(boxes.box_of(furnished, "profile"), str(furnished.pk), **{field: value})

    (found,) = verify(data, "profile", furnished).findings

    assert (found.verdict, [at for at, _ in found.details]) == (Verdict.SCHEMA_INVALID, [place])


def test_a_set_is_no_list(furnished: Member) -> None:
    data = boxes.changed(
        boxes.box_of(furnished, "profile"), str(furnished.pk), skills=Items(Tag.STRING_SET, ("Python",))
    )
    (found,) = verify(data, "profile", furnished).findings

    assert found.details == (("/skills", "is no list"),)


def test_a_value_that_cannot_be_read_is_schema_invalid_with_the_reason() -> None:
    (found,) = put("people", Record(223)).findings

    assert (found.verdict, found.details) == (Verdict.SCHEMA_INVALID, (("", "is no Person"),))
    nested = hive.new_box([("1", Items(Tag.LIST, (Record(223),)))])
    (found,) = verify(nested, "people", None).findings
    assert "the unknown type 223 ends where only its own app knows" in found.details[0][1]


@pytest.mark.parametrize(
    ("payload", "details"),
    [
        (in_person(email="ada@example.org"), (("/email", "may not be kept offline"),)),
        (in_person(headline="gld_" + "x" * 43), (("/headline", "looks like a secret"),)),
    ],
)
def test_what_no_device_may_keep_is_forbidden(payload: Any, details: Any) -> None:
    (found,) = put("people", enveloped(payload)).findings

    assert (found.verdict, found.details) == (Verdict.FORBIDDEN, details)


def test_a_number_as_key_is_extra(furnished: Member) -> None:
    entity = queries.entity_of("profile")
    value = queries.packed(entity, entity.rows(furnished)[0], stored_at=clock.now())

    report = verify(hive.new_box([(7, value)]), "profile", furnished)

    assert verdicts(report) == {"7": Verdict.SCHEMA_INVALID, str(furnished.pk): Verdict.MISSING}


def test_an_unknown_choice_is_kept_as_unknown() -> None:
    entity = queries.entity_of("profile")
    row = {
        "id": "1", "handle": "a", "name": "A", "headline": "", "portrait": "", "hats": [], "story": "",
        "place": "", "availability": "on_the_moon", "skills": [], "languages": [], "links": [],
    }  # fmt: skip

    assert (
        queries.held(entity, queries.packed(entity, row, stored_at=NOW)).payload["availability"] == "unknown"
    )


@pytest.fixture
def exported(furnished: Member, tmp_path: Path) -> tuple[Member, Path]:
    boxes.export(furnished, tmp_path / "out")
    return furnished, tmp_path / "out"


def test_a_manifest_vouches_for_what_was_exported(exported: tuple[Member, Path]) -> None:
    member, folder = exported
    manifest = queries.read_manifest((folder / "manifest.json").read_bytes())

    assert manifest.problems == ()
    for name in BOXES:
        report = verify((folder / f"{name}.hive").read_bytes(), name, member, manifest=manifest)
        assert (report.manifest, report.is_right) == ((), True)


def test_with_a_manifest_a_renamed_author_is_stale_instead_of_wrong(exported: tuple[Member, Path]) -> None:
    member, folder = exported
    data = (folder / "people.hive").read_bytes()
    manifest = queries.read_manifest((folder / "manifest.json").read_bytes())
    Member.objects.filter(pk=member.pk).update(name="Ada Lovelace")

    assert verdicts(verify(data, "people", member))[str(member.pk)] is Verdict.MISMATCH
    report = verify(data, "people", member, manifest=manifest)
    assert (verdicts(report)[str(member.pk)], report.is_right) == (Verdict.STALE, True)


def test_a_box_cut_between_frames_is_noticed_with_its_manifest_only(exported: tuple[Member, Path]) -> None:
    _, folder = exported
    data = (folder / "people.hive").read_bytes()
    cut = data[: queries.open_box(data).frames[-1].offset]
    manifest = queries.read_manifest((folder / "manifest.json").read_bytes())

    assert verify(cut, "people", None).is_right
    assert verify(cut, "people", None, manifest=manifest).manifest == (
        f"{len(cut)} bytes long, {len(data)} in the manifest",
        "not the bytes that were signed",
    )


def test_no_changed_box_is_ever_called_right_beside_its_manifest(exported: tuple[Member, Path]) -> None:
    _, folder = exported
    data = (folder / "people.hive").read_bytes()
    manifest = queries.read_manifest((folder / "manifest.json").read_bytes())
    dice = random.Random(7)

    def mutated() -> bytes:
        start = dice.randrange(len(data))
        end = min(len(data), start + dice.randrange(4))
        return data[:start] + dice.randbytes(dice.randrange(4)) + data[end:]

    trusted = [
        changed
        for changed in (mutated() for _ in range(500))
        if changed != data and not manifest.problems_of("people", changed)
    ]
    assert trusted == []


def resigned(folder: Path, change: Callable[[dict[str, Any]], None]) -> bytes:
    body = json.loads((folder / "manifest.json").read_bytes())
    change(body)
    return json.dumps(body).encode()


def test_a_changed_manifest_vouches_for_nothing(exported: tuple[Member, Path]) -> None:
    member, folder = exported
    data = (folder / "people.hive").read_bytes()
    forged = [
        resigned(folder, lambda body: body.update(member="999")),
        resigned(folder, lambda body: body.update(signature="AAAA")),
        resigned(folder, lambda body: body.update(signature="no base64!")),
        resigned(folder, lambda body: body.update(signature=base64.b64encode(bytes(64)).decode())),
    ]

    for text in forged:
        report = verify(data, "people", member, manifest=queries.read_manifest(text))
        assert "not signed by this site" in report.manifest
        assert not report.is_right


def test_a_manifest_of_another_contract_member_or_box_says_so(
    exported: tuple[Member, Path], ben: Member, settings: Any
) -> None:
    member, folder = exported
    data = (folder / "people.hive").read_bytes()
    text = (folder / "manifest.json").read_bytes()
    other = resigned(folder, lambda body: body.update(contract="0" * 64))
    body = json.loads(text)
    body["boxes"] = [entry for entry in body["boxes"] if entry["box"] != "people"]

    assert (
        "made for another member"
        in verify(data, "people", ben, manifest=queries.read_manifest(text)).manifest
    )
    assert "made under another version of the contract" in queries.read_manifest(other).problems
    without = queries.read_manifest(json.dumps(body).encode())
    assert verify(data, "people", member, manifest=without).manifest == (
        "not signed by this site",
        "the manifest knows no box people",
    )
    settings.SECRET_KEY = "another site"
    assert queries.read_manifest(text).problems == ("not signed by this site",)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format":"guildry.offline/1"}',
        b'{"format":"guildry.offline/1","signature":"","contract":"","member":"1","boxes":[1]}',
    ],
)  # fmt: skip
def test_anything_else_is_no_manifest(text: bytes) -> None:
    with pytest.raises(queries.NoManifest):
        queries.read_manifest(text)


def test_damage_is_reported_and_never_right(furnished: Member) -> None:
    data = boxes.box_of(furnished, "people")[:-1]

    report = verify(data, "people", furnished)

    assert report.damage is not None
    assert not report.is_right


def test_values_are_shown_with_the_names_of_the_contract() -> None:
    entity = queries.entity_of("people")
    row = {"id": "1", "handle": "ada", "name": "Ada", "headline": "", "portrait": ""}
    value = queries.packed(entity, row, stored_at=NOW)

    assert queries.shown(value, queries.book()) == {
        "@type": "Person", "storedAt": "2026-11-24T12:00:00.000Z", "expiresAt": "2026-12-01T12:00:00.000Z", **row,
    }  # fmt: skip
    assert queries.shown(value)["@type"] == value.type_id


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"\1", {"bytes": "01"}),
        (1.5, 1.5),
        (float("inf"), {"double": "inf"}),
        (Items(Tag.LIST, (None, 1)), [None, 1]),
        (Pairs(((1, 2),)), [[1, 2]]),
        (hive.Links("a", (1,)), {"box": "a", "keys": [1]}),
        (Instant(1e20), {"milliseconds": "1e+20"}),
        (hive.Span(2.0), {"milliseconds": 2.0}),
        (hive.BigInt("7"), {"digits": "7"}),
        (Variant(9, 1), {"@type": 9, "#": 1}),
        (hive.Unread(9, b"a"), {"@type": 9, "bytes": "61"}),
    ],
    ids=str,
)
def test_every_kind_of_value_is_shown_as_json(value: Any, shown: Any) -> None:
    assert queries.shown(value) == shown


def test_two_boxes_differ_in_keys_and_places() -> None:
    one = queries.open_box(hive.new_box([("a", 1), ("b", Items(Tag.LIST, (1,))), ("c", 1), ("d", None)]))
    other = queries.open_box(hive.new_box([("a", 1), ("b", Items(Tag.LIST, (2,))), ("c", 1.0), ("e", None)]))

    assert queries.changes_between(one, other) == {
        "added": ["e"],
        "removed": ["d"],
        "changed": [{"key": "b", "at": ["/0"]}, {"key": "c", "at": [""]}],
    }


def test_what_cannot_be_read_differs_as_a_whole() -> None:
    unread = queries.open_box(hive.new_box([("a", Items(Tag.LIST, (Record(200),)))]))
    read = queries.open_box(hive.new_box([("a", 1)]))

    assert queries.changes_between(unread, read)["changed"] == [{"key": "a", "at": [""]}]
    assert queries.changes_between(unread, unread)["changed"] == []
    assert queries.figures_of(unread).needs_hive_ce is False
    assert queries.figures_of(queries.open_box(hive.new_box([("a", hive.Span(1.0))]))).needs_hive_ce
