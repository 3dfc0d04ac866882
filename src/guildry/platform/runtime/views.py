"""The configuration in the console: look, change in two steps, approve, take back."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import configuration, errors, permissions
from guildry.kernel.configuration import Setting, bounds
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.platform.runtime import actions, queries, rules
from guildry.platform.runtime.actions.changes import CONSOLE
from guildry.platform.runtime.forms import NoteForm, OverrideForm, ReasonForm, ReviewForm, ValueForm
from guildry.platform.runtime.models import ChangeSet
from guildry.platform.runtime.queries import Explanation
from guildry.ui.pages import render


class KeyUnknown(errors.NotFound):
    problem = errors.problem("configuration-key-unknown", 404, "No such key")
    detail = "Nothing is configured under that name."


@permissions.needs("config.read")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    text, section = asked.get("q", "")[:80], asked.get("section", "")[:80]
    only_changed = asked.get("changed") == "1"
    sections = queries.catalogue(text, section=section, only_changed=only_changed)
    context = {
        "sections": sections,
        "names": sorted({setting.section for setting in RUNTIME_SETTINGS}),
        "text": text,
        "section": section,
        "only_changed": only_changed,
    }
    return _page(request, "keys", context)


@permissions.needs("config.read")
@require_safe
def convergence(request: HttpRequest) -> HttpResponse:
    """Answer with the line that says how many processes have the newest version."""
    return render(request, "runtime/_convergence.html", {"convergence": queries.convergence()})


@permissions.needs("config.read")
@require_safe
def key(request: HttpRequest, key: str) -> HttpResponse:
    return _key_page(request, key)


@permissions.needs("config.change")
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Show what another value would do, and put it in force or before somebody else once there is a reason."""
    line, takes_out = _explained(key), "reset" in (request.POST or request.GET)
    form = ReviewForm(request.POST or None)
    asked = ValueForm(line.setting, request.POST or request.GET)
    if not takes_out and not asked.is_valid():
        return _key_page(request, key, edit=asked)
    text = None if takes_out else asked.cleaned_data["value"]
    found = queries.preview({key: text}, channel=CONSOLE)
    if found.wrong or not found.differences:
        asked.refuse(actions.ChangesRefused(errors=found.wrong) if found.wrong else actions.NothingToChange())
        return _key_page(request, key, edit=asked)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.propose_changes(
                _actor(request),
                changes={key: text},
                reason=given["reason"],
                base_version=given["base_version"],
                due_at=given["due_at"],
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _said(row))
            return _see("runtime:change_set", change_set_id=row.pk)
    if request.method != "POST":
        form = ReviewForm(initial={"value": text or "", "base_version": found.base_version})
    context = {"line": line, "found": found, "form": form, "takes_out": takes_out}
    return _page(request, "review", context, status=422 if form.errors else 200)


@permissions.needs("config.change")
@require_POST
def override(request: HttpRequest, key: str) -> HttpResponse:
    form = OverrideForm(_explained(key).setting, request.POST, auto_id="override_%s")
    if form.is_valid():
        try:
            actions.override_value(
                _actor(request),
                key=key,
                text=form.cleaned_data["value"],
                lifetime=form.length,
                reason=form.cleaned_data["reason"],
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The override is in force until it expires or is ended.")
            return _see("runtime:overrides")
    return _key_page(request, key, above=form)


@permissions.needs("config.read")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    rows = queries.waiting()
    return _page(request, "waiting", {"rows": rows, "people": _people(rows)})


@permissions.needs("config.read")
@require_safe
def overrides(request: HttpRequest) -> HttpResponse:
    rows = queries.active_overrides()
    return _page(request, "overrides", {"rows": rows, "people": _people(row.change_set for row in rows)})


@permissions.needs("config.change")
@require_POST
def end_override(request: HttpRequest, override_id: int) -> HttpResponse:
    actions.end_override(_actor(request), override_id=override_id, reason=request.POST.get("reason", ""))
    messages.success(request, "The override has ended.")
    return _see("runtime:overrides")


@permissions.needs("config.read")
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    key = request.GET.get("key", "")[:80]
    page = queries.history(request.GET.get("cursor", ""), key=key)
    return _page(request, "history", {"page": page, "people": _people(page.items), "only_key": key})


@permissions.needs("config.read")
@require_safe
def change_set(request: HttpRequest, change_set_id: int) -> HttpResponse:
    return _set_page(request, change_set_id)


@permissions.needs("config.approve")
@require_POST
def approve(request: HttpRequest, change_set_id: int) -> HttpResponse:
    note = request.POST.get("note", "")
    row = actions.approve_changes(_actor(request), change_set_id=change_set_id, note=note)
    messages.success(request, _said(row))
    return _see("runtime:change_set", change_set_id=change_set_id)


@permissions.needs("config.approve")
@require_POST
def decline(request: HttpRequest, change_set_id: int) -> HttpResponse:
    form = NoteForm(request.POST)
    try:
        actions.decline_changes(
            _actor(request), change_set_id=change_set_id, note=request.POST.get("note", "")
        )
    except errors.Invalid as refusal:
        form.refuse(refusal)
        return _set_page(request, change_set_id, decision=form)
    messages.success(request, "The changes are declined.")
    return _see("runtime:change_set", change_set_id=change_set_id)


@permissions.needs("config.change")
@require_POST
def withdraw(request: HttpRequest, change_set_id: int) -> HttpResponse:
    note = request.POST.get("note", "")
    actions.withdraw_changes(_actor(request), change_set_id=change_set_id, note=note)
    messages.success(request, "The changes are withdrawn.")
    return _see("runtime:change_set", change_set_id=change_set_id)


@permissions.needs("config.change")
def restore(request: HttpRequest, version: int) -> HttpResponse:
    """Show what going back to a version would change, and do it once there is a reason."""
    found = queries.preview_of_version(version)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.roll_back(_actor(request), version=version, reason=form.cleaned_data["reason"])
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _said(row))
            return _see("runtime:change_set", change_set_id=row.pk)
    context = {"version": version, "found": found, "form": form}
    return _page(request, "restore", context, status=422 if form.errors else 200)


