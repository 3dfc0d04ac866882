"""Sets of changes: what waits, what was, deciding about it and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import errors, permissions
from guildry.platform.runtime import actions, queries, rules
from guildry.platform.runtime.forms import NoteForm, ReasonForm
from guildry.platform.runtime.models import ChangeSet
from guildry.platform.runtime.views import frames

_RESTORABLE = (ChangeSet.Kind.CHANGES, ChangeSet.Kind.ROLLBACK)


@permissions.needs("config.read")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    rows = queries.waiting()
    return frames.page(request, "waiting", {"rows": rows, "people": frames.people(rows)})


@permissions.needs("config.read")
@require_safe
def overrides(request: HttpRequest) -> HttpResponse:
    rows = queries.active_overrides()
    return frames.page(
        request, "overrides", {"rows": rows, "people": frames.people(row.change_set for row in rows)}
    )


@permissions.needs("config.change")
@require_POST
def end_override(request: HttpRequest, override_id: int) -> HttpResponse:
    actions.end_override(
        frames.actor_of(request), override_id=override_id, reason=request.POST.get("reason", "")
    )
    messages.success(request, "The override has ended.")
    return frames.see("runtime:overrides")


@permissions.needs("config.read")
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    key = request.GET.get("key", "")[:80]
    page = queries.history(request.GET.get("cursor", ""), key=key)
    return frames.page(
        request, "history", {"page": page, "people": frames.people(page.items), "only_key": key}
    )


@permissions.needs("config.read")
@require_safe
def change_set(request: HttpRequest, change_set_id: int) -> HttpResponse:
    return _set_page(request, change_set_id)


@permissions.needs("config.approve")
@require_POST
def approve(request: HttpRequest, change_set_id: int) -> HttpResponse:
    note = request.POST.get("note", "")
    row = actions.approve_changes(frames.actor_of(request), change_set_id=change_set_id, note=note)
    messages.success(request, frames.said(row))
    return frames.see("runtime:change_set", change_set_id=change_set_id)


@permissions.needs("config.approve")
@require_POST
def decline(request: HttpRequest, change_set_id: int) -> HttpResponse:
    form = NoteForm(request.POST)
    try:
        actions.decline_changes(
            frames.actor_of(request), change_set_id=change_set_id, note=request.POST.get("note", "")
        )
    except errors.Invalid as refusal:
        form.refuse(refusal)
        return _set_page(request, change_set_id, decision=form)
    messages.success(request, "The changes are declined.")
    return frames.see("runtime:change_set", change_set_id=change_set_id)


@permissions.needs("config.change")
@require_POST
def withdraw(request: HttpRequest, change_set_id: int) -> HttpResponse:
    note = request.POST.get("note", "")
    actions.withdraw_changes(frames.actor_of(request), change_set_id=change_set_id, note=note)
    messages.success(request, "The changes are withdrawn.")
    return frames.see("runtime:change_set", change_set_id=change_set_id)


@permissions.needs("config.change")
def restore(request: HttpRequest, version: int) -> HttpResponse:
    """Show what going back to a version would change, and do it once there is a reason."""
    found = queries.preview_of_version(version)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.roll_back(
                frames.actor_of(request), version=version, reason=form.cleaned_data["reason"]
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, frames.said(row))
            return frames.see("runtime:change_set", change_set_id=row.pk)
    context = {"version": version, "found": found, "form": form}
    return frames.page(request, "restore", context, status=422 if form.errors else 200)


def _set_page(request: HttpRequest, change_set_id: int, *, decision: NoteForm | None = None) -> HttpResponse:
    row = queries.change_set(change_set_id)
    context = {
        "row": row,
        "people": frames.people([row]),
        "decision": decision or NoteForm(),
        "is_own": not rules.may_approve(row.actor_id, frames.actor_of(request).pk),
        "restores_to": row.version - 1 if row.version and row.kind in _RESTORABLE else None,
    }
    return frames.page(request, "change_set", context, status=422 if decision else 200)
