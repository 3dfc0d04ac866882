"""The people one knows, follows and may want to meet."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from guildry.kernel import points
from guildry.kernel.paging import Page
from guildry.kernel.permissions import MemberRequest
from guildry.people.network import queries
from guildry.platform.realtime import queries as realtime
from guildry.ui.pages import render

SUGGESTED = 12
WAITING_SHOWN = 3
NEARBY = 3

TABS = (
    ("home", "Overview"),
    ("connections", "Connections"),
    ("received", "Requests"),
    ("followers", "Followers"),
    ("following", "Following"),
)


@require_GET
@login_required
def home(request: MemberRequest) -> HttpResponse:
    """Requests to answer, and people one may know."""
    waiting = queries.requests_received(request.user, size=WAITING_SHOWN)
    suggestions = queries.suggestions(request.user, limit=SUGGESTED)
    shown = [entry.member.pk for entry in waiting.items] + [entry.member.pk for entry in suggestions]
    context = {
        "waiting": waiting,
        "suggestions": suggestions,
        "present_ids": realtime.present(shown),
        "counts": queries.counts_of(request.user.pk),
        "tabs": _tabs(request),
    }
    return render(request, "network/home.html", context)


@require_GET
@login_required
def nearby(request: MemberRequest) -> HttpResponse:
    """A few people one may know, for the side of the Timeline."""
    if not getattr(request, "htmx", False):
        return redirect("network:home")
    suggestions = queries.suggestions(request.user, limit=NEARBY)
    return render(request, "network/_nearby.html", {"suggestions": suggestions})


@require_GET
@login_required
def connections(request: MemberRequest) -> HttpResponse:
    return _list(request, "connections", queries.connections)


@require_GET
@login_required
def received(request: MemberRequest) -> HttpResponse:
    return _list(request, "received", queries.requests_received)


@require_GET
@login_required
def sent(request: MemberRequest) -> HttpResponse:
    return _list(request, "sent", queries.requests_sent)


@require_GET
@login_required
def followers(request: MemberRequest) -> HttpResponse:
    return _list(request, "followers", queries.followers)


@require_GET
@login_required
def following(request: MemberRequest) -> HttpResponse:
    return _list(request, "following", queries.following)


@require_GET
@login_required
def shields(request: MemberRequest) -> HttpResponse:
    """Whom one blocked and muted, among the settings."""
    kind = "muted" if request.GET.get("list") == "muted" else "blocked"
    found = {"blocked": queries.blocked, "muted": queries.muted}[kind]
    modules = [module for module in points.MODULES if "settings" in module.placement]
    address = reverse("network:shields")
    context = {
        "kind": kind,
        "page": found(request.user, cursor=request.GET.get("cursor", "")),
        "present_ids": frozenset(),
        "address": f"{address}?list={kind}",
        "tabs": [("blocked", "Blocked", address, None), ("muted", "Muted", f"{address}?list=muted", None)],
        "settings_modules": sorted(modules, key=lambda module: module.order),
    }
    block = "people" if getattr(request, "htmx", False) else None
    return render(request, "network/shields.html", context, block=block)


def _list(request: MemberRequest, kind: str, find: Callable[..., Page[queries.Person]]) -> HttpResponse:
    page = find(request.user, cursor=request.GET.get("cursor", ""))
    context = {
        "kind": kind,
        "page": page,
        "present_ids": realtime.present(entry.member.pk for entry in page.items),
        "address": f"{reverse(f'network:{kind}')}?",
        "tabs": _tabs(request),
    }
    block = "people" if getattr(request, "htmx", False) else None
    return render(request, "network/list.html", context, block=block)


def _tabs(request: MemberRequest) -> list[tuple[str, str, str, int | None]]:
    numbers = {"received": queries.waiting_count(request.user.pk) or None}
    return [(key, label, reverse(f"network:{key}"), numbers.get(key)) for key, label in TABS]
