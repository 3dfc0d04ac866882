"""Icons: one sprite of the Lucide symbols in use, drawn with currentColor."""

import re
import sys
from functools import cache
from pathlib import Path

from django.templatetags.static import static
from markupsafe import Markup, escape

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"')


class UnknownIcon(LookupError):
    """The sprite holds no symbol of that name; `python -m guildry.ui.icons FOLDER NAME` adds one."""


@cache
def names() -> frozenset[str]:
    return frozenset(_SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


@cache
def draw(name: str, label: str = "") -> Markup:
    """Return the icon as markup, hidden from screen readers unless it has a label; raises UnknownIcon."""
    if name not in names():
        raise UnknownIcon(name)
    meaning = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="i" {meaning}><use href="{static("ui/icons.svg")}#{name}"/></svg>')


def _symbol(folder: Path, name: str) -> str:
    source = (folder / f"{name}.svg").read_text(encoding="utf-8")
    body = re.search(r">\s*(<(?:path|circle|rect|line|poly|ellipse).*)</svg>", source, re.DOTALL)
    if body is None:
        raise UnknownIcon(name)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body[1].split())}</symbol>'


def main(arguments: list[str]) -> int:
    """Add symbols to the sprite from a folder of Lucide files: FOLDER NAME..."""
    folder, *wanted = arguments
    found = re.findall(r"<symbol.*?</symbol>", SPRITE.read_text(encoding="utf-8")) if SPRITE.exists() else []
    symbols = {_SYMBOL.findall(symbol)[0]: symbol for symbol in found}
    symbols |= {name: _symbol(Path(folder), name) for name in wanted}
    body = "\n".join(symbols[name] for name in sorted(symbols))
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n', encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
