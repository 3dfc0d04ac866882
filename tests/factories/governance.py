"""Data planted for tests of governance: one row in every table that is a member's, with a word in every column."""

import argparse
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import uuid4

from django.db.models import EmailField, Model

from guildry.kernel import clock
from guildry.kernel.inventory import DataClass, Erase, Export
from guildry.ops.governance import commands, queries
from guildry.ops.governance.queries.holdings import Holding
from guildry.people.accounts.models import Member

# An invitation names a member or an address, and these name the member.
ONE_OR_THE_OTHER = {"organisations.Invitation.email"}
# Whoever has a request open cannot ask again, so the planted one is answered.
ANSWERED = {"governance.Request.kind": "erasure", "governance.Request.state": "done"}
TEXTS = ("CharField", "TextField", "URLField", "SlugField")


@dataclass
class Planted:
    """What was planted: `words` by table and column, with the class of the column."""

    member: Member
    other: Member
    words: dict[tuple[str, str], tuple[str, DataClass]] = field(default_factory=dict)
    rows: dict[type[Model], Any] = field(default_factory=dict)
    number: int = 0

    def to_be_erased(self) -> list[str]:
        """Return the words that an erasure has to take away, by what their columns say."""
        going = {each.label for each in queries.holdings() if each.goes_with}
        return [
            word
            for (label, _), (word, data) in self.words.items()
            if label in going and data.erase in (Erase.DELETE, Erase.ANONYMISE)
        ]

    def to_be_told(self) -> list[str]:
        """Return the words that a copy has to hold in full."""
        handed_out = {each.holding.label for each in queries.entities()}
        return [
            word
            for (label, _), (word, data) in self.words.items()
            if label in handed_out and data.export == Export.YES
        ]


def plant_everywhere(member: Member, other: Member) -> Planted:
    """Put one row of the member's into every table that is handed out."""
    planted = Planted(member, other)
    planted.rows[Member] = member
    for holding in reversed(queries.holdings()):
        if holding.to and queries.is_personal(holding.model):
            _row(planted, holding.model)
    return planted


def _row(planted: Planted, model: type[Model]) -> Any:
    if model not in planted.rows:
        holding = queries.holding_of(model._meta.label)
        values = {}
        for each in model._meta.local_fields:
            if each.generated or (
                each.primary_key and not each.is_relation and "Auto" in each.get_internal_type()
            ):
                continue
            values[each.attname] = _value(planted, holding, each)
        row = model(**values)
        model._base_manager.bulk_create([row])
        planted.rows[model] = model._base_manager.order_by("-pk").first()
        for each in model._meta.local_fields:
            _note(planted, model, each, values.get(each.attname))
    return planted.rows[model]


def _note(planted: Planted, model: type[Model], column: Any, value: Any) -> None:
    is_word = isinstance(value, str) and value.startswith("canary")
    if is_word:
        classes = queries.classes_of(model)
        planted.words[model._meta.label, column.name] = (value, classes[column.name])


def _value(planted: Planted, holding: Holding, column: Any) -> Any:
    if column.is_relation:
        return _key(planted, holding, column)
    kind, where = column.get_internal_type(), f"{holding.label}.{column.name}"
    if where in ONE_OR_THE_OTHER:
        return ""
    if isinstance(column, EmailField):
        return planted.member.email
    if column.name in holding.to:
        return planted.member.pk if kind.endswith("IntegerField") else f"member:{planted.member.pk}"
    if kind in TEXTS:
        return _word(planted, column, where)
    return _other_value(planted, column, kind)


def _word(planted: Planted, column: Any, where: str) -> str:
    if column.choices:
        return ANSWERED.get(where) or str(next(iter(column.choices))[0])
    planted.number += 1
    word = f"canary{planted.number:04}x"
    return word if (column.max_length or 99) >= len(word) else ""


def _other_value(planted: Planted, column: Any, kind: str) -> Any:
    planted.number += 1
    values = {
        "DateTimeField": clock.now(), "DateField": date(2026, 1, 2), "TimeField": time(9), "BooleanField": True,
        "JSONField": [], "FloatField": 1.0, "UUIDField": uuid4(), "BinaryField": b"",
    }  # fmt: skip
    return None if column.null else values.get(kind, planted.number % 90)


def _key(planted: Planted, holding: Holding, column: Any) -> Any:
    target = column.related_model
    if target is Member:
        is_first = column.name == holding.to[0].partition("__")[0] if holding.to else True
        return planted.member.pk if is_first else planted.other.pk
    if target is holding.model or (column.null and target not in planted.rows):
        return None
    return _row(planted, target).pk


def run_command(words: list[str]) -> int:
    """Run a verb of `guildry privacy`."""
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return commands.privacy(parser.parse_args(words))
