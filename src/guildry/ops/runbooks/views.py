"""Pages of the library of runbooks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from guildry.kernel import permissions, text
from guildry.ops.runbooks import queries, rules
from guildry.ops.runbooks.rules import Block, Runbook, Severity
from guildry.ui.pages import render


@dataclass(frozen=True)
class Shelf:
    """Runbooks that can wait equally long."""

    severity: Severity
    title: str
    entries: Sequence[Runbook]


TITLES = {Severity.CRITICAL: "Now", Severity.SERIOUS: "Today", Severity.ROUTINE: "Planned work"}


@permissions.needs("runbooks.read")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "")[:100].strip()
    found = queries.search(wanted)
    shelves = [
        Shelf(severity, title, entries)
        for severity, title in TITLES.items()
        if (entries := [entry for entry in found if entry.severity == severity])
    ]
    block = "results" if request.htmx else None  # type: ignore[attr-defined]
    return render(request, "runbooks/library.html", {"shelves": shelves, "wanted": wanted}, block=block)


@permissions.needs("runbooks.read")
@require_safe
def runbook(request: HttpRequest, slug: str) -> HttpResponse:
    found = queries.runbook(slug)
    addresses = {entry.slug: queries.address_of(entry.slug) for entry in queries.library() if entry != found}

    def prose(block: Block) -> Markup:
        html = text.to_html(rules.linked(block.content, addresses))
        # Headings of members stand deeper on a page than these do.
        return Markup(re.sub(r"(</?)h4>", r"\1h3>", html))  # noqa: S704 - cleaned there

    return render(request, "runbooks/runbook.html", {"runbook": found, "prose": prose})
