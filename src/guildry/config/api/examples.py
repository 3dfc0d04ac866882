"""Examples for the API's document: one plausible value for every field, chosen by its name, then by its shape."""

from typing import Any

_BY_NAME: dict[str, Any] = {
    "handle": "ada_nwosu", "name": "Ada Nwosu", "email": "ada@example.org", "headline": "Bridges, and the people who cross them",
    "place": "Lisbon", "portrait": "0198c2a46d1e7c3b9f582f4c5f1e8a77", "mark": "0198c2a46d1e7c3b9f582f4c5f1e8a77",
    "key": "0198c2a46d1e7c3b9f582f4c5f1e8a77", "time_zone": "Europe/Lisbon", "locale": "en-gb", "next_cursor": "WzQyXQ",
    "body": "The footbridge is **open**. Thank you, @ben! #bridges", "html": "<p>The footbridge is <strong>open</strong>.</p>",
    "note": "We met at the spring gathering.", "story": "I design small bridges that villages can maintain themselves.",
    "tagline": "Bridges by and for villages", "title": "Footbridge over the Alva", "description": "Timber, 24 metres, built in nine days.",
    "text": "Ben accepted your request.", "question": "Which evening?", "device": "Firefox on Linux", "address": "203.0.113.0/24",
    "url": "https://example.org/footbridge", "website": "https://example.org", "reference": "https://example.org/awards/7",
    "website_url": "https://example.org", "file_url": "/files/0198c2a46d1e7c3b9f582f4c5f1e8a77/bridge.webp?e=20781&s=…",
    "image": "/files/0198c2a46d1e7c3b9f582f4c5f1e8a77/preview.webp?e=20781&s=…", "site": "example.org", "use": "timeline.image",
    "small": "/files/0198c2a46d1e7c3b9f582f4c5f1e8a77/image.webp?w=640&e=20781&s=…",
    "large": "/files/0198c2a46d1e7c3b9f582f4c5f1e8a77/image.webp?w=1280&e=20781&s=…",
    "media_type": "image/webp", "file_name": "bridge.webp", "alt": "A timber footbridge at dusk", "prefix": "gld_7Kq2Xw",
    "secret": "gld_7Kq2XwExampleOnlyDoNotUse", "currency": "EUR", "minor": 45000, "role": "member", "label": "Portfolio",
    "organisation_name": "Tide Collective", "awarded_by": "Chamber of Engineers", "code": "pt", "to": "ben", "names": ["Structural design"],
    "hashtags": ["bridges"], "scopes": ["timeline.read", "timeline.write"], "reason": "Written by somebody you follow",
    "byte_size": 48213, "width": 1600, "height": 900, "depth": 0, "version": 1, "hours_per_week": 20, "founded": 2019,
    "people_count": 12, "days": 30, "post_count": 7, "percent": 64, "vote_count": 16, "unread": 3, "count": 4, "ended": 2,
    "kind": "timeline.comment", "availability": "open", "skills": ["Structural design"],
}  # fmt: skip
_BY_FORMAT = {
    "date-time": "2026-11-24T09:30:00Z",
    "date": "2026-11-24",
    "time": "22:00:00",
    "binary": "(the file)",
}


def example_of(shape: dict[str, Any], shapes: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """Return a value that fits a JSON schema, for reading rather than for testing."""
    shape = _resolved(shape, shapes)
    if "const" in shape:
        return shape["const"]
    if shape.get("enum"):
        return shape["enum"][0]
    kind = shape.get("type")
    if kind == "object":
        return _object(shape, shapes, depth)
    holds = _resolved(shape["items"], shapes).get("type") if kind == "array" else "string"
    if name in _BY_NAME and holds == "string" and _fits(_BY_NAME[name], kind):
        return _BY_NAME[name]
    if kind == "array":
        return [] if depth > 4 else _items(shape, shapes, name, depth)
    return _plain(shape)


def _resolved(shape: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and choose the first alternative that is something."""
    while True:
        if "$ref" in shape:
            shape = shapes[shape["$ref"].rpartition("/")[2]]
        elif choices := shape.get("anyOf") or shape.get("oneOf") or shape.get("allOf"):
            shape = next((c for c in choices if c.get("type") != "null"), choices[0])
        else:
            return shape


def _object(shape: dict[str, Any], shapes: dict[str, Any], depth: int) -> dict[str, Any]:
    if depth > 4:
        return {}
    named = {
        name: _nested(inner, shapes, name, depth + 1) for name, inner in shape.get("properties", {}).items()
    }
    free = shape.get("additionalProperties")
    if not named and isinstance(free, dict):
        return {"timeline.comment": example_of(free, shapes, "", depth + 1)}
    return named


def _nested(shape: dict[str, Any], shapes: dict[str, Any], name: str, depth: int) -> Any:
    may_be_null = any(choice.get("type") == "null" for choice in shape.get("anyOf", ()))
    if may_be_null and (name in _ABSENT or depth > 2):
        return None
    return example_of(shape, shapes, name, depth)


# Shown as nothing, because a reader meets them far more often that way.
_ABSENT = frozenset({"original", "edited_at", "parent_id", "organisation", "organisation_id", "ended_on", "may_ask_from", "expires_on",
                     "paused_until", "poll", "preview", "founded", "scheduled_for", "available_on"})  # fmt: skip


def _items(shape: dict[str, Any], shapes: dict[str, Any], name: str, depth: int) -> list[Any]:
    one = example_of(shape.get("items", {}), shapes, name.removesuffix("s"), depth + 1)
    wanted = max(1, shape.get("minItems", 1))
    return [one, *([_other(one, place) for place in range(1, wanted)])]


def _other(value: Any, place: int) -> Any:
    return f"{value} {place + 1}" if isinstance(value, str) else value


def _fits(value: Any, kind: Any) -> bool:
    return {"string": str, "integer": int, "array": list}.get(str(kind)) is type(value)


def _plain(shape: dict[str, Any]) -> Any:
    kind = shape.get("type")
    if kind == "string":
        return _BY_FORMAT.get(shape.get("format", ""), shape.get("default") or "text")
    if kind == "integer":
        return shape.get("default") or max(int(shape.get("minimum", 1)), 1)
    return {"boolean": shape.get("default", True), "null": None}.get(str(kind))
