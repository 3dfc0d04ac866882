"""The command palette: pages of the registry and whatever the apps find for a few words."""

from dataclasses import dataclass
from typing import Any

from guildry.kernel.points import PALETTE_SOURCES, PaletteItem
from guildry.ui import menus

LIMIT = 6
LONGEST = 80


@dataclass(frozen=True)
class Group:
    label: str
    items: list[PaletteItem]


def find(viewer: Any, text: str) -> list[Group]:
    """Return what the viewer may open for these words; without words, the pages of the site."""
    text = " ".join(text[:LONGEST].split())
    groups = [Group("Pages", _pages(viewer, text))]
    if text:
        sources = sorted(PALETTE_SOURCES, key=lambda source: source.order)
        groups += [Group(source.label, source.search(viewer, text, LIMIT)) for source in sources]
    return [group for group in groups if group.items]


def _pages(viewer: Any, text: str) -> list[PaletteItem]:
    words = text.casefold().split()
    modules = [module for module in menus.visible_modules(viewer) if _matches(module, words)]
    return [
        PaletteItem(module.label, menus.address_of(module.url_name), module.description, module.icon)
        for module in modules[: LIMIT if words else 2 * LIMIT]
    ]


def _matches(module: Any, words: list[str]) -> bool:
    known = " ".join((module.label, module.description, module.group, *module.keywords)).casefold()
    return all(word in known for word in words)
