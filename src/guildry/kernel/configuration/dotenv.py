"""The strict reader of `.env` files: it tells everything that is wrong at once, and never repeats a value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guildry.kernel.configuration.codes import Code
from guildry.kernel.configuration.findings import NAMELESS, Finding

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "$": "$"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Entry:
    """One value as it was written, with the place of its name and of itself."""

    name: str
    text: str
    line: int = 0
    column: int = 0
    name_column: int = 0


@dataclass
class Reading:
    """What a file says, and what is wrong with it."""

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    """A part of a value: text as it stands, or the name of another value to put here."""

    text: str
    column: int = 0
    is_reference: bool = False


@dataclass(frozen=True)
class _Row:
    entry: Entry
    pieces: tuple[_Piece, ...]


class _Stray(Exception):
    """What is wrong with one value: the column, the code, the message and the fix."""


def read(raw: bytes, file: str, outside: Mapping[str, str] | None = None) -> Reading:
    """Return the entries of a file and everything wrong with it; `outside` has further values for ${NAME}."""
    reading = Reading()
    rows: dict[str, _Row] = {}
    for number, text in _lines(raw, file, reading.findings):
        row = _row(number, text, file, reading.findings)
        if row is None:
            continue
        first = rows.setdefault(row.entry.name, row)
        if first is not row:
            _complain(
                reading.findings, file, number, row.entry.name_column, row.entry.name, Code.TWICE,
                f"is set on line {first.entry.line} already.", "keep one of the two lines",
            )  # fmt: skip
    expansion = _Expansion(file, rows, outside or {}, reading.findings)
    reading.entries = [entry for row in rows.values() if (entry := expansion.of(row)) is not None]
    return reading


def _complain(
    findings: list[Finding], file: str, line: int, column: int, key: str, code: Code, message: str, fix: str
) -> None:
    findings.append(Finding(file, line, column, key, code, message, fix))


def _lines(raw: bytes, file: str, findings: list[Finding]) -> Iterator[tuple[int, str]]:
    if raw.startswith(BYTE_ORDER_MARK):
        _complain(findings, file, 1, 1, NAMELESS, Code.BAD_BYTES, "begins with a byte order mark.",
                  "save the file as UTF-8 without one")  # fmt: skip
        raw = raw[len(BYTE_ORDER_MARK) :]
    lines = raw.split(b"\n")
    is_windows = lines[0].endswith(b"\r")
    is_mixed = False
    for number, line in enumerate(lines, 1):
        ends, is_last = line.endswith(b"\r"), number == len(lines)
        text = _decoded(line.removesuffix(b"\r"), number, file, findings)
        if (ends != is_windows and not (is_last and not ends)) and not is_mixed:
            is_mixed = True
            _complain(findings, file, number, len(text or "") + 1, NAMELESS, Code.LINE_ENDS,
                      "ends unlike the first line.", "save the file with one kind of line end")  # fmt: skip
        if text is not None:
            yield number, text


def _decoded(line: bytes, number: int, file: str, findings: list[Finding]) -> str | None:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode()) + 1
        _complain(findings, file, number, column, NAMELESS, Code.BAD_BYTES, "is not UTF-8 here.",
                  "save the file as UTF-8")  # fmt: skip
        return None
    if "\0" in text:
        _complain(findings, file, number, text.index("\0") + 1, NAMELESS, Code.BAD_BYTES, "has a NUL here.",
                  "delete it")  # fmt: skip
        return None
    if "\r" in text:
        _complain(findings, file, number, text.index("\r") + 1, NAMELESS, Code.LINE_ENDS,
                  "has a line end of an old kind.", "save the file with one kind of line end")  # fmt: skip
        return None
    return text


def _row(number: int, line: str, file: str, findings: list[Finding]) -> _Row | None:
    body = line.lstrip(" \t")
    column = len(line) - len(body) + 1
    if not body.strip() or body.startswith("#"):
        return None
    name, equals, value = body.partition("=")
    if not equals:
        _complain(findings, file, number, column, NAMELESS, Code.NO_EQUALS, "is not NAME=value.",
                  "write NAME=value, or # before a comment")  # fmt: skip
        return None
    if not NAME.fullmatch(name):
        good = NAME.match(name)
        _complain(findings, file, number, column + (good.end() if good else 0), NAMELESS, Code.BAD_NAME,
                  "has a character that names do not have.", _name_advice(name))  # fmt: skip
        return None
    start = column + len(name) + 1
    try:
        pieces = tuple(_value(value, start))
    except _Stray as stray:
        _complain(findings, file, number, stray.args[0], name, *stray.args[1:])
        return None
    return _Row(Entry(name, "", number, start, column), pieces)


def _name_advice(name: str) -> str:
    if name.startswith("export "):
        return "leave export out"
    if name.rstrip() != name and NAME.fullmatch(name.rstrip()):
        return "write no space before ="
    return "use capitals, digits and underscores, beginning with a letter"


def _value(value: str, column: int) -> Iterator[_Piece]:
    """Yield the pieces of a value that begins at a column; raises _Stray."""
    bare = value.rstrip(" \t")
    if bare[:1] == "'":
        end = bare.find("'", 1)
        _closed(bare, end, column)
        yield _Piece(bare[1:end])
    elif bare[:1] == '"':
        end = _end_of_quote(bare)
        _closed(bare, end, column)
        yield from _quoted(bare[1:end], column + 1)
    else:
        if found := re.search(r"[\s#]", bare):
            raise _Stray(column + found.start(), Code.AMBIGUOUS, "has a space or # outside quotes.",
                         "put quotes around the value, or delete what does not belong to it")  # fmt: skip
        yield from _pieces(bare, column)


def _end_of_quote(text: str) -> int:
    place = 1
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == '"':
            return place
        place += 1
    return -1


def _closed(text: str, end: int, column: int) -> None:
    if end < 0:
        raise _Stray(column, Code.OPEN_QUOTE, "opens a quote that is not closed on this line.",
                     f"write {text[0]} at the end of the value")  # fmt: skip
    rest = text[end + 1 :]
    stray = rest.lstrip(" \t")
    is_comment = stray.startswith("#") and stray != rest
    if stray and not is_comment:
        raise _Stray(column + end + 1 + len(rest) - len(stray), Code.AFTER_QUOTE,
                     "has something after the closing quote.",
                     "delete it, or put a space and # before a comment")  # fmt: skip


def _quoted(text: str, column: int) -> Iterator[_Piece]:
    """Yield the pieces of a text in double quotes, where a backslash changes the meaning of the next character."""
    start = 0
    for found in re.finditer(r"\\(.)", text):
        yield from _pieces(text[start : found.start()], column + start)
        if found[1] not in _ESCAPES:
            raise _Stray(column + found.start(), Code.AMBIGUOUS, "has a backslash before another character.",
                         "write two backslashes, or use single quotes")  # fmt: skip
        yield _Piece(_ESCAPES[found[1]])
        start = found.end()
    yield from _pieces(text[start:], column + start)


def _pieces(text: str, column: int) -> Iterator[_Piece]:
    start = 0
    for found in _REFERENCE.finditer(text):
        yield from _plain(text[start : found.start()], column + start)
        yield _Piece(found[1], column + found.start(), is_reference=True)
        start = found.end()
    yield from _plain(text[start:], column + start)


def _plain(text: str, column: int) -> Iterator[_Piece]:
    if "${" in text:
        raise _Stray(column + text.index("${"), Code.REFERENCE, "has a reference that names nothing.",
                     "write ${NAME}, or use single quotes for the characters themselves")  # fmt: skip
    yield _Piece(text)


class _Expansion:
    """Puts the values that others refer to in their place."""

    def __init__(
        self, file: str, rows: Mapping[str, _Row], outside: Mapping[str, str], findings: list[Finding]
    ) -> None:
        self._file, self._rows, self._outside, self._findings = file, rows, outside, findings

    def of(self, row: _Row) -> Entry | None:
        """Return the entry with its whole text, or None when a reference leads nowhere."""
        texts = [self._text(piece, row, (row.entry.name,)) for piece in row.pieces]
        if None in texts:
            return None
        entry = row.entry
        whole = "".join(text for text in texts if text is not None)
        return Entry(entry.name, whole, entry.line, entry.column, entry.name_column)

    def _text(self, piece: _Piece, row: _Row, seen: tuple[str, ...]) -> str | None:
        if not piece.is_reference:
            return piece.text
        name = piece.text
        if name in seen:
            self._lost(piece, row, "refers to itself in a circle.", "break the circle")
            return None
        if other := self._rows.get(name):
            texts = [self._text(part, other, (*seen, name)) for part in other.pieces]
            return None if None in texts else "".join(text for text in texts if text is not None)
        if name in self._outside:
            return self._outside[name]
        self._lost(piece, row, "refers to a name that is set nowhere.", "set it, or use single quotes")
        return None

    def _lost(self, piece: _Piece, row: _Row, message: str, fix: str) -> None:
        place = (self._file, row.entry.line, piece.column)
        self._findings.append(Finding(*place, row.entry.name, Code.REFERENCE, message, fix))
