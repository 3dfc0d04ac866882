"""Which words of a member are looked for once they are erased."""

from collections.abc import Iterable

SHORTEST = 12
LONGEST = 120
MOST = 40


def chosen(words: Iterable[tuple[str, str]], addresses: Iterable[str]) -> list[str]:
    """Return what to look for: every address, and the longest words of each column that are long enough to be theirs.

    `words` are pairs of a column and what stands in it; the first line of a text stands for the whole.
    """
    longest: dict[str, str] = {}
    for column, text in words:
        line = max(text.splitlines() or [""], key=len).strip()[:LONGEST]
        if len(line) >= SHORTEST and len(line) > len(longest.get(column, "")):
            longest[column] = line
    kept = sorted(longest.values(), key=len, reverse=True)[:MOST]
    return [*sorted(set(addresses)), *dict.fromkeys(kept)]
