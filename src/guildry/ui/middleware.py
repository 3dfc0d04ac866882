"""Tells views whether htmx asks for a part of a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def htmx(get_response: Handler) -> Handler:
    """Set `request.htmx`, true when htmx sent the request."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.htmx = request.headers.get("HX-Request") == "true"  # type: ignore[attr-defined]
        return get_response(request)

    return handle
