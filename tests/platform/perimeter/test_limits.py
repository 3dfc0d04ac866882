"""Every class of requests has an allowance that is set at runtime, and refusals are counted without writes in a flood."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import limits, runtime
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.perimeter import actions, queries, rules
from guildry.platform.perimeter.models import RateRefusal

UPLOAD = {"content_type": "multipart/form-data; boundary=x", "data": b"--x--"}
# One request of each class: who makes it, by which method, where, and what it carries.
REQUESTS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "credentials": ("guest", "POST", "/sign-in/", {}),
    "codes": ("guest", "POST", "/sign-in/code/confirm/", {}),
    "search": ("guest", "GET", "/organisations/search/", {}),
    "exports": ("ada", "POST", "/ops/audit/export/", {}),
    "uploads": ("ada", "POST", "/offer/", UPLOAD),
    "read": ("ada", "GET", "/offer/", {}),
    "write": ("ada", "POST", "/offer/", {}),
    "guest-read": ("guest", "GET", "/offer/", {}),
    "guest-write": ("guest", "POST", "/offer/", {}),
    "reports": ("guest", "POST", "/csp-report", {}),
    "address": ("ada", "GET", "/offer/", {}),
}


@pytest.fixture
def clients(ada: Member) -> dict[str, Client]:
    known, guest = Client(raise_request_exception=False), Client(raise_request_exception=False)
    known.force_login(ada)
    return {"ada": known, "guest": guest}


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    actions._refused.clear()


@pytest.mark.parametrize("kind", rules.RATE_CLASSES, ids=lambda kind: kind.name)
def test_an_allowance_is_what_its_settings_say(clients: dict[str, Client], kind: rules.RateClass) -> None:
    who, method, path, more = REQUESTS[kind.name]
    call = partial(clients[who].generic, method, path, **more)
    burst, per_minute = kind.keys

    before = call()
    limits.forget_all()
    with runtime.overridden({burst: 1, per_minute: 2}):
        first, second = call(), call()

    assert 429 not in (before.status_code, first.status_code)
    assert second.status_code == 429
    assert second["RateLimit-Policy"] == f'"{kind.name}";q=1;w=30'
    assert 29 <= int(second["Retry-After"]) <= 30
    assert queries.rates()[kind.name] == kind


@pytest.mark.parametrize(
    ("method", "path", "is_upload", "name"),
    [
        ("POST", "/codes/abc/", False, "codes"),
        ("POST", "/settings/security/app/add/", False, "codes"),
        ("POST", "/join/confirm/", False, "codes"),
        ("POST", "/confirm/password/", False, "credentials"),
        ("GET", "/sign-in/code/", False, "read"),
        ("POST", "/organisations/northwind/mark/", True, "uploads"),
        ("GET", "/ops/audit/export/", False, "exports"),
    ],
)
def test_what_is_guessed_copied_or_heavy_has_a_budget_of_its_own(
    method: str, path: str, is_upload: bool, name: str
) -> None:
    assert rules.rate_class(method, path, signed_in=True, is_upload=is_upload).name == name


@pytest.mark.parametrize(
    ("byte_count", "cost"), [(0, 1), (4 * 1024**2 - 1, 1), (4 * 1024**2, 2), (10**12, 60)]
)
def test_an_upload_costs_what_it_weighs_and_never_more_than_fits(byte_count: int, cost: int) -> None:
    assert rules.cost_of(rules.UPLOADS, byte_count) == cost
    assert rules.cost_of(rules.WRITE, byte_count) == 1


def test_a_large_upload_leaves_less(clients: dict[str, Client]) -> None:
    answer = clients["ada"].generic("POST", "/offer/", **UPLOAD, CONTENT_LENGTH=str(5 * 1024**2))

    assert answer["RateLimit"].startswith('"uploads";r=58;')


def test_members_behind_one_address_share_its_allowance(clients: dict[str, Client], ben: Member) -> None:
    other = Client()
    other.force_login(ben)

    with runtime.overridden({"http.rate.address_burst": 2, "http.rate.address_per_min": 2}):
        answers = [client.get("/problems/") for client in (clients["ada"], other, clients["guest"])]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"].startswith('"read"')
    assert answers[2]["RateLimit-Policy"].startswith('"address"')


def test_refusals_are_counted_in_memory_and_written_now_and_then(clients: dict[str, Client]) -> None:
    with runtime.overridden({"http.rate.guest_read_burst": 1, "http.rate.guest_read_per_min": 1}):
        for _ in range(4):
            clients["guest"].get("/problems/")
    before = RateRefusal.objects.count()

    kept = [actions.keep_refusals(SYSTEM), actions.keep_refusals(SYSTEM)]
    actions.count_refusal(SYSTEM, rate="guest-read")
    actions.keep_refusals(SYSTEM)

    assert (before, kept) == (0, [3, 0])
    assert list(RateRefusal.objects.values_list("rate", "count")) == [("guest-read", 4)]


@pytest.mark.django_db
def test_a_count_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.count_refusal(SYSTEM, rate="read")
    with monkeypatch.context() as patched:
        patched.setattr(RateRefusal, "objects", None)
        with pytest.raises(AttributeError):
            actions.keep_refusals(SYSTEM)

    assert actions.keep_refusals(SYSTEM) == 1
