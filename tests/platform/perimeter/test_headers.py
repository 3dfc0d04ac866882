"""The content policy is enforced or only reported, as it is set, and the site checks what it tells browsers."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from guildry.kernel import runtime
from guildry.platform.perimeter import middleware, queries, rules


def secure_headers(mode: str = rules.ENFORCE) -> dict[str, str]:
    return rules.site_headers("n" * 22, secure=True, origin="https://guild.example", mode=mode)


def test_the_policy_is_enforced_or_only_reported(calm_client: Client) -> None:
    enforced = calm_client.get("/problems/")
    with runtime.overridden({"csp.mode": "report-only"}):
        reported = calm_client.get("/problems/")

    assert "'nonce-" in enforced["Content-Security-Policy"]
    assert not enforced.has_header("Content-Security-Policy-Report-Only")
    assert not enforced.has_header("X-Frame-Options")
    assert "'nonce-" in reported["Content-Security-Policy-Report-Only"]
    assert not reported.has_header("Content-Security-Policy")
    assert reported["X-Frame-Options"] == "DENY"


def test_a_stricter_policy_of_an_answer_stays_in_force() -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    with runtime.overridden({"csp.mode": "report-only"}):
        answer = middleware.headers(lambda request: own)(RequestFactory().get("/"))

    assert answer["Content-Security-Policy"] == "sandbox"
    assert not answer.has_header("Content-Security-Policy-Report-Only")


def test_a_site_on_https_meets_every_demand() -> None:
    checks = rules.header_checks(secure_headers(), secure=True)

    assert [check for check in checks if not check.is_met] == []
    assert len(checks) == 13


@pytest.mark.parametrize(
    ("name", "value", "missed"),
    [
        ("Content-Security-Policy", "", 7),
        ("Content-Security-Policy", "script-src 'unsafe-inline'", 6),
        ("X-Content-Type-Options", "", 1),
        ("Referrer-Policy", "unsafe-url", 1),
        ("Cross-Origin-Opener-Policy", "", 1),
        ("Cross-Origin-Resource-Policy", "", 1),
        ("Permissions-Policy", "camera=()", 1),
        ("Strict-Transport-Security", "max-age=60", 1),
    ],
)
def test_a_header_that_says_less_is_found(name: str, value: str, missed: int) -> None:
    told = {**secure_headers(), name: value}

    assert sum(not check.is_met for check in rules.header_checks(told, secure=True)) == missed


def test_the_site_checks_what_it_says_now(settings: Any) -> None:
    plain = [check.header for check in queries.header_checks() if not check.is_met]
    settings.IS_SECURE, settings.ORIGIN = True, "https://guild.example"
    secure = [check.header for check in queries.header_checks() if not check.is_met]
    with runtime.overridden({"csp.mode": "report-only"}):
        reporting = {check.header for check in queries.header_checks() if not check.is_met}

    assert (plain, secure, reporting) == (["Strict-Transport-Security"], [], {"Content-Security-Policy"})
