"""What a page is made of, whatever it says: each element with its classes and roles, inside its parent."""

from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
TELLING = ("role", "type", "aria-current", "aria-pressed", "aria-haspopup", "open", "disabled")


def shapes_of(page: str) -> frozenset[str]:
    """Return the shapes of a page; drawings count as one, and so do the contents of the head."""
    reader = _Shapes()
    reader.feed(page)
    return frozenset(reader.found)


class _Shapes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_inside_drawing = any(name in ("svg", "head") for name, _ in self._open)
        given = dict(attrs)
        traits = [f"{name}={given[name]}" for name in TELLING if name in given]
        shape = ".".join([tag, *sorted((given.get("class") or "").split()), *traits])
        if not is_inside_drawing:
            self.found.add(f"{self._open[-1][1] if self._open else ''} > {shape}")
        if tag not in VOID:
            self._open.append((tag, shape))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest element of that name; what was left open inside it ends with it."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return
