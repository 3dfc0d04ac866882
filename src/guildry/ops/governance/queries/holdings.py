"""Whose the rows of every table are, derived from its keys to members and from what its model says."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import CASCADE, SET_NULL, EmailField, Model, Q, QuerySet

from guildry.kernel import inventory
from guildry.kernel.inventory import BELONGINGS, Belonging, DataClass, Erase, Export
from guildry.kernel.points import FOREIGN_INVENTORY
from guildry.people.accounts.models import Member

STAFF_RECORD = "What staff did stays on record; the number leads to a pseudonym."
MOST_DEEP = 4


@dataclass(frozen=True)
class Holding:
    """What is done with one table: `to` and `goes_with` are lookups that lead to a member."""

    model: type[Model]
    to: tuple[str, ...]
    goes_with: tuple[str, ...]
    stays: str = ""
    is_emptied: bool = False

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Subject:
    """One member as tables refer to them."""

    member_id: int
    addresses: tuple[str, ...]


def subject_of(member: Member) -> Subject:
    known = EmailAddress.objects.filter(user_id=member.pk).values_list("email", flat=True)
    return Subject(member.pk, tuple(sorted({member.email, *known})))


@cache
def holdings() -> tuple[Holding, ...]:
    """Return what is done with each table, in the order in which rows can be taken away."""
    return tuple(_holding(model) for model in _children_first())


def holding_of(label: str) -> Holding:
    return next(each for each in holdings() if each.label == label)


def classes_of(model: type[Model]) -> dict[str, DataClass]:
    """Return the data class of each column of a model; a test sees to it that each has one."""
    foreign = FOREIGN_INVENTORY.get(model._meta.label)
    found = {field.name: inventory.class_of(field, foreign) for field in model._meta.local_fields}
    return {name: each for name, each in found.items() if each is not None}


def is_personal(model: type[Model]) -> bool:
    """Tell whether a table says something about a person, beyond keys that lead elsewhere."""
    relations = {field.name for field in model._meta.local_fields if field.is_relation or field.primary_key}
    return any(
        each.personal and not each.is_secret
        for name, each in classes_of(model).items()
        if name not in relations or _leads_to_member(model._meta.get_field(name))
    )


def exported_fields(model: type[Model]) -> list[Any]:
    """Return the columns that a member gets a copy of, without those that only the program understands."""
    classes = classes_of(model)
    return [
        field
        for field in model._meta.local_fields
        if field.name in classes and classes[field.name].export != Export.NO
    ]


def emptied_fields(model: type[Model]) -> list[Any]:
    """Return the columns that are emptied where a row stays without its member."""
    classes = classes_of(model)
    return [
        field
        for field in model._meta.local_fields
        if not (field.primary_key or field.is_relation or field.generated)
        and classes[field.name].erase in (Erase.DELETE, Erase.ANONYMISE)
    ]


def emptied_values(holding: Holding) -> dict[str, Any]:
    """Return what a model says its columns hold once emptied; functions are given the pseudonym."""
    said = BELONGINGS.get(holding.model._meta.label_lower)
    return dict(said.emptied) if said else {}


def rows_of(holding: Holding, subject: Subject, *, erased: bool = False) -> QuerySet[Any]:
    """Return the rows of a table that a member is given, or with `erased` those that go with them."""
    paths = holding.goes_with if erased else holding.to
    rows = holding.model._base_manager.all()
    if not paths:
        return rows.none()
    condition = Q()
    for path in paths:
        condition |= Q(**_matching(holding.model, path, subject))
    return rows.filter(condition)


def _matching(model: type[Model], path: str, subject: Subject) -> dict[str, Any]:
    """Return the condition that a column refers to a member: by number, by address, or in words."""
    last = _field_at(model, path)
    if last.is_relation or last.get_internal_type().endswith(("IntegerField", "AutoField")):
        return {path: subject.member_id}
    if isinstance(last, EmailField):
        return {f"{path}__in": subject.addresses}
    return {path: f"member:{subject.member_id}"}


def _field_at(model: type[Model], path: str) -> Any:
    *before, last = path.split("__")
    for name in before:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model._meta.get_field(last)


def _holding(model: type[Model]) -> Holding:
    said = BELONGINGS.get(model._meta.label_lower)
    if said:
        return _said(model, said)
    if paths := tuple(_paths(model, CASCADE)):
        stays = _stays_with_parent(model)
        return Holding(model, paths, () if stays else paths, stays)
    if noted := tuple(_direct(model, SET_NULL)):
        return Holding(model, noted, (), STAFF_RECORD)
    return Holding(model, (), ())


def _said(model: type[Model], said: Belonging) -> Holding:
    goes_with = said.to if said.goes_with is None else said.goes_with
    is_kept = bool(said.stays) and not said.is_emptied
    return Holding(
        model,
        said.to,
        () if is_kept else goes_with,
        said.stays,
        is_emptied=bool(said.stays) and said.is_emptied,
    )


def _stays_with_parent(model: type[Model]) -> str:
    """Return why a row stays with what it is a part of; empty when that goes, or when it is a part of nothing."""
    if any(_direct(model, CASCADE)):
        return ""
    parents = [BELONGINGS.get(field.related_model._meta.label_lower) for field in _keys(model, CASCADE)]
    return next((said.stays for said in parents if said and not said.is_emptied), "")


def _paths(model: type[Model], rule: Any, depth: int = 0) -> Iterator[str]:
    """Yield the lookups by which a row is a member's: keys to members, or else those of what it is a part of."""
    if direct := list(_direct(model, rule)):
        yield from direct
        return
    if depth == MOST_DEEP:
        return
    for field in _keys(model, rule):
        parent = field.related_model
        said = BELONGINGS.get(parent._meta.label_lower)
        further = said.to if said else _paths(parent, rule, depth + 1)
        yield from (f"{field.name}__{path}" for path in further)


def _direct(model: type[Model], rule: Any) -> Iterator[str]:
    return (field.name for field in _keys(model, rule) if _leads_to_member(field))


def _keys(model: type[Model], rule: Any) -> Iterator[Any]:
    """Yield the keys to other tables that follow one rule when what they lead to is deleted."""
    fields: list[Any] = model._meta.local_fields
    for field in fields:
        if field.is_relation and field.remote_field.on_delete is rule and field.related_model is not model:
            yield field


def _leads_to_member(field: Any) -> bool:
    return bool(field.is_relation) and field.related_model is Member


def _children_first() -> list[type[Model]]:
    """Return every model, those that refer to others before those they refer to."""
    waiting = [each for each in apps.get_models(include_auto_created=True) if not each._meta.proxy]
    ordered: list[type[Model]] = []
    while waiting:
        named = {
            field.related_model
            for model in waiting
            for field in model._meta.local_fields
            if field.is_relation and field.related_model is not model
        }
        free = [model for model in waiting if model not in named]
        ordered += sorted(free or waiting, key=lambda each: each._meta.label)
        waiting = [model for model in waiting if model not in ordered]
    return ordered
