"""Several keys at once: collected one by one, looked at together, changed as one set."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from guildry.kernel import errors, permissions
from guildry.kernel.configuration import Code
from guildry.platform.runtime import actions, queries
from guildry.platform.runtime.actions.changes import CONSOLE
from guildry.platform.runtime.forms import BasketForm, ValueForm
from guildry.platform.runtime.views import frames
from guildry.platform.runtime.views.keys import key_page


@permissions.needs("config.change")
def basket(request: HttpRequest) -> HttpResponse:
    """Show what the collected values would do together, and change them as one set once there is a reason."""
    collected = frames.basket_of(request)
    found = queries.preview(collected, channel=CONSOLE)
    form = BasketForm(request.POST or None, initial={"base_version": found.base_version})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose_changes(frames.actor_of(request), changes=collected, **form.cleaned_data)
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            del request.session[frames.BASKET]
            messages.success(request, frames.said(row))
            return frames.see("runtime:change_set", change_set_id=row.pk)
    lines = {line.setting.key: line for line in queries.explain_all() if line.setting.key in collected}
    context = {"found": found, "form": form, "lines": lines}
    return frames.page(request, "basket", context, status=422 if form.errors else 200)


@permissions.needs("config.change")
@require_POST
def collect(request: HttpRequest, key: str) -> HttpResponse:
    """Put a value of a key into the basket; whether all of them go together is seen there."""
    line = frames.explained(key)
    form = ValueForm(line.setting, request.POST)
    takes_out = "reset" in request.POST
    if not takes_out and not form.is_valid():
        return key_page(request, key, edit=form)
    text = None if takes_out else form.cleaned_data["value"]
    found = queries.preview({key: text}, channel=CONSOLE)
    wrong = tuple(entry for entry in found.wrong if entry.code != Code.COMBINATION)
    if wrong or not found.differences:
        form.refuse(actions.ChangesRefused(errors=wrong) if wrong else actions.NothingToChange())
        return key_page(request, key, edit=form)
    request.session[frames.BASKET] = {**frames.basket_of(request), **found.texts}
    messages.success(request, f"{line.setting.label} is in the basket.")
    return frames.see("runtime:keys")


@permissions.needs("config.change")
@require_POST
def leave_out(request: HttpRequest, key: str) -> HttpResponse:
    """Take a key out of the basket again."""
    kept = {name: text for name, text in frames.basket_of(request).items() if name != key}
    request.session[frames.BASKET] = kept
    return frames.see("runtime:basket")
