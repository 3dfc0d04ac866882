"""The API's document for programs, and the same for people.

The API comes in with whoever asks for it first: pages do without what it needs, and a start need not wait for it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from guildry.kernel import errors
from guildry.kernel.permissions import public
from guildry.ops.contracts import queries as contracts
from guildry.platform.perimeter import queries as edge
from guildry.ui.pages import render


@require_safe
@public
def document(request: HttpRequest) -> HttpResponse:
    """The document, packed for whoever unpacks it: it is long and says much twice."""
    from guildry.config.api import api

    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(api.document_bytes, content_type="application/json")
    else:
        response = HttpResponse(api.packed_document, content_type="application/json")
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
@public
def contract_file(request: HttpRequest, path: str) -> HttpResponse:
    """One document of the contracts, as it is committed."""
    text = contracts.files().get(path)
    if text is None:
        raise errors.NotFound
    media_type = "application/yaml" if path.endswith(".yaml") else "application/json"
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8")


@require_safe
@public
def client_file(request: HttpRequest, path: str) -> HttpResponse:
    """One file of a generated client, to be kept."""
    text = contracts.client_files().get(path)
    if text is None:
        raise errors.NotFound
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{path.rpartition("/")[2]}"'},
    )


@require_safe
@public
def events_page(request: HttpRequest) -> HttpResponse:
    """Everything that sockets tell and take."""
    from guildry.config.api import events, reference

    context = {
        "places": events.places(),
        "shared": events.shared(),
        "groups": list(reference.groups().values()),
        "origin": settings.ORIGIN,
    }
    return render(request, "config/api_events.html", context)


@require_safe
@public
def contracts_page(request: HttpRequest) -> HttpResponse:
    """The documents to download, the clients, and what changed."""
    from guildry.config.api import reference

    context = {
        "groups": list(reference.groups().values()),
        "manifest": contracts.manifest(),
        "history": contracts.history(),
        "clients": sorted(contracts.client_files()),
    }
    return render(request, "config/api_contracts.html", context)


@require_safe
@public
def search_page(request: HttpRequest) -> HttpResponse:
    """What the reference says of some words."""
    from guildry.config.api import reference, searching

    wanted = request.GET.get("q", "")[:100].strip()
    context = {
        "groups": list(reference.groups().values()),
        "wanted": wanted,
        "found": searching.found(wanted) if wanted else [],
    }
    block = "results" if request.htmx else None  # type: ignore[attr-defined]
    return render(request, "config/api_search.html", context, block=block)


@require_safe
@public
def overview(request: HttpRequest) -> HttpResponse:
    """How to call the API, and everything it can do at a glance."""
    from guildry.config.api import reference

    context = {
        "groups": list(reference.groups().values()),
        "origin": settings.ORIGIN,
        "cookie": settings.SESSION_COOKIE_NAME,
        "rates": list(edge.rates().values()),
        "changes": reference.CHANGES,
        "problem_count": len(errors.REGISTRY),
    }
    return render(request, "config/api.html", context)


@require_safe
@public
def group_page(request: HttpRequest, group: str) -> HttpResponse:
    """Every operation of one group in full."""
    from guildry.config.api import reference

    found = reference.groups().get(group)
    if found is None:
        raise errors.NotFound
    return render(
        request, "config/api_group.html", {"group": found, "groups": list(reference.groups().values())}
    )
