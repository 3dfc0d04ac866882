"""The glossary holds: a term it tells us to avoid appears nowhere a reader would meet it."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools import steps

GLOSSARY = steps.ROOT / "docs" / "glossary.md"
TAG = re.compile(r"\{[%#{].*?[%#}]\}|<[^>]*>|`[^`]*`", re.DOTALL)


def avoided(glossary: str) -> dict[str, str]:
    """Return each word to avoid and the term to use, from the glossary's table."""
    words: dict[str, str] = {}
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("**"):
            for word in filter(None, (part.strip().lower() for part in cells[2].split(","))):
                words[word] = cells[0].strip("*")
    return words


def misused(text: str, words: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield line, word and the term to use instead, outside markup and code."""
    plain = TAG.sub(lambda match: "\n" * match.group().count("\n"), text)
    for number, line in enumerate(plain.splitlines(), 1):
        for word, term in words.items():
            if re.search(rf"\b{re.escape(word)}s?\b", line, re.IGNORECASE):
                yield number, word, term


def readable() -> Iterator[Path]:
    yield from sorted((steps.ROOT / "src").rglob("templates/**/*.html"))
    yield from (
        steps.ROOT / name
        for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
        if (steps.ROOT / name).exists()
    )


def main(arguments: list[str]) -> int:
    """Print every word the glossary avoids; exit with 1 when there is one."""
    words = avoided(GLOSSARY.read_text())
    found = [(path, *rest) for path in readable() for rest in misused(path.read_text(), words)]
    for path, line, word, term in found:
        print(f"{path.relative_to(steps.ROOT)}:{line}: say {term!r}, not {word!r}")
    print(f"{len(found)} words to mend" if found else "The words hold.")
    return 1 if found else 0


if __name__ == "__main__":
    steps.main(main)
