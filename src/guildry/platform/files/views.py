"""Where files are handed out."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from guildry.kernel import conditional, errors, permissions
from guildry.platform.files import queries, rules
from guildry.platform.files.queries import Served

_NUMBER = re.compile(r"[0-9]{1,9}")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cache-Control": "private, max-age=86400, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


class NoSuchPart(errors.DomainError):
    problem = errors.problem("range-not-satisfiable", 416, "The file has no such part")
    detail = "The file is shorter than the part you asked for."


@permissions.public
@require_safe
def serve(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    width, window = request.GET.get("w", "0"), request.GET.get("e", "")
    if not (_NUMBER.fullmatch(width) and _NUMBER.fullmatch(window)):
        raise errors.NotFound
    served = queries.opened(
        key, name=name, width=int(width), window=int(window), proof=request.GET.get("s", "")
    )
    headers = HEADERS | {"ETag": conditional.tag_of(f"{key}/{width}")}
    if conditional.names(request.headers.get("If-None-Match", ""), headers["ETag"], weakly=True):
        served.content.close()
        return HttpResponse(status=304, headers=headers)
    return _part(request, served, headers) or _whole(served, headers)


def _whole(served: Served, headers: dict[str, str]) -> FileResponse:
    return FileResponse(
        served.content,
        as_attachment=not served.is_inline,
        filename=served.name,
        content_type=served.media_type,
        headers=headers,
    )


def _part(request: HttpRequest, served: Served, headers: dict[str, str]) -> HttpResponse | None:
    """Return the part of a file that is asked for, or None when it is all of it, or of another version."""
    wanted, version = request.headers.get("Range", ""), request.headers.get("If-Range", headers["ETag"])
    if not wanted or version != headers["ETag"]:
        return None
    size = served.content.size
    try:
        part = rules.part_of(wanted, size)
    except ValueError as error:
        served.content.close()
        raise NoSuchPart from error
    if part is None:
        return None
    first, last = part
    with served.content as content:
        content.seek(first)
        body = content.read(last - first + 1)
    shown = content_disposition_header(not served.is_inline, served.name) or "attachment"
    headers = headers | {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Disposition": shown}
    return HttpResponse(body, status=206, content_type=served.media_type, headers=headers)
