"""The secrets that the site keeps, by fingerprint and age."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import permissions
from guildry.platform.runtime import actions, queries
from guildry.platform.runtime.actions.changes import CONSOLE
from guildry.platform.runtime.forms import ReasonForm
from guildry.platform.runtime.views import frames


@permissions.needs("config.read")
@require_safe
def secrets(request: HttpRequest) -> HttpResponse:
    return _secrets_page(request)


@permissions.needs("config.change")
@require_POST
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=f"{key}_%s")
    if form.is_valid():
        actions.rotate_secret(
            frames.actor_of(request), key=key, reason=form.cleaned_data["reason"], channel=CONSOLE
        )
        messages.success(
            request, "There is a new secret. The one before it is accepted until the next rotation."
        )
        return frames.see("runtime:secrets")
    return _secrets_page(request, wrong={key: form})


def _secrets_page(request: HttpRequest, *, wrong: dict[str, ReasonForm] | None = None) -> HttpResponse:
    found = queries.kept_secrets()
    forms = {secret.key: ReasonForm(auto_id=f"{secret.key}_%s") for secret in found} | (wrong or {})
    return frames.page(request, "secrets", {"found": found, "forms": forms}, status=422 if wrong else 200)
