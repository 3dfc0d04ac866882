"""A small check of Dart that no compiler sees here: brackets, texts, and names that are declared."""

import re
from collections import Counter
from collections.abc import Iterator

KNOWN = frozenset(
    [
        "String",
        "int",
        "double",
        "bool",
        "num",
        "Object",
        "Null",
        "Never",
        "List",
        "Map",
        "Set",
        "Future",
        "Uri",
        "DateTime",
        "Exception",
        "Iterable",
        "TypeAdapter",
        "BinaryReader",
        "BinaryWriter",
        "Hive",
    ]
)
_TEXT = re.compile(r"'(?:\\.|[^'\\\n])*'")
_COMMENT = re.compile(r"//[^\n]*")
_DECLARED = re.compile(r"\b(?:class|enum)\s+([A-Z]\w*)")
_NAMED = re.compile(r"(?<![\w.$])([A-Z]\w*)")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def flaws_of_dart(source: str) -> list[str]:
    """Return what is certainly wrong with a file; a file without flaws may still not compile."""
    bare = _COMMENT.sub("", _TEXT.sub(_kept_holes, source))
    declared = _DECLARED.findall(bare)
    twice = [name for name, times in Counter(declared).items() if times > 1]
    unknown = sorted(set(_NAMED.findall(bare)) - set(declared) - KNOWN)
    return [
        *(
            f"line {number}: a text has no end"
            for number, line in enumerate(bare.splitlines(), 1)
            if "'" in line
        ),
        *_brackets(bare),
        *(f"{name} is declared twice" for name in twice),
        *(f"{name} is not declared" for name in unknown),
    ]


def _kept_holes(text: re.Match[str]) -> str:
    return " " * len(text.group())


def _brackets(source: str) -> Iterator[str]:
    open_ones: list[tuple[str, int]] = []
    for number, line in enumerate(source.splitlines(), 1):
        for sign in line:
            if sign in "([{":
                open_ones.append((sign, number))
            elif sign in _PAIRS and (not open_ones or open_ones.pop()[0] != _PAIRS[sign]):
                yield f"line {number}: {sign} closes nothing"
                return
    yield from (f"line {number}: {sign} is never closed" for sign, number in open_ones)
