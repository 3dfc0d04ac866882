"""Each law of the house catches the offence it was written for, and lets honest code pass."""

from pathlib import Path

import pytest

from tools import house

OFFENCES = {
    "file_names": ("people/network/helpers.py", '"""x."""\n'),
    "docstrings": ("people/network/rules.py", "x = 1\n"),
    "no_http_in_domain": ("people/network/actions.py", '"""x."""\nfrom django.http import HttpRequest\n'),
    "no_orm_at_edge": ("people/network/views.py", '"""x."""\nMember.objects.get(pk=1)\n'),
    "pure_rules": ("people/network/rules.py", '"""x."""\nfrom django.db import models\n'),
    "privacy": ("community/timeline/actions.py", '"""x."""\nfrom guildry.people.network.rules import x\n'),
    "one_clock": (
        "people/network/actions.py",
        '"""x."""\nfrom django.utils import timezone\ntimezone.now()\n',
    ),
    "one_environment": ("people/network/actions.py", '"""x."""\nimport os\nos.environ["A"]\n'),
    "caps": ("people/network/actions.py", '"""x."""\n' + "x = 1\n" * 401),
    "comments": ("people/network/actions.py", '"""x."""\n' + "# Because.\nx = 1\n" * 5),
    "actors_first": ("people/network/actions.py", '"""x."""\ndef follow(member, actor): ...\n'),
}


def offend(folder: Path, name: str) -> list[str]:
    path, text = OFFENCES[name]
    file = folder / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    module = house.Module.read(file, folder)
    return [violation.law for violation in getattr(house, name)(module)]


@pytest.mark.parametrize("law", [law.__name__ for law in house.LAWS])
def test_each_law_catches_its_offence(law: str, tmp_path: Path) -> None:
    assert len(offend(tmp_path, law)) == 1


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color:red">',
        '<a onclick="go()">',
        '<a hx-on:click="go()">',
        "<script>go()</script>",
        "<style>p{}</style>",
        '<script src="https://cdn.example/x.js">',
        "{{ text | safe }}",
        '<a href="#">Go</a>',
    ],
)
def test_markup_that_the_policy_would_block_is_refused(line: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(line)

    assert len(list(house.markup(page, house.MARKUP_LAWS))) == 1


@pytest.mark.parametrize(
    "line",
    ['<script src="/static/app.js" nonce="n">', '<a href="/people">', '<script type="application/ld+json">'],
)
def test_markup_that_the_policy_allows_passes(line: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(line)

    assert list(house.markup(page, house.MARKUP_LAWS)) == []


def test_physical_properties_and_raw_colours_are_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "x.css"
    sheet.write_text("a { margin-left: 1px; }\nb { color: #fff; }\nc { margin-inline-start: 1px; }\n")

    assert [violation.line for violation in house.markup(sheet, house.STYLE_LAWS)] == [1, 2]
