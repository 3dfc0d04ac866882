"""The library of runbooks, as it came with this release."""

from functools import cache
from importlib.resources import files

from guildry.kernel import errors
from guildry.kernel.guides import Guide
from guildry.ops.runbooks import rules
from guildry.ops.runbooks.rules import Runbook, Severity


class RunbookNotFound(errors.NotFound):
    problem = errors.problem("runbook-not-found", 404, "No such runbook")
    detail = "This release has no runbook of that name."


@cache
def library() -> tuple[Runbook, ...]:
    """Return every runbook, what cannot wait first; raises Malformed for one that is not written as they are."""
    folder = files(__package__) / "library"
    found = [
        rules.parsed(file.name.removesuffix(".md"), file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".md")
    ]
    order = list(Severity)
    return tuple(sorted(found, key=lambda runbook: (order.index(runbook.severity), runbook.title)))


def runbook(slug: str) -> Runbook:
    for entry in library():
        if entry.slug == slug:
            return entry
    raise RunbookNotFound


def search(wanted: str) -> list[Runbook]:
    """Return the runbooks that hold every word, the likeliest first; all of them for no word."""
    return rules.matching(library(), wanted)


def guides() -> list[Guide]:
    """Return what others need to link a runbook."""
    return [
        Guide(entry.slug, entry.title, address_of(entry.slug), entry.checks, entry.alerts)
        for entry in library()
    ]


def address_of(slug: str) -> str:
    return f"/ops/runbooks/{slug}/"
