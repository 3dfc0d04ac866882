"""The short way into busy reads of the API: around the library where a call says nothing that it must look at."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI


def shorten(api: NinjaAPI, operations: Any) -> None:
    """Take the short way to those operations that say how to read their parameters from a plain query.

    Their functions carry `reads_plainly`, which returns the parameters of a query, or None for one that the library
    has to look at. What they refuse is answered as the library would; raises TypeError where it would ask who calls.
    """
    for operation in operations:
        read = getattr(operation.view_func, "reads_plainly", None)
        if read is None:
            continue
        if operation.auth_callbacks or operation.throttle_objects:
            raise TypeError(
                f"{operation.view_func.__name__} is not open to everybody, so it has no short way."
            )
        operation.run = partial(_run, api, operation.view_func, read, operation.run)


def _run(
    api: NinjaAPI,
    view: Callable[..., HttpResponse],
    read: Callable[[Any], dict[str, Any] | None],
    whole_way: Callable[..., HttpResponse],
    request: HttpRequest,
    **parts: Any,
) -> HttpResponse:
    values = None if parts else read(request.GET)
    if values is None:
        return whole_way(request, **parts)
    try:
        return view(request, **values)
    except Exception as error:
        return api.on_exception(request, error)
