"""The module registry as menus: what one viewer sees in bar, mega menu, rail, tabs, create and account."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.urls import reverse

from guildry.kernel import permissions
from guildry.kernel.points import MODULES, Module

TABS = 3
# The letter after g that goes to a module (experience.md, keyboard shortcuts).
GO = {
    "timeline": "t", "work": "w", "messages": "m", "notifications": "n", "explore": "e", "people": "p",
    "organisations": "o", "network": "k",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One module as a link; `is_current` says that the page shown belongs to it."""

    module: Module
    url: str
    is_current: bool = False
    line: str = ""

    @property
    def key(self) -> str:
        return self.module.key

    @property
    def label(self) -> str:
        return self.module.label

    @property
    def icon(self) -> str:
        return self.module.icon

    @property
    def description(self) -> str:
        return self.line or self.module.description

    @property
    def has_badge(self) -> bool:
        return self.module.badge is not None

    @property
    def slug(self) -> str:
        """The key as part of an id or an event name."""
        return self.module.key.replace(".", "-")

    @property
    def go(self) -> str:
        return GO.get(self.module.key, "")


@dataclass(frozen=True)
class Section:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Menu:
    """A heading of the bar and all it opens."""

    label: str
    sections: tuple[Section, ...]

    @property
    def key(self) -> str:
        return self.label.lower().replace(" ", "-")

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]

    @property
    def icon(self) -> str:
        return self.entries[0].icon

    @property
    def is_current(self) -> bool:
        return any(entry.is_current for entry in self.entries)

    @property
    def is_lively(self) -> bool:
        return any(entry.module.live or entry.module.badge for entry in self.entries)


@cache
def address_of(url_name: str) -> str:
    return reverse(url_name)


def may_see(module: Module, viewer: Any) -> bool:
    """Tell whether a module belongs in this viewer's menus; its own pages decide again who may enter."""
    if viewer is None:
        return module.public
    if module.hats and viewer.active_hat and viewer.active_hat not in module.hats:
        return False
    return not module.permission or permissions.has(viewer, module.permission)


def visible_modules(viewer: Any) -> list[Module]:
    """Return what this viewer sees, in the order of the registry."""
    return sorted((module for module in MODULES if may_see(module, viewer)), key=lambda m: (m.order, m.label))


class Navigation:
    """All menus of one page, each worked out when the page asks for it."""

    def __init__(self, viewer: Any, path: str) -> None:
        self.viewer, self.path = viewer, path

    @cached_property
    def entries(self) -> list[Entry]:
        modules = visible_modules(self.viewer)
        current = self._current(modules)
        return [Entry(module, address_of(module.url_name), module is current) for module in modules]

    def _current(self, modules: Iterable[Module]) -> Module | None:
        """Return the module whose address is the longest beginning of the page's."""
        found = [module for module in modules if self.path.startswith(address_of(module.url_name))]
        return max(found, key=lambda module: len(address_of(module.url_name)), default=None)

    @cached_property
    def current(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.is_current), None)

    def placed(self, place: str) -> list[Entry]:
        return [entry for entry in self.entries if place in entry.module.placement]

    @cached_property
    def alerts(self) -> list[Entry]:
        """Entries of the bar that count something: they become icons with a number."""
        return [entry for entry in self.placed("bar") if entry.has_badge] if self.viewer else []

    @cached_property
    def bar(self) -> list[Entry | Menu]:
        """Return the headings of the bar: a link where a group has one entry, else a menu of the whole group."""
        flagged = [entry for entry in self.placed("bar") if entry not in self.alerts]
        names = list(dict.fromkeys(_heading(entry) for entry in flagged))
        return [self._heading_of(name, [e for e in flagged if _heading(e) == name]) for name in names]

    def _heading_of(self, name: str, flagged: list[Entry]) -> Entry | Menu:
        places = {"bar", "rail"}
        members = [e for e in self.entries if _heading(e) == name and places & e.module.placement]
        members = [entry for entry in members if entry not in self.alerts]
        return flagged[0] if len(members) < 3 and len(flagged) == 1 else Menu(name, _sections(members))

    @cached_property
    def menus(self) -> list[Menu]:
        return [heading for heading in self.bar if isinstance(heading, Menu)]

    @cached_property
    def rail(self) -> list[Section]:
        return list(_sections(self.placed("rail"), whole=True))

    @cached_property
    def create(self) -> list[Entry]:
        return self.placed("create") if self.viewer else []

    @cached_property
    def account(self) -> list[Entry]:
        return self.placed("account") if self.viewer else []

    @cached_property
    def tabs(self) -> list[Entry]:
        return self.placed("tabs")[:TABS]

    @cached_property
    def footer(self) -> list[Section]:
        return list(_sections([entry for entry in self.entries if entry.module.public], whole=True))


def _heading(entry: Entry) -> str:
    """A group named "Work / Money" stands under the heading Work, in a section Money."""
    return entry.module.group.partition("/")[0].strip()


def _sections(entries: Iterable[Entry], *, whole: bool = False) -> tuple[Section, ...]:
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        heading, _, rest = entry.module.group.partition("/")
        grouped.setdefault((heading if whole else rest).strip(), []).append(entry)
    return tuple(Section(title, tuple(members)) for title, members in grouped.items())


def badge_of(module: Module, viewer: Any) -> int:
    """Return the number beside a module; 0 means none."""
    return module.badge(viewer) if module.badge and may_see(module, viewer) else 0


def with_live_lines(menu: Menu, viewer: Any) -> Menu:
    """Return the menu with the line of context each of its modules has to say to this viewer."""
    sections = tuple(
        Section(section.title, tuple(_lively(entry, viewer) for entry in section.entries))
        for section in menu.sections
    )
    return Menu(menu.label, sections)


def _lively(entry: Entry, viewer: Any) -> Entry:
    line = entry.module.live(viewer) if entry.module.live else ""
    return Entry(entry.module, entry.url, entry.is_current, line)
