"""Markdown becomes safe HTML whatever members write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.kernel import text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '<a href="https://x" onclick="alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    '<iframe src="https://x"></iframe>',
    "![x](https://tracker.example/pixel.png)",
    "<style>*{display:none}</style>",
    "[x](vbscript:msgbox(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markup_is_disarmed(source: str) -> None:
    html = text.to_html(source)

    for danger in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<style",
        'href="javascript',
        'href="data',
        'href="vbscript',
    ):
        assert danger not in html.lower()
    assert "onclick=" not in html.replace("&quot;", "").split("<a ")[-1].split(">")[0]


@given(st.text(max_size=400))
def test_no_text_makes_an_executable_tag(source: str) -> None:
    assert "<script" not in text.to_html(text.clean(source)).lower()


def test_links_are_recognised_and_marked() -> None:
    html = text.to_html("See https://example.org/a now")

    assert 'href="https://example.org/a"' in html
    assert 'rel="nofollow ugc noopener"' in html


def test_headings_stay_below_the_page_title() -> None:
    assert text.to_html("# Loud") == "<h4>Loud</h4>\n"


def test_deceiving_characters_are_removed() -> None:
    assert text.clean("ab\u202ecd\u200b\r\nef\x00") == "abcd\nef"


def test_mentions_are_found_once_each_and_not_in_addresses() -> None:
    assert text.mentions_in("Hi @Ada and @ben, @ada! mail x@example.org @@no") == ["ada", "ben"]


def test_hashtags_are_folded_and_numbers_are_not_tags() -> None:
    assert text.hashtags_in("#Brand #brand #2026 #Ökologie a#no https://x/#frag &#39;") == [
        "brand",
        "ökologie",
    ]
