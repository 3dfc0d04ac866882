"""What pages know of their request: whether htmx asks for a part of one, and which messages wait."""

from collections.abc import Callable

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse

from guildry.ui.messages import SignedMessages

Handler = Callable[[HttpRequest], HttpResponse]


def htmx(get_response: Handler) -> Handler:
    """Set `request.htmx`, true when htmx sent the request."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.htmx = request.META.get("HTTP_HX_REQUEST") == "true"  # type: ignore[attr-defined]
        return get_response(request)

    return handle


class messages(MessageMiddleware):  # noqa: N801 - Django names middleware by its dotted path, like a function
    """Django's message middleware with our storage, which costs nothing while there is nothing to say."""

    def process_request(self, request: HttpRequest) -> None:
        request._messages = SignedMessages(request)  # type: ignore[attr-defined]
