"""How the body of a call is read: JSON in UTF-8, every name once, nothing that cannot be stored."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from guildry.kernel import errors

DEEPEST = 32
_JSON = re.compile(r"application/(?:[\w.-]+\+)?json")
# Text that no database keeps: the null character, and halves of a pair that only make sense together.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """Reads bodies without guessing; whatever is ambiguous is refused before any operation sees it."""

    def parse_body(self, request: HttpRequest) -> Any:
        if not _JSON.fullmatch(request.content_type or ""):
            raise errors.WrongFormat
        return decode(request.body)


def decode(body: bytes) -> Any:
    """Return what the JSON says; raises Malformed, or Invalid naming the fields that hold what cannot be stored."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise errors.Malformed("The body is not UTF-8.") from error
    except RecursionError as error:
        raise errors.Malformed(f"The body is nested more than {DEEPEST} levels deep.") from error
    except ValueError as error:
        raise errors.Malformed(f"The body is not JSON: {str(error)[:200]}") from error
    if found := tuple(_unstorable(value)):
        raise errors.Invalid(errors=found)
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise errors.Malformed(f"The name {twice[:60]!r} occurs twice in one object.")
    return found


def _no_number(constant: str) -> Any:
    raise errors.Malformed(f"{constant} is not a number that JSON knows.")


def _unstorable(value: Any) -> Iterator[errors.FieldError]:
    waiting: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while waiting:
        current, path = waiting.pop()
        if len(path) > DEEPEST:
            raise errors.Malformed(f"The body is nested more than {DEEPEST} levels deep.")
        if isinstance(current, dict):
            yield from (_refused(path) for name in current if _UNSTORABLE.search(name))
            waiting += [(inner, (*path, name)) for name, inner in current.items()]
        elif isinstance(current, list):
            waiting += [(inner, (*path, str(place))) for place, inner in enumerate(current)]
        elif isinstance(current, str):
            if _UNSTORABLE.search(current):
                yield _refused(path)
        elif isinstance(current, float) and not math.isfinite(current):
            yield errors.FieldError(_name(path), "This number is too large.", "too_large")


def _refused(path: tuple[str, ...]) -> errors.FieldError:
    message = "This text holds characters that cannot be stored: a null, or half of a surrogate pair."
    return errors.FieldError(_name(path), message, "unstorable")


def _name(path: tuple[str, ...]) -> str:
    return ".".join(_UNSTORABLE.sub("?", step) for step in path)
