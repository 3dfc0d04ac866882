"""The keys: looking through them, and changing or overriding one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import configuration, errors, permissions
from guildry.kernel.configuration import Code, bounds
from guildry.platform.runtime import actions, queries
from guildry.platform.runtime.actions.changes import CONSOLE
from guildry.platform.runtime.forms import OverrideForm, ReviewForm, ValueForm
from guildry.platform.runtime.views import frames
from guildry.ui.pages import render


@permissions.needs("config.read")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    text, section = asked.get("q", "")[:80], asked.get("section", "")[:80]
    only_changed = asked.get("changed") == "1"
    sections = queries.catalogue(text, section=section, only_changed=only_changed)
    context = {
        "sections": sections,
        "names": frames.sections(),
        "text": text,
        "section": section,
        "only_changed": only_changed,
    }
    return frames.page(request, "keys", context)


@permissions.needs("config.read")
@require_safe
def convergence(request: HttpRequest) -> HttpResponse:
    """Answer with the line that says how many processes have the newest version."""
    return render(request, "runtime/_convergence.html", {"convergence": queries.convergence()})


@permissions.needs("config.read")
@require_safe
def key(request: HttpRequest, key: str) -> HttpResponse:
    return key_page(request, key)


@permissions.needs("config.change")
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Show what another value would do, and put it in force or before somebody else once there is a reason."""
    line, takes_out = frames.explained(key), "reset" in (request.POST or request.GET)
    form = ReviewForm(request.POST or None)
    asked = ValueForm(line.setting, request.POST or request.GET)
    if not takes_out and not asked.is_valid():
        return key_page(request, key, edit=asked)
    text = None if takes_out else asked.cleaned_data["value"]
    found = queries.preview({key: text}, channel=CONSOLE)
    # What only clashes with another key may go together with it in the basket.
    wrong = tuple(entry for entry in found.wrong if entry.code != Code.COMBINATION)
    if wrong or not found.differences:
        asked.refuse(actions.ChangesRefused(errors=wrong) if wrong else actions.NothingToChange())
        return key_page(request, key, edit=asked)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.propose_changes(
                frames.actor_of(request),
                changes={key: text},
                reason=given["reason"],
                base_version=given["base_version"],
                due_at=given["due_at"],
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, frames.said(row))
            return frames.see("runtime:change_set", change_set_id=row.pk)
    if request.method != "POST":
        form = ReviewForm(initial={"value": text or "", "base_version": found.base_version})
    context = {"line": line, "found": found, "form": form, "takes_out": takes_out}
    return frames.page(request, "review", context, status=422 if form.errors else 200)


@permissions.needs("config.change")
@require_POST
def override(request: HttpRequest, key: str) -> HttpResponse:
    form = OverrideForm(frames.explained(key).setting, request.POST, auto_id="override_%s")
    if form.is_valid():
        try:
            actions.override_value(
                frames.actor_of(request),
                key=key,
                text=form.cleaned_data["value"],
                lifetime=form.length,
                reason=form.cleaned_data["reason"],
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The override is in force until it expires or is ended.")
            return frames.see("runtime:overrides")
    return key_page(request, key, above=form)


def key_page(
    request: HttpRequest, key: str, *, edit: ValueForm | None = None, above: OverrideForm | None = None
) -> HttpResponse:
    line = frames.explained(key)
    page = queries.history(key=key, size=5)
    initial = {"value": frames.initial(line)}
    context = {
        "line": line,
        "bounds": bounds(line.setting),
        "default": queries.shown_text(line.setting, configuration.render(line.setting, line.setting.default)),
        "edit": edit or ValueForm(line.setting, initial=initial),
        "above": above or OverrideForm(line.setting, initial=initial, auto_id="override_%s"),
        "page": page,
        "people": frames.people((*page.items, *line.layers)),
    }
    is_wrong = bool((edit and edit.errors) or (above and above.errors))
    return frames.page(request, "key", context, status=422 if is_wrong else 200)
