"""Where files are handed out."""

import re

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from guildry.kernel import errors, permissions
from guildry.platform.files import queries

_NUMBER = re.compile(r"[0-9]{1,9}")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cache-Control": "private, max-age=86400, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@permissions.public
@require_safe
def serve(request: HttpRequest, key: str, name: str) -> FileResponse:
    width, window = request.GET.get("w", "0"), request.GET.get("e", "")
    if not (_NUMBER.fullmatch(width) and _NUMBER.fullmatch(window)):
        raise errors.NotFound
    served = queries.opened(
        key, name=name, width=int(width), window=int(window), proof=request.GET.get("s", "")
    )
    return FileResponse(
        served.content,
        as_attachment=not served.is_inline,
        filename=served.name,
        content_type=served.media_type,
        headers=HEADERS,
    )
