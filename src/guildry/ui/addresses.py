"""Addresses of named pages, whose shape is worked out once."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


def url(name: str, **parts: Any) -> str:
    """Return the address of a named page; raises NoReverseMatch."""
    shape = _shape_of(name, tuple((key, type(value)) for key, value in parts.items()))
    values = tuple(map(str, parts.values()))
    if shape and all(map(_PLAIN.fullmatch, values)):
        return shape % values
    return reverse(name, kwargs=parts or None)


@lru_cache(maxsize=2_000)
def _shape_of(name: str, kinds: tuple[tuple[str, type], ...]) -> str:
    """Return an address with %s for each part, worked out once, or nothing where the parts are not that simple."""
    marks = [
        9_100_000_000 + place if kind is int else f"mark-{place}-mark"
        for place, (_, kind) in enumerate(kinds)
    ]
    try:
        address = reverse(
            name, kwargs={key: mark for (key, _), mark in zip(kinds, marks, strict=True)} or None
        )
    except NoReverseMatch:
        return ""
    places = [address.find(str(mark)) for mark in marks]
    if "%" in address or places != sorted(places):
        return ""
    for mark in marks:
        address = address.replace(str(mark), "%s")
    return address


def query_of(values: Mapping[str, Any]) -> str:
    """Return a query that says these values."""
    texts = [str(value) for value in values.values()]
    if all(map(_PLAIN.fullmatch, values)) and all(map(_PLAIN.fullmatch, texts)):
        return "&".join(map("=".join, zip(values, texts, strict=True)))
    return urlencode(values)


def page_of(name: str, **parts: Any) -> str:
    """Return the address of a page of an app above this floor, or nothing when that app is not part of this site."""
    try:
        return url(name, **parts)
    except NoReverseMatch:
        return ""
