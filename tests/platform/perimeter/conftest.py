"""Addresses that refuse, for looking at what a caller gets."""

from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_POST

from guildry.config import urls
from guildry.kernel import errors, permissions

CALLS: list[str] = []
FIXING = permissions.Permission("edge.fix", "Mend the edge", frozenset({permissions.StaffRole.OPERATOR}))


class OfferExpired(errors.Gone):
    detail = "This offer ended on Friday."


class PlaceTaken(errors.Invalid):
    detail = "This place is taken."


def offer(request: HttpRequest) -> HttpResponse:
    raise OfferExpired


def place(request: HttpRequest) -> HttpResponse:
    raise PlaceTaken(field="place.name")


def private(request: HttpRequest) -> HttpResponse:
    raise errors.Unauthenticated


def locked(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret inside")


def staff(request: HttpRequest) -> HttpResponse:
    permissions.require(permissions.System(staff_roles=frozenset()), FIXING.name)
    return HttpResponse()


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    CALLS.append(request.body.decode())
    return HttpResponse(f"call {len(CALLS)}", status=201, headers={"Location": "/x"})


def number(request: HttpRequest) -> HttpResponse:
    return HttpResponse('{"number": 1}', content_type="application/json")


urlpatterns = [
    path("offer/", offer),
    path("place/", place),
    path("private/", private),
    path("locked/", locked),
    path("missing/", missing),
    path("broken/", broken),
    path("staff/", staff),
    path("api/v1/test/send", send),
    path("api/v1/test/number", number),
    path("api/v1/test/offer", offer),
    path("api/v1/test/place", place),
    path("api/v1/test/private", private),
    path("api/v1/test/locked", locked),
    path("", include(urls)),
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture(autouse=True)
def refusing_addresses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.platform.perimeter.conftest"
    monkeypatch.setitem(permissions.PERMISSIONS._entries, FIXING.name, FIXING)
    CALLS.clear()


@pytest.fixture
def calls() -> list[str]:
    return CALLS


@pytest.fixture
def calm_client(db: None) -> Client:
    """A client that shows what a visitor gets when a view breaks, instead of raising."""
    return Client(raise_request_exception=False)
