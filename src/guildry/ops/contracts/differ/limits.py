"""Limits on values: which of two is the tighter one, and what that means to those who send or read."""

from collections.abc import Iterator, Mapping
from typing import Any

from guildry.ops.contracts.differ.catalogue import Finding, found

WIDEST = 2**53 - 1
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_FIXED = ("pattern", "multipleOf", "uniqueItems")


def limits(old: Mapping[str, Any], new: Mapping[str, Any], *, is_sent: bool, place: str) -> Iterator[Finding]:
    """Yield every difference of limits and formats."""
    for word in (*_UPPER, *_LOWER, *_FIXED):
        before, after = old.get(word), new.get(word)
        if before != after:
            said = f"{word} {_said(before)} became {_said(after)}"
            yield _judged(_is_tighter(word, before, after), is_sent, place, said)
    yield from _format(old, new, is_sent, place)
    if not is_sent and _is_safe_number(old) and not _is_safe_number(new):
        yield found("P11", place, "may be larger than a float keeps exactly")


def _judged(is_tighter: bool, is_sent: bool, place: str, said: str) -> Finding:
    if is_sent:
        return found("R07" if is_tighter else "A03", place, said)
    return found("A06" if is_tighter else "P13", place, said)


def _is_tighter(word: str, before: Any, after: Any) -> bool:
    """Tell whether values that fitted before may not fit any more; a changed pattern counts as tighter."""
    if after is None or after is False:
        return False
    if before is None or before is False or word in _FIXED:
        return True
    return bool(after < before if word in _UPPER else after > before)


def _format(old: Mapping[str, Any], new: Mapping[str, Any], is_sent: bool, place: str) -> Iterator[Finding]:
    before, after = old.get("format"), new.get("format")
    if before == after:
        return
    said = f"format {_said(before)} became {_said(after)}"
    if is_sent:
        yield found("A03" if after is None else "R07", place, said)
    else:
        yield found("A06" if before is None else "P03", place, said)


def _is_safe_number(shape: Mapping[str, Any]) -> bool:
    most = shape.get("maximum", shape.get("exclusiveMaximum"))
    return shape.get("type") == "integer" and isinstance(most, int | float) and most <= WIDEST + 1


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)
