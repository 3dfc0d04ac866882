"""The audit trail for those who may read it: search, one entry with its proof, and copies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import clock
from guildry.kernel.permissions import MemberRequest, needs
from guildry.kernel.validation import shown_on
from guildry.platform.audit import actions, queries, rules
from guildry.platform.audit.forms import ExportForm, SearchForm
from guildry.ui.pages import render


@needs("audit.read")
@require_safe
def trail(request: MemberRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    is_valid = form.is_valid()
    return _show(request, form, ExportForm(initial=form.shown), status=200 if is_valid else 422)


@needs("audit.read")
@require_safe
def entry(request: MemberRequest, seq: int) -> HttpResponse:
    told = queries.entry_of(request.user, seq)
    return render(request, "audit/entry.html", {"told": told, "proof": queries.proof_of(told.entry)})


@needs("audit.export")
@require_POST
def export(request: MemberRequest) -> HttpResponse:
    form = ExportForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            reason, kind = form.cleaned_data["reason"], form.cleaned_data["format"]
            rows = actions.export_trail(request.user, search=form.search, reason=reason)
            response = HttpResponse(rules.written(rows, kind), content_type=rules.FORMATS[kind])
            name = f"audit-trail-{clock.now():%Y-%m-%d-%H%M}.{kind}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    search = SearchForm({name: request.POST.get(name, "") for name in SearchForm.base_fields})
    search.is_valid()
    return _show(request, search, form, status=422)


@needs("audit.read")
@require_POST
def proof(request: MemberRequest) -> HttpResponse:
    """Verify the chain and say what came out, to auditors who have no terminal."""
    whole, finding = queries.proven(request.user)
    say = messages.error if finding else messages.success
    say(request, rules.verdict(whole, finding))
    return HttpResponseRedirect(reverse("audit:trail"), status=303)


def _show(request: HttpRequest, form: SearchForm, export_form: ExportForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "export_form": export_form,
        "shown": form.shown,
        "page": queries.trail(request.user, search=form.search, cursor=request.GET.get("cursor", "")),
        "unsealed": queries.unsealed(),
        "chain": queries.chain_now(),
        "may_export": queries.may_export(request.user),
        "most": rules.MOST_EXPORTED,
    }
    return render(request, "audit/trail.html", context, status=status)
