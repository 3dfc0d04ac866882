"""Parts drawn once and filled in: the same markup as drawing them each time, and just as safe."""

from typing import Any

import pytest
from django.template import engines
from markupsafe import Markup

from guildry.ui.stencils import fill

MACRO = """
{% macro row(is_bold, name, number) -%}
{% if is_bold %}<b title="100%">{{ name }}</b>{% else %}{{ name }}{% endif %} {{ number }} {{ name }}
{%- endmacro %}
"""


@pytest.fixture
def row() -> Any:
    return engines["jinja2"].env.from_string(MACRO).module.row


def test_filling_in_gives_what_drawing_gives(row: Any) -> None:
    assert fill(row, (True,), ("Ada", 7)) == row(True, "Ada", 7)
    assert fill(row, (False,), ("Ben", 8)) == row(False, "Ben", 8)


def test_words_are_escaped_each_time(row: Any) -> None:
    filled = fill(row, (True,), ("<script>", 1))

    assert fill(row, (True,), ("Ada & co", 2)) == '<b title="100%">Ada &amp; co</b> 2 Ada &amp; co'
    assert "<script>" not in filled
    assert isinstance(filled, Markup)


def test_markup_is_taken_as_it_is_and_signs_of_a_form_mean_nothing(row: Any) -> None:
    assert fill(row, (False,), (Markup("<i>%s</i>"), 3)) == "<i>%s</i> 3 <i>%s</i>"
    assert fill(row, (False,), ("%s \x000\x00", 4)) == "%s \x000\x00 4 %s \x000\x00"


def test_words_of_any_kind_are_escaped(row: Any) -> None:
    class Name(str):
        """What a library may hand over in place of plain text."""

    assert fill(row, (False,), (Name("<i>"), 5)) == "&lt;i&gt; 5 &lt;i&gt;"


def test_pages_escape_what_they_print_whatever_its_kind() -> None:
    page = engines["jinja2"].env.from_string("{{ text }}|{{ number }}|{{ made }}|{{ nothing }}|{{ items }}")

    shown = page.render(text="<a>", number=5, made=Markup("<b>"), nothing=None, items=["<c>"])

    assert shown == "&lt;a&gt;|5|<b>|None|[&#39;&lt;c&gt;&#39;]"
