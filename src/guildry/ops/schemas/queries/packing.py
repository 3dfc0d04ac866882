"""Rows into the values of a box and back: as objects of generated classes, or as maps in an envelope."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from guildry.kernel.offline import OfflineEntity, OfflineEnum, OfflineField, OfflineRecord, Shape
from guildry.ops.schemas import hive, rules
from guildry.ops.schemas.hive import Instant, Items, Pairs, Record, Tag, Variant
from guildry.ops.schemas.queries.entities import EXPIRES_AT, STORED_AT, lock, schema_of


class Form(StrEnum):
    """How clients keep a row: as an object that an adapter reads, or as a map that says when it was stored."""

    TYPED = "typed"
    ENVELOPE = "envelope"


def packed(
    entity: OfflineEntity, row: Mapping[str, Any], *, stored_at: datetime, form: Form = Form.TYPED
) -> Any:
    """Return the value to store for a row."""
    stored, expires = Instant.of(stored_at), Instant.of(stored_at + entity.lasts)
    if form is Form.ENVELOPE:
        payload = _plain_value(rules.plain(row))
        return Pairs((("payload", payload), (STORED_AT, stored), (EXPIRES_AT, expires)))
    numbers = lock().types[entity.record.name].fields
    made = _packed_record(entity.record, row)
    return Record(made.type_id, ((numbers[STORED_AT], stored), (numbers[EXPIRES_AT], expires), *made.fields))


def _packed_record(record: OfflineRecord, row: Mapping[str, Any]) -> Record:
    kind = lock().types[record.name]
    return Record(
        kind.type_id,
        tuple(
            (kind.fields[rules.camel(part.name)], _packed_field(part, row[part.name]))
            for part in record.fields
        ),
    )


def _packed_field(part: OfflineField, value: Any) -> Any:
    if value is None:
        return None
    if part.many:
        tag = Tag.STRING_LIST if part.shape is Shape.TEXT else Tag.LIST
        return Items(tag, tuple(_packed_one(part.shape, item) for item in value))
    return _packed_one(part.shape, value)


def _packed_one(shape: Any, value: Any) -> Any:
    if isinstance(shape, OfflineRecord):
        return _packed_record(shape, value)
    if isinstance(shape, OfflineEnum):
        kind = lock().types[shape.name]
        known = str(value) if value in shape.values else shape.members[0]
        return Variant(kind.type_id, kind.fields[rules.camel(known)])
    return Instant.of(value) if shape is Shape.MOMENT else rules.plain(value)


def _plain_value(value: Any) -> Any:
    """Return JSON as a client stores it that decoded it: maps and lists of anything."""
    if isinstance(value, dict):
        return Pairs(tuple((name, _plain_value(held)) for name, held in value.items()))
    if isinstance(value, list):
        return Items(Tag.LIST, tuple(_plain_value(held) for held in value))
    return value


def held(entity: OfflineEntity, value: Any) -> rules.Held:
    """Return what a box holds under a key: the plain payload, and where it does not fit the contract."""
    reading = _Reading()
    if isinstance(value, Record):
        payload, stored, expires = reading.typed(entity.record, value)
    elif isinstance(value, Pairs):
        payload, stored, expires = reading.envelope(entity.record, value)
    else:
        return rules.Held(_shown(value), (("", f"is no {entity.record.name}"),))
    wrong = [at for at, _ in reading.misfits]
    further = [
        misfit
        for misfit in rules.misfits(schema_of(entity), payload)
        if not any(misfit[0] == at or misfit[0].startswith(f"{at}/") for at in wrong)
    ]
    return rules.Held(payload, (*reading.misfits, *further), stored, expires)


Opened = tuple[Any, datetime | None, datetime | None]


@dataclass
class _Reading:
    """One pass over a value, collecting what an adapter would trip over."""

    misfits: list[rules.Misfit] = field(default_factory=list)

    def refuse(self, at: str, reason: str, value: Any) -> Any:
        self.misfits.append((at, reason))
        return _shown(value)

    def typed(self, record: OfflineRecord, value: Record) -> Opened:
        kind = lock().types[record.name]
        if value.type_id != kind.type_id:
            return self.refuse("", f"is no {record.name}", value), None, None
        moments = {}
        for name in (STORED_AT, EXPIRES_AT):
            moments[name] = self.moment_of(f"/{name}", value.get(kind.fields[name]))
        ours = {kind.fields[STORED_AT], kind.fields[EXPIRES_AT]}
        rest = Record(value.type_id, tuple(part for part in value.fields if part[0] not in ours))
        return self.record(record, rest, ""), moments[STORED_AT], moments[EXPIRES_AT]

    def envelope(self, record: OfflineRecord, value: Pairs) -> Opened:
        known = {"payload", STORED_AT, EXPIRES_AT}
        for name, part in value.items:
            if name not in known:
                self.refuse(rules.pointer(str(name)), "is not in the contract", part)
        moments = [self.moment_of(f"/{name}", value.get(name)) for name in (STORED_AT, EXPIRES_AT)]
        payload = _filled(record, _shown(value.get("payload")))
        return payload, moments[0], moments[1]

    def moment_of(self, at: str, value: Any) -> datetime | None:
        """Return when a row was stored or expires; a missing moment is a misfit, because such a row never ages."""
        moment = value.moment if isinstance(value, Instant) else _moment_in(value)
        if moment is None:
            self.refuse(at, "is no moment", value)
        return moment

    def record(self, record: OfflineRecord, value: Any, at: str) -> Any:
        kind = lock().types[record.name]
        if not isinstance(value, Record) or value.type_id != kind.type_id:
            return self.refuse(at, f"is no {record.name}", value)
        names = {kind.fields[rules.camel(part.name)]: part for part in record.fields}
        made: dict[str, Any] = {part.name: None for part in record.fields}
        for index, inner in value.fields:
            part = names.get(index)
            if part is None:
                self.refuse(at + rules.pointer(f"#{index}"), "is not in the contract", inner)
            else:
                made[part.name] = self.field(part, inner, at + rules.pointer(part.name))
        return made

    def field(self, part: OfflineField, value: Any, at: str) -> Any:
        if value is None:
            return None
        if not part.many:
            return self.one(part.shape, value, at)
        if not isinstance(value, Items) or value.tag in hive.SETS:
            return self.refuse(at, "is no list", value)
        return [self.one(part.shape, item, at + rules.pointer(i)) for i, item in enumerate(value.items)]

    def one(self, shape: Any, value: Any, at: str) -> Any:
        if isinstance(shape, OfflineRecord):
            return self.record(shape, value, at)
        if isinstance(shape, OfflineEnum):
            return self.choice(shape, value, at)
        kind, make = CASTS[shape]
        if type(value) is not kind:
            return self.refuse(at, f"is kept as {_kind(value)}, not as {_kind_of(kind)}", value)
        made = make(value)
        return self.refuse(at, "is no moment", value) if made is None else made

    def choice(self, shape: OfflineEnum, value: Any, at: str) -> Any:
        kind = lock().types[shape.name]
        names = {kind.fields[rules.camel(member)]: member for member in shape.members}
        if not isinstance(value, Variant) or value.type_id != kind.type_id or value.index not in names:
            return self.refuse(at, f"is no {shape.name}", value)
        return names[value.index]


def _stamped(value: Instant) -> str | None:
    moment = value.moment
    return None if moment is None else rules.stamp(moment)


def _same(value: Any) -> Any:
    return value


CASTS: Mapping[Shape, tuple[type, Callable[[Any], Any]]] = {
    Shape.TEXT: (str, _same),
    Shape.NUMBER: (int, _same),
    Shape.TRUTH: (bool, _same),
    Shape.MOMENT: (Instant, _stamped),
}
NAMES: Mapping[type, str] = {
    type(None): "nothing", bool: "true or false", int: "int", float: "double", str: "text", bytes: "bytes",
    Items: "list", Pairs: "map", Instant: "moment", Record: "object", Variant: "enum",
}  # fmt: skip


def _kind_of(kind: type) -> str:
    return NAMES.get(kind, kind.__name__)


def _kind(value: Any) -> str:
    return _kind_of(type(value))


def _moment_in(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _filled(record: OfflineRecord, payload: Any) -> Any:
    """Take what an older client left out for nothing, where nothing is allowed."""
    if not isinstance(payload, dict):
        return payload
    return {**{part.name: None for part in record.fields if part.optional}, **payload}


def shown(value: Any, book: hive.Book | None = None) -> Any:
    """Return any value of a box as JSON, with names from the book where it has them."""
    return _shown(value, book)


def _shown(value: Any, book: hive.Book | None = None) -> Any:
    show = SHOWN.get(type(value))
    return show(value, book) if show else value


def _shown_all(values: Iterable[Any], book: hive.Book | None) -> list[Any]:
    return [_shown(part, book) for part in values]


def _shown_pairs(value: Pairs, book: hive.Book | None) -> Any:
    if all(isinstance(name, str) for name, _ in value.items):
        return {name: _shown(part, book) for name, part in value.items}
    return [[_shown(name, book), _shown(part, book)] for name, part in value.items]


def _shown_instant(value: Instant, book: hive.Book | None) -> Any:
    return _stamped(value) or {"milliseconds": repr(value.milliseconds)}


def _shown_record(value: Record, book: hive.Book | None) -> Any:
    kind = book.get(value.type_id) if book else None
    names = kind.fields if kind else {}
    fields = {names.get(index, f"#{index}"): _shown(part, book) for index, part in value.fields}
    return {"@type": kind.name if kind else value.type_id, **fields}


def _shown_variant(value: Variant, book: hive.Book | None) -> Any:
    kind = book.get(value.type_id) if book else None
    return kind.fields.get(value.index, value.index) if kind else {"@type": value.type_id, "#": value.index}


SHOWN: Mapping[type, Callable[[Any, hive.Book | None], Any]] = {
    bytes: lambda value, book: {"bytes": value.hex()},
    float: lambda value, book: value if value - value == 0 else {"double": repr(value)},
    Items: lambda value, book: _shown_all(value.items, book),
    Pairs: _shown_pairs,
    hive.Links: lambda value, book: {"box": value.box, "keys": list(value.keys)},
    Instant: _shown_instant,
    hive.Span: lambda value, book: {"milliseconds": value.milliseconds},
    hive.BigInt: lambda value, book: {"digits": value.digits},
    Record: _shown_record,
    Variant: _shown_variant,
    hive.Unread: lambda value, book: {"@type": value.type_id, "bytes": value.payload.hex()},
}
