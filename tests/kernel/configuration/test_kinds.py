"""Texts become values by the kind of their key, and a wrong one says what to write instead."""

from datetime import timedelta
from typing import Any

import pytest

from guildry.kernel.configuration import Code, Wrong, kinds, parse, render
from tests.kernel.configuration.test_declaration import make_setting, make_text

DURATION = {
    "kind": timedelta,
    "unit": "",
    "default": timedelta(seconds=2),
    "minimum": timedelta(milliseconds=200),
    "maximum": timedelta(seconds=30),
}


@pytest.mark.parametrize(
    ("changes", "text", "value"),
    [
        ({}, " 12 ", 12),
        ({"kind": float, "default": 1.0}, "2.5", 2.5),
        ({"kind": bool, "default": False, "unit": "", "minimum": None, "maximum": None}, "1", True),
        ({"kind": bool, "default": True, "unit": "", "minimum": None, "maximum": None}, "0", False),
        (DURATION, "1500ms", timedelta(seconds=1.5)),
        (DURATION, "2s", timedelta(seconds=2)),
    ],
)
def test_a_text_becomes_a_value_and_the_same_text_again(
    changes: dict[str, Any], text: str, value: object
) -> None:
    setting = make_setting(**changes)

    assert parse(setting, text) == value
    assert render(setting, value) == text.strip()


def test_a_list_has_commas_between() -> None:
    setting = make_text(kind=tuple, default=())

    assert parse(setting, "a, b,,c") == ("a", "b", "c")
    assert render(setting, ("a", "b")) == "a,b"
    assert kinds.plain(setting, ("a",)) == ["a"]


@pytest.mark.parametrize(
    ("changes", "text", "code"),
    [
        ({}, "ten", Code.TYPE),
        ({}, "1_0", Code.TYPE),
        ({}, "9" * 19, Code.TYPE),
        ({}, "0", Code.RANGE),
        ({}, "601", Code.RANGE),
        ({"kind": float, "default": 1.0}, "1e3", Code.TYPE),
        ({"kind": bool, "default": True, "unit": "", "minimum": None, "maximum": None}, "yes", Code.TYPE),
        (DURATION, "2", Code.NO_UNIT),
        (DURATION, "2 weeks", Code.TYPE),
        (DURATION, "1m", Code.RANGE),
    ],
)
def test_a_wrong_number_is_refused_by_code(changes: dict[str, Any], text: str, code: str) -> None:
    with pytest.raises(Wrong) as refusal:
        parse(make_setting(**changes), text)

    assert refusal.value.code == code
    assert refusal.value.fix


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("url", "https://a.example/b", "nothing"),
        ("url", "mysql://u:p@h:3306/n", "https://["),
        ("origin", "https://guild.example", "https://guild.example/forum"),
        ("origin", "http://localhost:8000/", "ftp://guild.example"),
        ("origin", "https://[::1]:8000", "https://guild.example:port"),
        ("host", "guild.example", "guild example"),
        ("host", "[::1]", "-guild.example"),
        ("email", "a@b.example", "a at b"),
        ("email", "The Guild <a@b.example>", "The Guild <a>"),
        ("endpoint", "localhost:3310", "localhost"),
        ("endpoint", "127.0.0.1:1", "localhost:70000"),
        ("path", "/var/lib", "a\0b"),
    ],
)
def test_a_form_tells_right_from_wrong(form: str, right: str, wrong: str) -> None:
    setting = make_text(form=form)

    assert parse(setting, right) == right
    with pytest.raises(Wrong) as refusal:
        parse(setting, wrong)
    assert refusal.value.code == Code.FORM


def test_every_text_of_a_list_is_looked_at() -> None:
    setting = make_text(kind=tuple, default=(), choices=("a", "b"))

    with pytest.raises(Wrong) as refusal:
        parse(setting, "a,c")

    assert refusal.value.code == Code.CHOICE
    assert "'c'" in str(refusal.value)
    assert refusal.value.fix == "choose a, b"


def test_a_pattern_holds_for_the_whole_text() -> None:
    setting = make_text(pattern="[a-z]+")

    assert parse(setting, "abc") == "abc"
    with pytest.raises(Wrong, match=r"must match \[a-z\]\+"):
        parse(setting, "abc1")


def test_a_check_has_the_last_word() -> None:
    setting = make_setting(check=lambda value: "is odd." if value % 2 else "")

    assert parse(setting, "2") == 2
    with pytest.raises(Wrong, match="is odd"):
        parse(setting, "3")


def test_the_text_of_a_secret_is_never_repeated() -> None:
    setting = make_text(secret=True, scope="boot", pattern="[a-f]+")

    with pytest.raises(Wrong) as refusal:
        parse(setting, "hunter2")

    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(days=30), "30d"),
        (timedelta(hours=36), "36h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(milliseconds=250), "250ms"),
        (timedelta(0), "0d"),
    ],
)
def test_a_duration_is_written_with_its_largest_whole_unit(value: timedelta, text: str) -> None:
    assert kinds.duration_text(value) == text
    assert kinds.plain(make_setting(**DURATION), value) == text
