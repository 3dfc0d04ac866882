"""What devices may keep: declared completely, of allowed classes only, numbered in the lock file, with a schema."""

from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from guildry.kernel import points
from guildry.kernel.offline import OfflineEntity, OfflineEnum, OfflineField, OfflineRecord, Shape
from guildry.ops.schemas import hive, queries, rules
from guildry.people.accounts.models import Member
from tests.factories import boxes

ENTITIES = queries.entities()
EACH = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.box)


def test_these_boxes_exist() -> None:
    assert {entity.box for entity in ENTITIES} == {
        "timeline_posts", "people", "saved_posts", "drafts", "notifications", "profile",
    }  # fmt: skip


@EACH
def test_only_classes_allowed_offline_are_kept(entity: OfflineEntity) -> None:
    assert queries.forbidden_sources(entity) == []


@EACH
def test_every_field_says_where_it_comes_from(entity: OfflineEntity) -> None:
    silent = [
        place
        for place, part in entity.record.walk()
        if not part.sources and not isinstance(part.shape, OfflineRecord)
    ]
    assert silent == []


def test_a_field_that_must_stay_is_found() -> None:
    leaky = OfflineRecord(
        "Leaky",
        (
            OfflineField("id", Shape.TEXT, ("accounts.Member.id",)),
            OfflineField("email", Shape.TEXT, ("accounts.Member.email",)),
        ),
    )
    entity = OfflineEntity(
        "leaky", "Leaky", leaky, lambda viewer: [], timedelta(1), reveals=("accounts.Member.password",)
    )
    assert queries.forbidden_sources(entity) == ["accounts.Member.email", "accounts.Member.password"]


@EACH
def test_keys_are_ids_because_keys_are_never_sealed(entity: OfflineEntity) -> None:
    key = next(part for part in entity.record.fields if part.name == entity.key)

    assert all(source.endswith(".id") for source in key.sources)


def test_the_lock_file_numbers_exactly_what_is_declared() -> None:
    declared = queries.declared_types()

    assert {name: list(kind.fields) for name, kind in queries.lock().types.items()} == declared
    assert hive.grown(queries.lock(), declared) == queries.lock()
    assert queries.LOCK_FILE.read_text() == queries.lock().render()
    assert {kind.type_id for kind in queries.book()} == set(range(len(declared)))
    assert max(kind.type_id for kind in queries.book()) <= hive.MAX_TYPE_ID_OF_HIVE2


def test_the_file_of_types_says_what_every_field_is() -> None:
    types = queries.field_types()

    assert queries.locked_types() == types
    assert {name: list(fields) for name, fields in types.items()} == queries.declared_types()
    assert types["Post"]["myReaction"] == "ReactionKind?"
    assert types["Draft"]["pictures"] == "DraftPicture[]"
    assert types["Post"]["storedAt"] == "moment"
    assert set(types["Audience"].values()) == {"enum"}


def test_enums_begin_with_unknown_so_that_old_clients_say_so() -> None:
    enums = [kind for kind in queries.book() if kind.kind is hive.Kind.ENUM]

    assert {kind.name for kind in enums} == {"Audience", "ReactionKind", "Availability", "LanguageLevel"}
    assert all(kind.fields[0] == "unknown" for kind in enums)


def test_records_of_one_name_are_one_record() -> None:
    shapes: dict[str, Any] = {}
    for entity in ENTITIES:
        for shape in (entity.record, *(part.shape for _, part in entity.record.walk())):
            if isinstance(shape, OfflineRecord | OfflineEnum):
                assert shapes.setdefault(shape.name, shape) == shape


@EACH
def test_a_schema_is_a_schema_and_takes_lengths_from_the_columns(entity: OfflineEntity) -> None:
    schema = queries.schema_of(entity)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    if entity.box == "people":
        assert schema["properties"]["name"] == {"type": "string", "maxLength": 80}


def test_a_declaration_that_cannot_work_is_refused() -> None:
    record = OfflineRecord("Thing", (OfflineField("id", Shape.NUMBER, ("accounts.Member.id",)),))

    with pytest.raises(ValueError, match="the key 'id' is no text"):
        OfflineEntity("things", "Things", record, lambda viewer: [], timedelta(1))
    text = OfflineRecord("Thing", (OfflineField("id", Shape.TEXT, ("accounts.Member.id",)),))
    with pytest.raises(ValueError, match="the version 'id' is no number"):
        OfflineEntity("things", "Things", text, lambda viewer: [], timedelta(1), version="id")


def test_private_names_are_those_of_fields_that_stay_on_the_server() -> None:
    names = queries.private_names()

    assert {"email", "password", "suspension_reason", "suspensionReason", "last_login"} <= names
    assert not {"id", "name", "html", "version", "kind", "text", "body"} & names


def test_an_unknown_box_names_those_there_are() -> None:
    with pytest.raises(queries.UnknownBox, match=r"No box is called 'pets'\. There are: drafts, "):
        queries.entity_of("pets")


def test_the_contract_has_a_hash_that_does_not_move() -> None:
    assert queries.contract_hash() == rules.digest(queries.contract())
    assert len(queries.contract_hash()) == 64
    assert {entity.box for entity in points.OFFLINE_ENTITIES} == queries.contract()["boxes"].keys()


@pytest.mark.parametrize("count", [1, 3])
def test_rows_of_every_box_fit_their_schema_in_a_fixed_number_of_queries(
    ada: Member, ben: Member, count: int, django_assert_max_num_queries: Any
) -> None:
    most = {"timeline_posts": 2, "people": 2, "saved_posts": 2, "drafts": 1, "notifications": 1, "profile": 8}
    boxes.furnish(ada, ben, count)

    for entity in ENTITIES:
        with django_assert_max_num_queries(most[entity.box]):
            rows = queries.server_rows(entity, ada)
        least = {"profile": 1, "people": 2}.get(entity.box, count)
        assert len(rows) >= least, entity.box
        for row in rows.values():
            jsonschema.validate(row, queries.schema_of(entity))
            assert list(rules.misfits(queries.schema_of(entity), row)) == []
