"""What the edge saw, for those who look after security."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import runtime
from guildry.kernel.permissions import MemberRequest, has, needs
from guildry.kernel.validation import shown_on
from guildry.platform.perimeter import actions, queries
from guildry.platform.perimeter.forms import ReasonForm
from guildry.ui.pages import render


@needs("security.read")
@require_safe
def security(request: MemberRequest) -> HttpResponse:
    is_dismissed, directive = request.GET.get("show") == "dismissed", request.GET.get("directive", "")[:64]
    cursor = request.GET.get("cursor", "")
    context = {
        "directives": queries.directives(request.user),
        "page": queries.violations(
            request.user, is_dismissed=is_dismissed, directive=directive, cursor=cursor
        ),
        "is_dismissed": is_dismissed,
        "directive": directive,
        "shown": {
            name: value
            for name, value in (("show", "dismissed" if is_dismissed else ""), ("directive", directive))
            if value
        },
        "allowances": queries.allowances(request.user),
        "checks": queries.header_checks(),
        "mode": runtime.value("csp.mode"),
    }
    return render(request, "perimeter/security.html", context)


@needs("security.read")
@require_safe
def violation(request: MemberRequest, violation_id: int) -> HttpResponse:
    return _show(request, violation_id, ReasonForm())


@needs("security.manage")
@require_POST
def dismissal(request: MemberRequest, violation_id: int) -> HttpResponse:
    return _judged(request, violation_id, actions.dismiss_violation, "Dismissed. It goes on being counted.")


@needs("security.manage")
@require_POST
def reopening(request: MemberRequest, violation_id: int) -> HttpResponse:
    return _judged(request, violation_id, actions.reopen_violation, "Taken up again.")


def _judged(request: MemberRequest, violation_id: int, judge: Any, message: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            judge(request.user, violation_id=violation_id, **form.cleaned_data)
            messages.success(request, message)
            return redirect("perimeter:security")
    return _show(request, violation_id, form, status=422)


def _show(request: MemberRequest, violation_id: int, form: ReasonForm, status: int = 200) -> HttpResponse:
    found = queries.violation_of(request.user, violation_id)
    context = {"violation": found, "form": form, "may_judge": has(request.user, "security.manage")}
    return render(request, "perimeter/violation.html", context, status=status)
