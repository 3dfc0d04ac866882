"""The documents: what is committed is what the program does, each is valid, and a change is never silent."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from guildry.kernel import points
from guildry.kernel.permissions import SYSTEM
from guildry.ops.contracts import actions, differ, queries, rules
from guildry.ops.schemas.queries import LOCK_FILE

MEND = "Run `guildry contracts emit --note TEXT` and commit what it writes."


def test_what_is_committed_is_what_the_program_does() -> None:
    written = {**queries.files(), "manifest.json": rules.written(queries.manifest())}

    behind = [name for name, text in written.items() if _committed(name) != text]

    assert behind == [], MEND


def _committed(name: str) -> str:
    path = queries.FOLDER / name
    return path.read_text() if path.exists() else ""


def test_nothing_else_is_committed() -> None:
    kept = {
        str(path.relative_to(queries.FOLDER))
        for path in queries.FOLDER.rglob("*")
        if path.is_file() and path.parent.name != "released"
    }

    assert kept - set(queries.files()) == {"manifest.json", "CHANGELOG.md", "README.md"}


def test_the_changelog_tells_of_these_very_documents() -> None:
    entry = queries.notes_in(_committed("CHANGELOG.md"))[0]

    assert (entry["version"], entry["hash"]) == (rules.VERSION, queries.manifest()["hash"]), MEND
    assert all(line for line in entry["lines"])


def test_a_release_carries_its_history() -> None:
    assert queries.history() == queries.history_of(queries.FOLDER), MEND


def test_nothing_breaks_clients_of_the_last_release_unannounced() -> None:
    changed = queries.changes_since()

    assert changed.is_announced, differ.as_text(list(changed.breaking))


def test_the_manifest_names_every_document_with_its_hash() -> None:
    manifest = queries.manifest()

    assert set(manifest["documents"]) == set(queries.files())
    assert manifest["hash"] == rules.digest_of(queries.files())
    for name, entry in manifest["documents"].items():
        assert entry["sha256"] == rules.digest(queries.files()[name])


def test_the_hash_does_not_hang_on_the_order_of_documents() -> None:
    files = dict(sorted(queries.files().items(), reverse=True))

    assert rules.digest_of(files) == queries.manifest()["hash"]
    assert rules.digest_of({**files, "more.json": "{}"}) != queries.manifest()["hash"]


def test_every_shape_is_a_json_schema_that_finds_what_it_refers_to() -> None:
    shapes = {
        name.removeprefix("schemas/"): json.loads(text)
        for name, text in queries.files().items()
        if name.startswith("schemas/")
    }
    registry = Registry().with_resources(
        (name, Resource.from_contents(shape)) for name, shape in shapes.items()
    )  # type: ignore[var-annotated]

    for name, shape in shapes.items():
        Draft202012Validator.check_schema(shape)
        for target in _targets(shape):
            assert registry.get_or_retrieve(target).value.contents == shapes[target], name


def _targets(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [target for value in part.values() for target in _targets(value)]
    return [target for value in part for target in _targets(value)] if isinstance(part, list) else []


def test_boxes_are_json_schemas_and_the_lock_file_goes_with_them() -> None:
    boxes = [json.loads(text) for name, text in queries.files().items() if name.startswith("offline/")]

    assert len(boxes) == len(points.OFFLINE_ENTITIES)
    for box in boxes:
        Draft202012Validator.check_schema(box)
    assert queries.files()["hive.lock.yaml"] == LOCK_FILE.read_text()


def test_every_choice_leaves_room() -> None:
    closed = {name for name, choice in queries.documents()["enums"].items() if not choice["unknown"]}

    assert closed == set()
    assert len(queries.documents()["enums"]) > 15


def test_no_box_tells_of_what_may_not_be_kept() -> None:
    boxes = queries.documents()["offline"]["boxes"]

    assert [
        source for box in boxes.values() for source, allowed in box["sources"].items() if not allowed
    ] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    actions.emit_contracts(SYSTEM, folder=tmp_path, note="The first.")
    return tmp_path


def test_documents_are_written_once(folder: Path) -> None:
    assert actions.emit_contracts(SYSTEM, folder=folder) == []
    assert queries.set_at(folder) == queries.program_set()


def test_a_change_without_a_note_writes_nothing(folder: Path) -> None:
    (folder / "CHANGELOG.md").write_text("# Changes of the contracts\n")
    (folder / "openapi.json").write_text("{}")

    with pytest.raises(actions.NoteMissing):
        actions.emit_contracts(SYSTEM, folder=folder, note=" ")

    assert (folder / "openapi.json").read_text() == "{}"


def test_an_entry_stands_above_the_older_ones(folder: Path) -> None:
    older = (folder / "CHANGELOG.md").read_text().replace(queries.manifest()["hash"], "0" * 64)
    (folder / "CHANGELOG.md").write_text(older)

    changed = actions.emit_contracts(SYSTEM, folder=folder, note="The second.")

    notes = queries.notes_in((folder / "CHANGELOG.md").read_text())
    assert changed == ["CHANGELOG.md"]
    assert [(entry["hash"], entry["lines"]) for entry in notes] == [
        (queries.manifest()["hash"], ["The second."]),
        ("0" * 64, ["The first."]),
    ]


def test_a_document_that_is_made_no_longer_goes(folder: Path) -> None:
    (folder / "schemas" / "Gone.json").write_text("{}")

    assert actions.emit_contracts(SYSTEM, folder=folder) == ["schemas/Gone.json"]
    assert not (folder / "schemas" / "Gone.json").exists()


def test_a_released_version_never_changes(folder: Path) -> None:
    path = actions.release_contracts(SYSTEM, folder=folder)
    kept = json.loads(path.read_text())

    assert actions.release_contracts(SYSTEM, folder=folder) == path
    path.write_text(json.dumps({**kept, "hash": "0" * 64}))
    with pytest.raises(actions.AlreadyReleased):
        actions.release_contracts(SYSTEM, folder=folder)
    assert queries.set_at(path) == {**kept, "hash": "0" * 64}


def test_the_newest_release_is_the_one_with_the_highest_numbers(folder: Path) -> None:
    kept = queries.program_set()
    for version in ("0.9.0", "0.10.0", "0.2.11"):
        path = folder / "released" / f"{version}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**kept, "version": version}))

    assert queries.released(folder) == ["0.10.0", "0.9.0", "0.2.11"]
    assert queries.last_released(folder)["version"] == "0.10.0"


def test_a_place_without_contracts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"version": "0.1.0"}')

    for path in (tmp_path, tmp_path / "half.json", tmp_path / "nowhere"):
        with pytest.raises(queries.NoContracts):
            queries.set_at(path)
    with pytest.raises(queries.NoContracts):
        queries.last_released(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("0.1.0", "0.1.1", False),
        ("0.1.0", "0.2.0", True),
        ("0.1.9", "1.0.0", True),
        ("1.2.3", "1.3.0", False),
        ("1.2.3", "2.0.0", True),
        ("2.0.0", "1.0.0", False),
    ],
)
def test_only_a_breaking_version_may_break(old: str, new: str, allowed: bool) -> None:
    assert rules.allows_breaking(old, new) is allowed


def test_everything_a_client_meets_is_described() -> None:
    for what, (described, whole) in queries.coverage().items():
        assert (what, described) == (what, whole)
