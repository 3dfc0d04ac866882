"""A page leaves nothing behind that only the collector would find."""

import gc
import weakref
from io import BytesIO
from typing import Any

import pytest

from guildry.config.asgi import Handler
from guildry.people.accounts.models import Member


class Seen(Handler):
    """A handler that remembers, weakly, what it answered."""

    def resolve_request(self, request: Any) -> Any:
        self.seen = weakref.ref(request)
        return super().resolve_request(request)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/timeline/", "/api/v1/timeline/posts"])
def test_a_request_is_gone_as_soon_as_it_is_answered(ada: Member, path: str) -> None:
    handler = Seen()
    gc.collect()
    gc.disable()
    try:
        response: Any = handler(
            {
                "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost",
                "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": BytesIO(), "wsgi.url_scheme": "http",
            },
            lambda status, headers: None,
        )  # fmt: skip
        status = response.status_code
        response.close()
        del response

        assert (status, handler.seen()) == (200, None)
    finally:
        gc.enable()
