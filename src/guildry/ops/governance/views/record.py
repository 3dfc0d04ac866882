"""What is processed and who answers for it."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guildry.kernel import errors, permissions
from guildry.kernel.permissions import MemberRequest
from guildry.ops.governance import queries, rules
from guildry.ui.pages import render


@permissions.needs("governance.read")
@require_safe
def record(request: MemberRequest) -> HttpResponse:
    """Show the record that Article 30 asks for, fit to be printed."""
    return render(request, "governance/record.html", {"record": queries.record()})


@permissions.needs("governance.read")
@require_safe
def data(request: MemberRequest) -> HttpResponse:
    """Show every app with how much of it is about people."""
    return render(request, "governance/data.html", {"charters": queries.charters()})


@permissions.needs("governance.read")
@require_safe
def charter(request: MemberRequest, app: str) -> HttpResponse:
    """Show one charter: tables, columns, and what becomes of each."""
    found = queries.charter_of(app)
    if found is None:
        raise errors.NotFound
    context = {"charter": found, "retention": rules.RETENTION, "erases": rules.ERASES}
    return render(request, "governance/charter.html", context)
