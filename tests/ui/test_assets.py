"""Vendored files, icons and the bundles served from memory."""

import base64
import gzip
import hashlib
import re
import tomllib

import pytest
from django.test import Client

from guildry.ui import icons, stylesheets, tokens

UI = tokens.FOLDER.parent
PARTS = tomllib.loads((UI / "vendor.toml").read_text(encoding="utf-8"))["part"]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part["file"])
def test_a_vendored_file_is_the_one_that_was_pinned(part: dict[str, str]) -> None:
    digest = hashlib.sha384((UI / part["file"]).read_bytes()).digest()

    assert base64.b64encode(digest).decode() == part["sha384"]


def test_everything_vendored_is_pinned() -> None:
    present = {f"static/vendor/{path.name}" for path in (UI / "static" / "vendor").iterdir()}

    assert present <= {part["file"] for part in PARTS}


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(icons.UnknownIcon):
        icons.draw("no-such-icon")


def test_an_icon_with_a_label_speaks_and_one_without_is_silent() -> None:
    assert 'role="img" aria-label="A &lt;b&gt;"' in icons.draw("globe", "A <b>")
    assert 'aria-hidden="true"' in icons.draw("globe")


def test_the_stylesheet_fits_its_budget_and_puts_layers_in_order() -> None:
    bundle = stylesheets.stylesheet()

    assert len(bundle.packed) <= 16 * 1024
    assert bundle.text.startswith(b"@layer reset,tokens,base,layout,components,features,utilities;")
    assert gzip.decompress(bundle.packed) == bundle.text


def test_the_core_script_with_htmx_fits_its_budget() -> None:
    htmx = sum(
        len(gzip.compress((UI / "static" / "vendor" / name).read_bytes(), 9))
        for name in ("htmx.min.js", "hx-csp.min.js")
    )

    assert htmx + len(stylesheets.script().packed) <= 18 * 1024


@pytest.mark.parametrize("name", sorted(stylesheets.islands() | set(stylesheets.CORE)))
def test_a_behaviour_is_small_and_declares_itself_once(name: str) -> None:
    source = (UI / "static" / "ui" / "js" / f"{name}.js").read_text(encoding="utf-8")

    assert source.count("\n") <= 100
    assert len(gzip.compress(source.encode(), 9)) <= 2048
    assert not re.search(r"\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(", source)


def test_the_stylesheet_is_served_packed_and_for_ever(client: Client) -> None:
    answer = client.get(stylesheets.stylesheet_url(), headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(answer.content) == stylesheets.stylesheet().text


def test_what_only_the_console_needs_is_served_apart_and_small(client: Client) -> None:
    answer = client.get(stylesheets.frame_stylesheet_url("console"), headers={"Accept-Encoding": "gzip"})

    assert b".console-nav" in gzip.decompress(answer.content)
    assert b".console-nav" not in stylesheets.stylesheet().text
    assert len(answer.content) <= 8 * 1024
    assert client.get("/ui/no-such-frame/style-abc.css").status_code == 404


def test_a_behaviour_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/ui/script-abc/no-such-island.js").status_code == 404


def test_shrinking_keeps_every_rule() -> None:
    css = "/* a */ .a { color: red; }\n.b :hover , .c { margin: calc(1px + 2px); }\n"

    assert stylesheets.smaller(css).strip() == ".a{color:red}.b :hover ,.c{margin:calc(1px + 2px)}"
