"""Where in the order of facts a page begins, so that its socket can go on from there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildry.platform.realtime.gateway import GATEWAY

Handler = Callable[[HttpRequest], HttpResponse]


def places(get_response: Handler) -> Handler:
    """Note before any query of the page what was dispatched so far; None where nothing realtime runs."""

    def handle(request: HttpRequest) -> HttpResponse:
        known: Any = request
        known.live_seq = GATEWAY.dispatcher.seq
        return get_response(request)

    return handle
