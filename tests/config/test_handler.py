"""A request is Django's own, and a page leaves nothing behind that only the collector would find."""

import gc
import weakref
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from guildry.config.asgi import Handler, Request
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


def environ_for(path: str = "/", query: str = "", **further: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": "",
        "wsgi.input": BytesIO(), "wsgi.url_scheme": "http", **further,
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "", "a", "a=", "=b", "=", "a=b", "a=b&a=c&d=e", "a=b=c", "&&a=1&", "a=%20b", "a=b+c", "a=\xe9", "a=%ff", "~a=._-",
        "a;b=c", "&".join(f"a{number}=1" for number in range(60)),
    ],
)  # fmt: skip
def test_a_query_is_read_as_django_reads_it(query: str) -> None:
    ours, theirs = Request(environ_for(query=query)).GET, WSGIRequest(environ_for(query=query)).GET

    assert (list(ours.lists()), ours.encoding) == (list(theirs.lists()), theirs.encoding)
    with pytest.raises(AttributeError, match="immutable"):
        ours["a"] = "other"


def test_a_query_is_read_anew_in_another_encoding() -> None:
    ours, theirs = Request(environ_for(query="a=b")), WSGIRequest(environ_for(query="a=b"))
    ours.encoding = theirs.encoding = "latin-1"

    assert ours.GET == theirs.GET
    assert ours.GET.encoding == "latin-1"


@pytest.mark.parametrize(
    "environ",
    [
        environ_for("/timeline/"), environ_for("/caf\xc3\xa9/"), environ_for(""), environ_for("//twice"), environ_for("*"),
        environ_for(CONTENT_LENGTH="3"), environ_for(CONTENT_TYPE="text/plain; charset=latin-1"),
    ],
)  # fmt: skip
def test_a_request_is_the_one_django_makes(environ: dict[str, Any]) -> None:
    ours, theirs = Request(dict(environ)), WSGIRequest(dict(environ))

    for name in (
        "path",
        "path_info",
        "method",
        "content_type",
        "content_params",
        "encoding",
        "body",
        "headers",
        "META",
    ):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.get_full_path() == theirs.get_full_path()
