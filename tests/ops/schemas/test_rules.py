"""Canonical form, fitting a schema, and the verdict on one key."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.ops.schemas import rules
from guildry.ops.schemas.rules import ANYBODYS, Held, Row, Verdict
from guildry.people.accounts.rules import TOKEN_PREFIX
from guildry.platform.realtime.rules import TICKET_PREFIX

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 5},
        "age": {"type": "integer", "minimum": -(2**53) + 1, "maximum": 2**53 - 1},
        "is_in": {"type": "boolean"},
        "level": {"anyOf": [{"type": "string", "enum": ["low", "high"]}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "since": {"type": "string", "format": "date-time"},
    },
    "required": ["name", "age", "is_in", "level", "tags", "since"],
    "additionalProperties": False,
}
ADA: dict[str, Any] = {
    "name": "Ada", "age": 36, "is_in": True, "level": None, "tags": ["a"], "since": "2026-11-24T12:00:00.000Z",
}  # fmt: skip


def test_the_canonical_form_is_sorted_short_and_to_the_millisecond() -> None:
    moment = datetime(2026, 11, 24, 13, 0, 0, 123999, timezone(timedelta(hours=1)))

    assert rules.canonical({"b": moment, "a": ("é", 1)}) == '{"a":["é",1],"b":"2026-11-24T12:00:00.123Z"}'
    assert rules.digest({"b": 1, "a": 2}) == rules.digest({"a": 2, "b": 1})
    assert rules.canonical_bytes("\ud800") == b'"\xed\xa0\x80"'


def test_names_become_those_of_dart() -> None:
    assert [rules.camel(name) for name in ("id", "reaction_count", "is_in")] == [
        "id",
        "reactionCount",
        "isIn",
    ]


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["/a"]),
        ({"a": 1}, {"a": 1.0}, ["/a"]),
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, ["/a/b/1"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a"]),
        ({"a": 1, "c": 1}, {"b": 1, "c": 1}, ["/a", "/b"]),
        ({"a/b": 1, "m~n": 1}, {"a/b": 2, "m~n": 2}, ["/a~1b", "/m~0n"]),
        (1, 2, [""]),
    ],
)
def test_differences_are_the_smallest_parts(one: Any, other: Any, places: list[str]) -> None:
    assert list(rules.differences(one, other)) == places


@pytest.mark.parametrize(
    ("change", "misfit"),
    [
        ({"name": 1}, ("/name", "is integer, not string")),
        ({"name": 1.5}, ("/name", "is no whole number, not string")),
        ({"name": "Adelaide"}, ("/name", "has 8 characters, 5 at the most")),
        ({"age": True}, ("/age", "is boolean, not integer")),
        ({"age": 2.0}, ("/age", "is no whole number, not integer")),
        ({"age": 2**53}, ("/age", "is a number that clients would round")),
        ({"is_in": 1}, ("/is_in", "is integer, not boolean")),
        ({"level": "top"}, ("/level", "is none of low, high")),
        ({"tags": None}, ("/tags", "is null, not array")),
        ({"tags": ["a", 1]}, ("/tags/1", "is integer, not string")),
        ({"since": "2026-11-24"}, ("/since", "is no moment like 2026-01-31T12:00:00.000Z")),
        ({"since": "2026-13-24T12:00:00.000Z"}, ("/since", "is no moment like 2026-01-31T12:00:00.000Z")),
        ({"email": "a@b"}, ("/email", "is not in the contract")),
    ],
)
def test_what_does_not_fit_is_said_where_it_is(change: dict[str, Any], misfit: tuple[str, str]) -> None:
    assert list(rules.misfits(PERSON, ADA | change)) == [misfit]


def test_what_is_missing_is_said() -> None:
    assert list(rules.misfits(PERSON, {k: v for k, v in ADA.items() if k != "age"})) == [
        ("/age", "is missing")
    ]
    assert list(rules.misfits(PERSON, [])) == [("", "is array, not object")]
    assert list(rules.misfits(PERSON, ADA | {"level": "low"})) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["low", ADA["since"]]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ADA, "x"]), inner, max_size=6)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ADA, "x"]), ANYTHING).map(lambda change: ADA | change) | ANYTHING)
def test_we_agree_with_an_independent_validator(value: Any) -> None:
    validator = jsonschema.Draft202012Validator(
        PERSON, format_checker=jsonschema.FormatChecker(formats=["date-time"])
    )
    ours = not list(rules.misfits(PERSON, value))

    assert not ours or validator.is_valid(value)
    if not ours and validator.is_valid(value):
        assert [place for place, _ in rules.misfits(PERSON, value)] == ["/since"]


def judged(held: Held, row: Row | None, private: frozenset[str] = frozenset({"email"})) -> Any:
    return rules.judge("1", held, row, now=NOW, lasts=WEEK, private=private)


def fresh(payload: Any, **more: Any) -> Held:
    return Held(payload, stored_at=NOW - timedelta(days=1), expires_at=NOW + timedelta(days=6), **more)


def test_the_same_row_in_time_is_ok() -> None:
    assert judged(fresh({"id": "1"}), Row({"id": "1"})).verdict is Verdict.OK
    assert judged(fresh({"id": "1"}), ANYBODYS).verdict is Verdict.OK


def test_a_row_the_server_does_not_have_is_extra() -> None:
    assert judged(fresh({"id": "1"}), None).verdict is Verdict.EXTRA


@pytest.mark.parametrize(
    ("stored", "expires", "reason"),
    [
        (timedelta(minutes=6), timedelta(days=7), "was stored in the future"),
        (-WEEK, None, "should have been thrown away"),
        (timedelta(days=-1), timedelta(0), "should have been thrown away"),
        (None, timedelta(seconds=-1), "should have been thrown away"),
        (timedelta(minutes=4), timedelta(days=7), ""),
        (None, None, ""),
    ],
)
def test_age_counts_from_either_end(stored: timedelta | None, expires: timedelta | None, reason: str) -> None:
    held = Held(
        {"id": "1"},
        stored_at=None if stored is None else NOW + stored,
        expires_at=None if expires is None else NOW + expires,
    )

    for row in (Row({"id": "1"}), ANYBODYS):
        found = judged(held, row)
        assert found.verdict is (Verdict.OVER_AGE if reason else Verdict.OK)
        assert found.details == ((("", reason),) if reason else ())


def test_an_older_version_is_stale_and_a_newer_or_same_one_a_mismatch() -> None:
    server = Row({"v": 2, "text": "b"}, version="v")

    assert judged(fresh({"v": 1, "text": "a"}), server).verdict is Verdict.STALE
    found = judged(fresh({"v": 3, "text": "a"}), server)
    assert found == rules.Finding(
        "1", Verdict.MISMATCH, (("/text", "differs from the server"), ("/v", "differs from the server"))
    )
    assert judged(fresh({"v": 2, "text": "a"}), server).verdict is Verdict.MISMATCH


def test_what_always_moves_makes_a_row_stale_only_when_nothing_else_differs() -> None:
    server = Row({"v": 2, "likes": 5, "text": "b"}, version="v", volatile=frozenset({"likes"}))

    found = judged(fresh({"v": 2, "likes": 4, "text": "b"}), server)
    assert (found.verdict, found.details) == (Verdict.STALE, (("/likes", "has changed since"),))
    assert judged(fresh({"v": 2, "likes": 4, "text": "x"}), server).verdict is Verdict.MISMATCH


def test_a_row_that_we_signed_is_stale_whatever_differs() -> None:
    held = {"name": "Before"}

    assert judged(fresh(held), Row({"name": "Now"}, signed=rules.digest(held))).verdict is Verdict.STALE
    assert judged(fresh(held), Row({"name": "Now"}, signed=rules.digest({}))).verdict is Verdict.MISMATCH


def test_a_misfit_comes_before_everything_but_what_is_forbidden() -> None:
    misfit = (("/id", "is missing"),)

    assert judged(fresh({}, misfits=misfit), None) == rules.Finding("1", Verdict.SCHEMA_INVALID, misfit)
    assert judged(fresh({"a": [{"email": "x"}]}, misfits=misfit), None) == rules.Finding(
        "1", Verdict.FORBIDDEN, (("/a/0/email", "may not be kept offline"),)
    )


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN_PREFIX + "a" * 43,
        TICKET_PREFIX + "a" * 43,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZw",
        "$argon2id$v=19$m=1",
        "pbkdf2_sha256$1000$salt$hash",
        "-----BEGIN EC PRIVATE KEY-----",
        "otpauth://totp/x",
        "Authorization: Bearer abcdefghijklmnopqrstuv",
    ],
)
def test_what_looks_like_a_secret_is_forbidden_unless_the_server_says_the_same(secret: str) -> None:
    held = fresh({"text": f"see {secret}"})

    assert judged(held, None) == rules.Finding("1", Verdict.FORBIDDEN, (("/text", "looks like a secret"),))
    assert judged(held, ANYBODYS).verdict is Verdict.FORBIDDEN
    assert judged(held, Row({"text": f"see {secret}"})).verdict is Verdict.OK


@given(st.text(max_size=60))
def test_canonical_json_is_json(text: str) -> None:
    assert json.loads(rules.canonical({"a": text})) == {"a": text}
