"""Headers whose text is ours: put on a response without the checks that text of others needs.

They go straight into the store of Django's headers, as Django itself keeps them; a test holds both ways equal.
"""

from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

Prepared = dict[str, tuple[str, str]]


def prepared(headers: dict[str, str]) -> Prepared:
    """Return headers in the form in which `put_missing` takes them."""
    return {name.lower(): (name, value) for name, value in headers.items()}


def put(response: HttpResponse, name: str, value: str) -> None:
    """Set a header to ASCII text without line breaks."""
    _store(response)[name.lower()] = (name, value)


def put_missing(response: HttpResponse, headers: Prepared) -> None:
    """Set those headers that the response does not have yet."""
    store = _store(response)
    for name, header in headers.items():
        if name not in store:
            store[name] = header


def has(response: HttpResponse, name: str) -> bool:
    """Tell whether a header is set, by its name in lower case."""
    return name in _store(response)


def vary_on(response: HttpResponse, *names: str) -> None:
    """Say on which headers of the request a response depends, besides what it said before."""
    store = _store(response)
    if "vary" in store:
        patch_vary_headers(response, names)
    else:
        store["vary"] = ("Vary", ", ".join(names))


def _store(response: HttpResponse) -> Any:
    return response.headers._store
