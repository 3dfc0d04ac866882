"""The screen of the contracts: what is promised, what changed since the last release, how well it is described."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guildry.kernel import permissions
from guildry.ops.contracts import queries
from guildry.ui.pages import render


@permissions.needs("contracts.read")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    level, after = request.GET.get("class", ""), request.GET.get("after", "")
    found = queries.changes_page(queries.history(), level=level, after=after)
    content = {
        "manifest": queries.manifest(),
        "history": queries.history(),
        "is_packed": queries.history()["hash"] == queries.manifest()["hash"],
        "changes": found,
        "level": level,
        "coverage": queries.coverage(),
    }
    return render(request, "contracts/overview.html", content)
