"""The module registry as menus: what one viewer sees in bar, mega menu, rail, tabs, create and account."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from django.urls import reverse

from guildry.kernel import permissions
from guildry.kernel.points import MODULES, Module

TABS = 3
CONSOLE_GROUPS = ("Operate", "Configure", "Secure", "Help")
# The letter after g that goes to a module (experience.md, keyboard shortcuts).
GO = {
    "timeline": "t", "work": "w", "messages": "m", "notifications": "n", "explore": "e", "people": "p",
    "organisations": "o", "network": "k",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One module as a link; `is_current` says that the page shown belongs to it, `is_around` that it is further in."""

    module: Module
    url: str
    is_current: bool = False
    line: str = ""
    is_around: bool = False

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


@dataclass(frozen=True)
class Standing:
    """All that menus depend on of a member."""

    active_hat: str
    staff_roles: frozenset[permissions.StaffRole]


def navigation_for(viewer: Any, path: str) -> "Navigation":
    """Return the menus of a page: the same object for everybody of the same standing on pages of the same module."""
    return _navigation_at(Standing(viewer.active_hat, viewer.staff_roles) if viewer else None, path)


@lru_cache(maxsize=2_000)
def _navigation_at(standing: Standing | None, path: str) -> "Navigation":
    found = [start for start in _addresses(standing) if path.startswith(start)]
    return _navigation(standing, max(found, key=len, default=""))


@lru_cache(maxsize=1_000)
def _addresses(standing: Standing | None) -> list[str]:
    return [address_of(module.url_name) for module in visible_modules(standing)]


@lru_cache(maxsize=1_000)
def _navigation(standing: Standing | None, start: str) -> "Navigation":
    return Navigation(standing, start)


class Navigation:
    """All menus of the pages below one module's address, each worked out when a page first asks for it."""

    def __init__(self, viewer: Standing | None, start: str) -> None:
        self.viewer, self.start = viewer, start

    @cached_property
    def entries(self) -> list[Entry]:
        addresses = [(module, address_of(module.url_name)) for module in visible_modules(self.viewer)]
        return [
            Entry(module, address, address == self.start, is_around=_is_around(address, self.start))
            for module, address in addresses
        ]

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
    def console(self) -> list[Section]:
        sections = _sections(self.placed("console"), whole=True)
        return sorted(sections, key=lambda section: CONSOLE_GROUPS.index(section.title))

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


def _is_around(address: str, start: str) -> bool:
    return address not in ("/", start) and start.startswith(address)


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
