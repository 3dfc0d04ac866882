"""Pages of the schema: all areas and what is searched for, one area drawn, and one table with what leads to and from it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guildry.kernel.permissions import needs
from guildry.ops.blueprint import queries
from guildry.ops.blueprint.rules import ORDER
from guildry.ui.pages import render

LONGEST = 80


@needs("schema.read")
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST].strip()
    context = {
        "text": text,
        "hits": queries.found(text) if text else [],
        "areas": [(area, queries.heats_of(area.tables)) for area in queries.areas()],
        "rows": queries.row_counts(),
        "drift": queries.drift_now(),
        "heats": ORDER,
    }
    return render(request, "blueprint/schema.html", context, block="results" if request.htmx else None)  # type: ignore[attr-defined]


@needs("schema.read")
@require_safe
def area(request: HttpRequest, key: str) -> HttpResponse:
    found = queries.area_of(key)
    context = {
        "area": found,
        "drawing": queries.drawing_of(found),
        "is_alone": False,
        "heats": queries.heats_of(found.tables),
        "rows": queries.row_counts(),
    }
    return render(request, "blueprint/area.html", context)


@needs("schema.read")
@require_safe
def table(request: HttpRequest, called: str) -> HttpResponse:
    found = queries.table_of(called)
    context = {
        "table": found,
        "area": queries.area_of(found.area),
        "heats": queries.heats_of((found,)),
        "rows": queries.row_counts().get(called),
        "drift": [each for each in queries.drift_now() if each.table == called],
    }
    return render(request, "blueprint/table.html", context)
