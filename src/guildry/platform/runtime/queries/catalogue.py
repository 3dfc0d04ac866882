"""The keys as people look through them: by section, by words, and only what is not as delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from guildry.kernel.configuration import Layer, Setting, render
from guildry.platform.runtime.queries.layers import Explanation, explain_all


@dataclass(frozen=True)
class Section:
    """Keys that belong together."""

    key: str
    lines: tuple[Explanation, ...]

    @property
    def label(self) -> str:
        return self.key.replace("-", " ").capitalize()


def catalogue(text: str = "", *, section: str = "", only_changed: bool = False) -> list[Section]:
    """Return the sections with the keys that hold every word, in the order of their names."""
    words = text.lower().split()
    grouped: dict[str, list[Explanation]] = {}
    for line in explain_all():
        is_wanted = not section or line.setting.section == section
        is_changed = line.origin.layer != Layer.DEFAULT
        if is_wanted and (is_changed or not only_changed) and _holds(line.setting, words):
            grouped.setdefault(line.setting.section, []).append(line)
    return [Section(key, tuple(lines)) for key, lines in grouped.items()]


def shown_value(line: Explanation) -> str:
    """Return the value in force as people read it; of a secret only whether there is one."""
    setting = line.setting
    if setting.secret:
        return "Given" if len(line.layers) > 1 or setting.kept else "Not given"
    if line.value is None:
        return "Not set"
    return shown_text(setting, render(setting, line.value))


def shown_text(setting: Setting, text: str | None) -> str:
    """Return a stored text as people read it."""
    if text is None:
        return "Not stored"
    if setting.kind is bool:
        return "On" if text in ("1", "true") else "Off"
    if setting.kind is int and setting.unit and text.isdecimal():
        text = f"{int(text):,}"
    return f"{text} {setting.unit}".strip() if text else "Empty"


def people_by_id(ids: Iterable[int | None]) -> dict[int, Any]:
    """Return whoever changed something, by id."""
    wanted = {pk for pk in ids if pk is not None}
    return get_user_model()._default_manager.in_bulk(wanted) if wanted else {}


def _holds(setting: Setting, words: list[str]) -> bool:
    hay = " ".join((setting.key, setting.label, setting.doc, setting.variable, *setting.keywords)).lower()
    return all(word in hay for word in words)
