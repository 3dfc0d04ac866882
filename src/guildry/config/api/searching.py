"""Finding an operation, a shape or an event by words of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from guildry.config.api import events, reference

MOST = 40


@dataclass(frozen=True)
class Found:
    """Where something is described; `verb` is empty for shapes and events."""

    kind: str
    verb: str
    title: str
    text: str
    address: str
    words: str


def found(wanted: str) -> list[Found]:
    """Return what holds all of the words, those first that have them in their name."""
    words = wanted.lower().split()
    fitting = [entry for entry in _everything() if all(word in entry.words for word in words)]
    return sorted(fitting, key=lambda entry: not all(word in entry.title.lower() for word in words))[:MOST]


@cache
def _everything() -> tuple[Found, ...]:
    return (*_operations(), *_shapes(), *_events())


def _operations() -> Iterator[Found]:
    for group in reference.groups().values():
        page = reverse("api_group", args=(group.name,))
        for entry in group.operations:
            fields = " ".join(part.name for part in (*entry.parts, *entry.body))
            words = f"{entry.id} {entry.method} {entry.path} {entry.summary} {entry.text} {fields}".lower()
            yield Found("operation", entry.method, entry.path, entry.summary, f"{page}#{entry.id}", words)


def _shapes() -> Iterator[Found]:
    for group in reference.groups().values():
        page = reverse("api_group", args=(group.name,))
        for shape in group.shapes:
            fields = " ".join(part.name for part in shape.fields)
            words = f"{shape.name} {shape.text} {fields}".lower()
            yield Found(
                "shape",
                "",
                shape.name,
                shape.text or f"A shape of {group.name}",
                f"{page}#shape-{shape.name}",
                words,
            )


def _events() -> Iterator[Found]:
    page = reverse("api_events")
    for place in events.places():
        for event in place.events:
            words = f"{event.name} {place.path} {event.text} {' '.join(field[0] for field in event.fields)}".lower()
            yield Found("event", "", f"{place.path} {event.name}", event.text, f"{page}#{event.id}", words)
