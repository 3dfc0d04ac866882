"""The screen that looks into a box; nothing of it is kept."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from guildry.kernel import permissions
from guildry.kernel.errors import DomainError
from guildry.ops.schemas import queries
from guildry.ops.schemas.forms import BoxForm
from guildry.people.accounts.queries import member_by_handle
from guildry.ui.pages import render


@permissions.needs("contracts.read")
@require_http_methods(["GET", "HEAD", "POST"])
def hive(request: permissions.MemberRequest) -> HttpResponse:
    form = BoxForm(request.POST, request.FILES) if request.method == "POST" else BoxForm()
    found: dict[str, Any] = {"inspection": None, "report": None, "unknown": ""}
    if form.is_valid():
        found |= _looked_into(form)
    status = 422 if form.errors else 200
    content = {"form": form, "boxes": queries.entities(), **found}
    return render(request, "schemas/hive.html", content, status=status)


def _looked_into(form: BoxForm) -> dict[str, Any]:
    """Return what the page shows of a box, with problems put to the fields they are about."""
    given = form.cleaned_data
    member = member_by_handle(given["member"].strip().removeprefix("@")) if given["member"] else None
    if given["member"] and member is None:
        form.add_error("member", "No active member has this handle.")
    manifest = _manifest(form)
    if form.errors:
        return {}
    box = queries.open_box(given["box"].read(), key=given["key"])
    inspection = queries.inspected(box, name=given["box"].name)
    try:
        report = queries.verify_box(box, name=form.box_name, member=member, manifest=manifest)
    except queries.UnknownBox as refusal:
        return {"inspection": inspection, "unknown": str(refusal)}
    return {"inspection": inspection, "report": report}


def _manifest(form: BoxForm) -> Any:
    if not form.cleaned_data["manifest"]:
        return None
    try:
        return queries.read_manifest(form.cleaned_data["manifest"].read())
    except DomainError as refusal:
        form.add_error("manifest", str(refusal))
        return None
