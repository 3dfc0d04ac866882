"""A compiled query answers like its queryset, for every value, after one building of SQL."""

import json
from typing import Any

import pytest
from django.db import models
from django.db.models import QuerySet

from guildry.kernel import compiled
from guildry.kernel.compiled import CompiledQuery
from guildry.people.accounts.models import Member
from tests.factories.people import make_member


@pytest.fixture(autouse=True)
def own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "REGISTERED", {})


def members(first: int, handle: str, ids: list[int]) -> "QuerySet[Any, Any]":
    found = Member.objects.filter(id__gte=first, id__in=ids).exclude(handle=handle)
    return found.order_by("id").values_list("id", "handle", "created_at")


def test_it_returns_what_the_queryset_returns(db: None) -> None:
    ids = [make_member(handle).pk for handle in ("ada", "ben", "cem")]
    query = CompiledQuery("members", members, first=int, handle=str, ids=5)

    for first, handle, chosen in [(0, "ada", ids), (ids[1], "nobody", ids[:2]), (0, "ben", [])]:
        values = {"first": first, "handle": handle, "ids": chosen}
        assert query(**values) == list(query.queryset(**values))


def test_it_builds_the_query_once(db: None) -> None:
    built = []

    def build(**values: Any) -> "QuerySet[Any, Any]":
        built.append(values)
        return members(**values)

    query = CompiledQuery("members", build, first=int, handle=str, ids=1)
    query(first=1, handle="a", ids=[1])
    query(first=2, handle="b", ids=[2])

    assert len(built) == 1


def test_a_list_longer_than_its_width_is_refused(db: None) -> None:
    query = CompiledQuery("members", members, first=int, handle=str, ids=2)

    with pytest.raises(ValueError, match="at most 2"):
        query(first=0, handle="", ids=[1, 2, 3])


def test_nothing_may_be_none(db: None) -> None:
    query = CompiledQuery("members", members, first=int, handle=str, ids=2)

    with pytest.raises(TypeError, match="must not be None"):
        query(first=None, handle="", ids=[])


def test_a_parameter_that_never_reaches_the_query_is_refused(db: None) -> None:
    query = CompiledQuery(
        "forgetful",
        lambda first, unused: Member.objects.filter(id=first).values_list("id"),
        first=int,
        unused=int,
    )

    with pytest.raises(TypeError, match="unused"):
        query(first=1, unused=2)


def test_mariadb_is_told_the_order_and_the_index_of_the_table_a_query_begins_with() -> None:
    query = CompiledQuery("hinted", members, walks=True, along="by_handle", first=int)

    hinted = query._hinted("SELECT `a`, (SELECT 1 FROM `m` U0) FROM `m` INNER JOIN `b` ON 1", "m")

    assert hinted == (
        "SELECT STRAIGHT_JOIN `a`, (SELECT 1 FROM `m` U0) FROM `m` FORCE INDEX (by_handle) INNER JOIN `b` ON 1"
    )
    assert CompiledQuery("plain", members, first=int)._hinted("SELECT 1 FROM `m`", "m") == "SELECT 1 FROM `m`"


def test_what_a_column_keeps_as_json_is_read_as_django_reads_it() -> None:
    field = models.JSONField()
    of_another = models.JSONField(decoder=json.JSONDecoder)
    kept = ['["a", 1]', '{"a": null}', "null", '"text"', "1.5", "NaN", "[1", None]

    for text in kept:
        expected = field.from_db_value(text, None, None)
        assert repr(compiled._parsed(field)(text)) == repr(expected)
        assert repr(compiled._parsed(of_another)(text)) == repr(expected)
