"""Pages of alerts: what stands, what is over, the thresholds, and the browsers that are told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import errors, permissions
from guildry.kernel.guides import GUIDES
from guildry.kernel.permissions import MemberRequest
from guildry.ops.alerts import actions, queries
from guildry.ops.alerts.forms import DeviceForm, NoteForm, SilenceForm
from guildry.ui.pages import render

WORKER = Path(__file__).parent / "static" / "alerts" / "worker.js"


@permissions.needs("alerts.read")
@require_safe
def board(request: MemberRequest) -> HttpResponse:
    return _board(request)


@permissions.needs("alerts.read")
@require_safe
def history(request: MemberRequest) -> HttpResponse:
    page = queries.history(request.user, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "tab": "history", "runbooks": _runbooks()}
    return render(request, "alerts/history.html", context, block="rows" if _is_more(request) else None)


@permissions.needs("alerts.read")
@require_safe
def thresholds(request: MemberRequest) -> HttpResponse:
    rows = [(reading, queries.is_silenced(reading.key)) for reading in queries.readings()]
    context = {
        "measured": [row for row in rows if not row[0].key.startswith("health.")],
        "checks": [row for row in rows if row[0].key.startswith("health.")],
        "tab": "rules",
        "runbooks": _runbooks(),
        "channels": queries.channels(),
        "secret": queries.shown_webhook_secret() if permissions.has(request.user, "alerts.silence") else "",
        "staff": queries.recipients(),
    }
    return render(request, "alerts/thresholds.html", context)


@permissions.needs("alerts.acknowledge")
@require_POST
def acknowledgement(request: MemberRequest, alert_id: int) -> HttpResponse:
    form = NoteForm(request.POST, auto_id=f"note_{alert_id}_%s")
    return _do(
        request,
        form,
        alert_id,
        lambda: actions.acknowledge_alert(request.user, alert_id=alert_id, note=form.cleaned_data["note"]),
        "You look after it. Others see that.",
    )


@permissions.needs("alerts.silence")
@require_POST
def silence(request: MemberRequest, alert_id: int) -> HttpResponse:
    form = SilenceForm(request.POST, auto_id=f"silence_{alert_id}_%s")
    return _do(
        request,
        form,
        alert_id,
        lambda: actions.silence_alert(request.user, alert_id=alert_id, **form.cleaned_data),
        "Nobody is told of it until the silence ends.",
    )


@permissions.needs("alerts.silence")
@require_POST
def lifting(request: MemberRequest, silence_id: int) -> HttpResponse:
    actions.lift_silence(request.user, silence_id=silence_id)
    messages.success(request, "It speaks again.")
    return _see("alerts:board")


@permissions.needs("alerts.acknowledge")
@require_POST
def test_delivery(request: MemberRequest) -> HttpResponse:
    sent = actions.send_test(request.user)
    messages.success(
        request, f"{sent} messages are on their way." if sent != 1 else "One message is on its way."
    )
    return _see("alerts:thresholds")


@permissions.needs("alerts.acknowledge")
@require_POST
def devices(request: MemberRequest) -> HttpResponse:
    form = DeviceForm(request.POST)
    if not form.is_valid():
        raise actions.DeviceUnfit
    actions.add_device(request.user, **form.cleaned_data)
    return JsonResponse({"told": True}, status=201)


@permissions.needs("alerts.acknowledge")
@require_POST
def device_removal(request: MemberRequest) -> HttpResponse:
    actions.remove_device(request.user, endpoint=request.POST.get("endpoint", ""))
    return JsonResponse({"told": False})


@permissions.public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that takes push messages while no page is open; it stands here so that it answers for these pages alone."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


def _do(request: MemberRequest, form: Any, alert_id: int, act: Callable[[], Any], done: str) -> HttpResponse:
    if form.is_valid():
        try:
            act()
        except errors.Invalid as refusal:
            for each in refusal.errors:
                form.add_error(each.field if each.field in form.fields else None, each.detail)
        else:
            messages.success(request, done)
            return _see("alerts:board")
    return _board(request, wrong={alert_id: form}, status=422)


def _board(request: MemberRequest, wrong: dict[int, Any] | None = None, status: int = 200) -> HttpResponse:
    wrong = wrong or {}
    standing = queries.current_alerts(request.user)
    forms = [
        (
            found,
            wrong[found.pk]
            if isinstance(wrong.get(found.pk), NoteForm)
            else NoteForm(auto_id=f"note_{found.pk}_%s"),
            wrong[found.pk]
            if isinstance(wrong.get(found.pk), SilenceForm)
            else SilenceForm(auto_id=f"silence_{found.pk}_%s"),
        )
        for found in standing
    ]
    silences = queries.silences()
    context = {
        "rows": forms,
        "silences": silences,
        "silenced": {each.key for each in silences},
        "tab": "board",
        "runbooks": _runbooks(),
        "push_key": queries.push_key(),
        "channels": queries.channels(),
        "may_act": permissions.has(request.user, "alerts.acknowledge"),
    }
    return render(request, "alerts/board.html", context, status=status)


def _runbooks() -> dict[str, Any]:
    return {key: guide for guide in GUIDES for key in guide.alerts}


def _is_more(request: MemberRequest) -> bool:
    return bool(request.htmx and request.GET.get("cursor"))  # type: ignore[attr-defined]


def _see(name: str) -> HttpResponse:
    answer = HttpResponseRedirect(reverse(name))
    answer.status_code = 303
    return answer
