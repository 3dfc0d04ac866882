"""Bodies are read without guessing: whatever is ambiguous or cannot be stored is refused."""

import json

import pytest

from guildry.config.api import reading
from guildry.kernel import errors


def test_plain_json_is_read() -> None:
    assert reading.decode('{"body": "Grüße 👋", "n": [1, 2.5, null, true]}'.encode()) == {
        "body": "Grüße 👋",
        "n": [1, 2.5, None, True],
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'body': 1}",
        b'{"body": 1,}',
        b'{"body": NaN}',
        b'{"body": Infinity}',
        b'{"body": -Infinity}',
        b'{"body": "\xff\xfe"}',
        b'\xef\xbb\xbf{"body": 1}',
        '{"body": "x"}'.encode("utf-16"),
        b'{"body": 1, "body": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"body": "raw \x00 null"}',
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"body": ' + b"9" * 5_000 + b"}",
        b"\xed\xa0\x80",
    ],
)
def test_a_body_that_is_not_one_clear_json_text_is_malformed(body: bytes) -> None:
    with pytest.raises(errors.Malformed):
        reading.decode(body)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"body": "a\x00b"}, "body"),
        ({"body": "\ud800"}, "body"),
        ({"poll": {"options": ["yes", "\udfff"]}}, "poll.options.1"),
        ({"na\x00me": 1}, ""),
        ({"poll": {"\ud800": 1}}, "poll"),
    ],
)
def test_text_that_cannot_be_stored_is_refused_at_its_field(value: object, field: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        reading.decode(json.dumps(value).encode())

    assert [error.field for error in refused.value.errors] == [field]


def test_a_number_beyond_all_numbers_is_refused_at_its_field() -> None:
    with pytest.raises(errors.Invalid) as refused:
        reading.decode(b'{"days": 1e999}')

    assert [(error.field, error.code) for error in refused.value.errors] == [("days", "too_large")]


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert reading.decode(b'"\\ud83d\\udc4b"') == "👋"