@permissions.needs("config.read")
@require_safe
def secrets(request: HttpRequest) -> HttpResponse:
    return _secrets_page(request)


@permissions.needs("config.change")
@require_POST
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=f"{key}_%s")
    if form.is_valid():
        actions.rotate_secret(_actor(request), key=key, reason=form.cleaned_data["reason"], channel=CONSOLE)
        messages.success(
            request, "There is a new secret. The one before it is accepted until the next rotation."
        )
        return _see("runtime:secrets")
    return _secrets_page(request, wrong={key: form})


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    actor = _actor(request)
    further = {
        "convergence": queries.convergence(),
        "may_change": permissions.has(actor, "config.change"),
        "may_approve": permissions.has(actor, "config.approve"),
        "waiting_count": len(context["rows"]) if name == "waiting" else len(queries.waiting()),
        "shown_value": queries.shown_value,
        "shown_text": queries.shown_text,
        "declared": RUNTIME_SETTINGS.get,
    }
    return render(request, f"runtime/{name}.html", {**further, **context}, status=status)


def _key_page(
    request: HttpRequest, key: str, *, edit: ValueForm | None = None, above: OverrideForm | None = None
) -> HttpResponse:
    line = _explained(key)
    page = queries.history(key=key, size=5)
    initial = {"value": _initial(line)}
    context = {
        "line": line,
        "bounds": bounds(line.setting),
        "default": queries.shown_text(line.setting, configuration.render(line.setting, line.setting.default)),
        "edit": edit or ValueForm(line.setting, initial=initial),
        "above": above or OverrideForm(line.setting, initial=initial, auto_id="override_%s"),
        "page": page,
        "people": _people((*page.items, *line.layers)),
    }
    is_wrong = bool((edit and edit.errors) or (above and above.errors))
    return _page(request, "key", context, status=422 if is_wrong else 200)


def _set_page(request: HttpRequest, change_set_id: int, *, decision: NoteForm | None = None) -> HttpResponse:
    row = queries.change_set(change_set_id)
    context = {
        "row": row,
        "people": _people([row]),
        "decision": decision or NoteForm(),
        "is_own": not rules.may_approve(row.actor_id, _actor(request).pk),
        "restores_to": row.version - 1 if row.version and row.kind in _RESTORABLE else None,
    }
    return _page(request, "change_set", context, status=422 if decision else 200)


def _secrets_page(request: HttpRequest, *, wrong: dict[str, ReasonForm] | None = None) -> HttpResponse:
    found = queries.kept_secrets()
    forms = {secret.key: ReasonForm(auto_id=f"{secret.key}_%s") for secret in found} | (wrong or {})
    return _page(request, "secrets", {"found": found, "forms": forms}, status=422 if wrong else 200)


def _explained(key: str) -> Explanation:
    if RUNTIME_SETTINGS.get(key) is None:
        raise KeyUnknown
    return queries.explain(key)


def _initial(line: Explanation) -> str:
    setting: Setting = line.setting
    return "" if setting.secret or line.value is None else configuration.render(setting, line.value)


def _people(rows: Iterable[Any]) -> dict[int, Any]:
    ids: list[int | None] = []
    for row in rows:
        origin = getattr(row, "origin", None)
        ids += [origin.who] if origin else [row.actor_id, row.decided_by]
    return queries.people_by_id(ids)


def _said(row: ChangeSet) -> str:
    return {
        rules.WAITING: "The changes wait for somebody else to approve them.",
        rules.SCHEDULED: "The changes are scheduled.",
    }.get(row.state, f"Version {row.version} is in force.")


def _actor(request: HttpRequest) -> Any:
    return request.user


def _see(name: str, **arguments: Any) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse(name, kwargs=arguments))
    response.status_code = 303
    return response


_RESTORABLE = (ChangeSet.Kind.CHANGES, ChangeSet.Kind.ROLLBACK)
