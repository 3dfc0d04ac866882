"""How a runbook is written, read and found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How long a runbook can wait: `critical` wakes somebody up, `serious` waits for the morning, `routine` is planned."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    ROUTINE = "routine"


INCIDENT = ("Symptoms", "Check", "Act", "Verify", "Afterwards")
PLANNED = ("Before", "Act", "Verify", "Afterwards")
# What a block of commands needs around it: nothing, to stay in the foreground itself, a running site, or servers.
SURROUNDINGS = frozenset({"", "serving", "running", "servers"})
_HEAD = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_FENCE = re.compile(r"```(\w+)([^\n]*)\n(.*?)\n```", re.DOTALL)
_KEYS = {"title", "when", "severity", "checks", "alerts"}


class Malformed(ValueError):
    """A runbook is not written as runbooks are; the process must not start with it."""


@dataclass(frozen=True)
class Block:
    """A piece of a section: `text` in Markdown, `commands` to type, or an `example` of what is seen."""

    kind: str
    content: str
    needs: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]

    @property
    def key(self) -> str:
        return self.title.lower().replace(" ", "-")


@dataclass(frozen=True)
class Runbook:
    """One situation: `when` is the sentence one recognises it by, `checks` and `alerts` are what it belongs to."""

    slug: str
    title: str
    when: str
    severity: Severity
    checks: tuple[str, ...]
    alerts: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def commands(self) -> list[Block]:
        return [block for section in self.sections for block in section.blocks if block.kind == "commands"]

    @property
    def words(self) -> str:
        """Everything that can be searched for."""
        content = " ".join(block.content for section in self.sections for block in section.blocks)
        return f"{self.slug} {content}".casefold()


def parsed(slug: str, source: str) -> Runbook:
    """Read a runbook; raises Malformed, naming the runbook and what is wrong with it."""
    found = _HEAD.fullmatch(source)
    if not found:
        raise Malformed(f"Runbook {slug!r} does not begin with its head between two lines of ---.")
    head = dict(_entries(slug, found[1]))
    if missing := {"title", "when", "severity"} - head.keys():
        raise Malformed(f"Runbook {slug!r} says nothing about: {', '.join(sorted(missing))}.")
    if head["severity"] not in frozenset(Severity):
        raise Malformed(f"Runbook {slug!r} has the severity {head['severity']!r}.")
    severity = Severity(head["severity"])
    sections = tuple(_sections(slug, found[2]))
    expected = PLANNED if severity == Severity.ROUTINE else INCIDENT
    if tuple(section.title for section in sections) != expected:
        raise Malformed(f"Runbook {slug!r} has the sections {', '.join(expected)}, in this order.")
    return Runbook(
        slug, head["title"], head["when"], severity, _names(head, "checks"), _names(head, "alerts"), sections
    )


def _entries(slug: str, head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        key, _, value = line.partition(":")
        if key not in _KEYS or not value.strip():
            raise Malformed(f"Runbook {slug!r} has a line in its head that means nothing: {line!r}.")
        yield key, value.strip()


def _names(head: dict[str, str], key: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in head.get(key, "").split(",") if name.strip())


def _sections(slug: str, body: str) -> Iterator[Section]:
    for part in re.split(r"^## ", body, flags=re.MULTILINE)[1:]:
        title, _, content = part.partition("\n")
        yield Section(title.strip(), tuple(_blocks(slug, content)))


def _blocks(slug: str, content: str) -> Iterator[Block]:
    end = 0
    for fence in _FENCE.finditer(content):
        yield from _texts(content[end : fence.start()])
        kind, needs = fence[1], fence[2].strip()
        if kind not in ("sh", "text") or needs not in SURROUNDINGS:
            raise Malformed(f"Runbook {slug!r} has a block of {kind!r} that needs {needs!r}.")
        yield Block("commands" if kind == "sh" else "example", fence[3], needs)
        end = fence.end()
    yield from _texts(content[end:])


def _texts(content: str) -> Iterator[Block]:
    if content.strip():
        yield Block("text", unwrapped(content.strip()))


def unwrapped(text: str) -> str:
    """Join the lines of each paragraph and list entry, so that lines may be short in the file alone."""
    return re.sub(r"(?<=\S)\n(?![-*>#\d\n]|\s*[-*] |\s*\d+\. )\s*", " ", text)


def linked(text: str, addresses: Mapping[str, str]) -> str:
    """Make a link of every runbook that a text names as `runbook` or by a name that only a runbook has."""

    def link(found: re.Match[str]) -> str:
        before, slug = found[1] or "", found[2]
        is_meant = slug in addresses and (before or "-" in slug)
        return f"{before}[`{slug}`]({addresses[slug]})" if is_meant else found[0]

    return re.sub(r"(runbooks? )?`([a-z-]+)`", link, text)


def matching(library: Sequence[Runbook], wanted: str) -> list[Runbook]:
    """Return the runbooks that hold every word, those with a word in their title or occasion first."""
    words = wanted.casefold().split()
    scored = [(_score(runbook, words), runbook) for runbook in library]
    return [runbook for score, runbook in sorted(scored, key=lambda pair: -pair[0]) if score]


def _score(runbook: Runbook, words: list[str]) -> int:
    near, far = f"{runbook.title} {runbook.when}".casefold(), runbook.words
    if not all(word in near or word in far for word in words):
        return 0
    return (
        1
        + sum(10 for word in words if word in runbook.title.casefold())
        + sum(3 for word in words if word in near)
    )
