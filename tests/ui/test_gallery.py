"""The gallery shows every component."""

import re

from django.test import Client

from guildry.ui import tokens

TEMPLATES = tokens.FOLDER.parent / "templates"
# Parts of frames, seen on every page.
FRAMES = {"logo", "art", "mega_link", "csrf"}


def components() -> set[str]:
    source = (TEMPLATES / "components.html").read_text(encoding="utf-8")
    names = re.findall(r"{%-? macro ([a-z]\w*)", source) + re.findall(r"{% set (\w+) = \w+ %}", source)
    return set(names) - FRAMES - {"f"}


def test_every_component_has_a_specimen() -> None:
    gallery = (TEMPLATES / "ui" / "gallery.html").read_text(encoding="utf-8")

    shown = set(re.findall(r"\bui\.(\w+)", gallery))

    assert components() - shown == set()


def test_the_gallery_renders(client: Client) -> None:
    answer = client.get("/ui/")

    assert answer.status_code == 200
    assert b"There is a problem" in answer.content
