"""Cursors come back as they were given out, and nothing else gets in."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.kernel import paging


@dataclass
class Row:
    id: int
    name: str = "x"


@given(st.integers(-(2**63), 2**63 - 1), st.text())
def test_a_cursor_round_trips(number: int, text: str) -> None:
    assert paging.decode_cursor(paging.encode_cursor(number, text), int, str) == (number, text)


@given(st.text())
def test_any_other_text_is_refused_or_of_the_asked_types(text: str) -> None:
    try:
        key = paging.decode_cursor(text, int)
    except paging.InvalidCursor:
        return
    assert [type(part) for part in key] == [int]


@pytest.mark.parametrize("key", [(2**63,), ("text",), (1, 2), (True,)])
def test_a_key_of_another_shape_is_refused(key: tuple[int | str, ...]) -> None:
    with pytest.raises(paging.InvalidCursor):
        paging.decode_cursor(paging.encode_cursor(*key), int)


def test_a_full_page_names_its_last_row() -> None:
    page = paging.page_of([Row(3), Row(2), Row(1)], 2, "id", "name")

    assert [row.id for row in page.items] == [3, 2]
    assert paging.decode_cursor(page.next_cursor, int, str) == (2, "x")


def test_the_last_page_has_no_cursor() -> None:
    assert paging.page_of([Row(1)], 2, "id") == paging.Page([Row(1)], "")
