"""The whole site, and pages that take their time."""

import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import include, path

from guildry.kernel import permissions
from tests.processes.workshop import actions, queries


@permissions.public
def slow(request: HttpRequest, tenths: int) -> HttpResponse:
    actions.note("asked", str(tenths))
    time.sleep(tenths / 10)
    return HttpResponse(f"after {tenths}")


@permissions.public
def writing(request: HttpRequest) -> HttpResponse:
    actions.leave_mark("page")
    return HttpResponse("written")


@permissions.public
def report(request: HttpRequest) -> JsonResponse:
    return JsonResponse(queries.report())


@permissions.public
def stream(request: HttpRequest, chunks: int) -> StreamingHttpResponse:
    def produce() -> Iterator[bytes]:
        try:
            for _ in range(chunks):
                yield b"x" * 65536
        finally:
            actions.note("streamed", "closed")

    return StreamingHttpResponse(produce())


handler400 = "guildry.platform.perimeter.views.bad_request"
handler403 = "guildry.platform.perimeter.views.forbidden"
handler404 = "guildry.platform.perimeter.views.not_found"
handler500 = "guildry.platform.perimeter.views.server_error"

urlpatterns = [
    path("workshop/slow/<int:tenths>/", slow),
    path("workshop/writing/", writing),
    path("workshop/report/", report),
    path("workshop/stream/<int:chunks>/", stream),
    path("", include("guildry.config.urls")),
]
