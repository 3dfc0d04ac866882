"""Choosing what to be told, where and when."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from guildry.kernel import clock, points, runtime, validation
from guildry.kernel.permissions import SYSTEM, MemberRequest, public
from guildry.kernel.points import NOTIFICATION_KINDS
from guildry.people.notifications import actions, queries, rules
from guildry.people.notifications.forms import PauseForm, PreferencesForm
from guildry.ui.pages import render


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: MemberRequest) -> HttpResponse:
    """The channels of every kind, the digest, and the hours without mail."""
    wishes = queries.wishes_of(request.user)
    form = PreferencesForm(request.POST or None, wishes=wishes)
    if form.is_valid():
        with validation.shown_on(form):
            actions.choose_channels(request.user, **form.chosen())
            messages.success(request, "Your choices are saved.")
            return _see(reverse("notifications:preferences"))
    return _page(request, form, wishes)


@require_POST
@login_required
def pause(request: MemberRequest) -> HttpResponse:
    """Pause mail for a while, or let it go again."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        wishes = queries.wishes_of(request.user)
        return _page(request, PreferencesForm(None, wishes=wishes), wishes, status=422)
    span = rules.PAUSES.get(form.cleaned_data["span"])
    actions.pause_mail(request.user, until=clock.now() + span if span else None)
    messages.success(request, "Mail is paused." if span else "Mail goes out again.")
    return _see(reverse("notifications:preferences"))


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of mail by the link at the end of it; mail programs do it with one POST."""
    _, kind = queries.unsubscribe_target(token)
    known = NOTIFICATION_KINDS.get(kind)
    context: dict[str, Any] = {
        "what": f"mail about “{known.label}”" if known else "the digest",
        "token": token,
    }
    if request.method == "POST":
        actions.unsubscribe(SYSTEM, token=token)
    return render(request, "notifications/unsubscribe.html", {**context, "is_done": request.method == "POST"})


def _page(
    request: HttpRequest, form: PreferencesForm, wishes: queries.Wishes, status: int | None = None
) -> HttpResponse:
    modules = [module for module in points.MODULES if "settings" in module.placement]
    paused_until = wishes.tray.paused_until
    context = {
        "form": form,
        "digest_hour": runtime.value("notifications.digest_hour"),
        "paused_until": paused_until if paused_until and paused_until > clock.now() else None,
        "settings_modules": sorted(modules, key=lambda module: module.order),
    }
    status = status or (422 if form.is_bound else 200)
    return render(request, "notifications/preferences.html", context, status=status)


def _see(address: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
