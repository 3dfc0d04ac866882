"""What one was told, and reading it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from guildry.kernel.permissions import MemberRequest
from guildry.people.notifications import actions, queries
from guildry.people.notifications.forms import ListForm, TogetherForm, UpToForm
from guildry.ui.pages import render


@require_GET
@login_required
def home(request: MemberRequest) -> HttpResponse:
    """Notifications, the latest first, by day."""
    return _home(request, request.GET)


@require_POST
@login_required
def reading(request: MemberRequest, notification_id: int) -> HttpResponse:
    also = TogetherForm(request.POST).ids()
    actions.read_notification(request.user, notification_id=notification_id, also=also)
    return _back(request)


@require_POST
@login_required
def reading_all(request: MemberRequest) -> HttpResponse:
    """Mark everything as read that was there when the page was made."""
    form = UpToForm(request.POST)
    wanted = form.cleaned_data if form.is_valid() else {}
    actions.mark_all_read(request.user, up_to=wanted.get("up_to"), group=wanted.get("group", ""))
    if not getattr(request, "htmx", False):
        messages.success(request, "Everything is read.")
    return _back(request)


@require_POST
@login_required
def seen(request: MemberRequest) -> HttpResponse:
    """Note that the list was looked at; the page says so by itself."""
    form = UpToForm(request.POST)
    actions.mark_seen(request.user, up_to=form.cleaned_data["up_to"] or 0 if form.is_valid() else 0)
    return HttpResponse(status=204)


def _home(request: MemberRequest, chosen: Any) -> HttpResponse:
    form = ListForm(chosen)
    blank: dict[str, Any] = {"unread": False, "group": "", "cursor": ""}
    wanted = form.cleaned_data if form.is_valid() else blank
    page = queries.entries(
        request.user, unread_only=wanted["unread"], group=wanted["group"], cursor=wanted["cursor"]
    )
    filters = {name: value for name, value in wanted.items() if value and name != "cursor"}
    address = reverse("notifications:home")
    context = {
        "page": page,
        "bundles": queries.bundles(page.items),
        "unread": queries.unread_count(request.user),
        "wanted": wanted,
        "groups": queries.groups(),
        "filters": filters,
        "newest": max((entry.id for entry in page.items), default=0),
        "here": f"{address}?{urlencode(filters)}" if filters else address,
        "more": f"{address}?{urlencode({**filters, 'cursor': page.next_cursor})}",
    }
    block = _block(request, wanted["cursor"])
    return render(request, "notifications/home.html", context, block=block)


def _block(request: HttpRequest, cursor: str) -> str | None:
    if not getattr(request, "htmx", False):
        return None
    return "older" if cursor else "news"


def _back(request: MemberRequest) -> HttpResponse:
    """Answer htmx with the list as it is now, and everybody else with the page they were on."""
    if getattr(request, "htmx", False):
        response = _home(request, request.POST)
        response["HX-Trigger"] = "badge-notifications"
        return response
    form = ListForm(request.POST)
    kept = {k: v for k, v in form.cleaned_data.items() if v and k != "cursor"} if form.is_valid() else {}
    see = HttpResponseRedirect(f"{reverse('notifications:home')}?{urlencode(kept)}")
    see.status_code = 303
    return see
