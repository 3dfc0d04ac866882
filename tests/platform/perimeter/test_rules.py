"""Pure decisions of the edge."""

import pytest

from guildry.platform.perimeter import rules

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_the_policy_never_allows_unsafe_sources() -> None:
    policy = rules.content_policy("N", secure=True)

    assert "unsafe" not in policy
    assert "script-src 'self' 'nonce-N';" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_reports_go_to_a_named_endpoint_only_on_https() -> None:
    assert rules.content_policy("N", secure=True).endswith("report-uri /csp-report; report-to csp")
    assert "report-to" not in rules.content_policy("N", secure=False)
    assert "upgrade-insecure-requests" not in rules.content_policy("N", secure=False)


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("0190163d-8694-739b-aea5-966c26f8ad91", True),
        ("a", True),
        ("a" * 65, False),
        ("a b", False),
        ("", False),
    ],
)
def test_a_key_is_short_and_plain(key: str, fits: bool) -> None:
    assert rules.is_key(key) is fits


@pytest.mark.parametrize(
    ("method", "path", "signed_in", "name"),
    [
        ("GET", "/timeline/", True, "read"),
        ("GET", "/timeline/", False, "guest-read"),
        ("POST", "/timeline/posts/", True, "write"),
        ("POST", "/join-us/", False, "credentials"),
        ("POST", "/accounts/login/", False, "credentials"),
        ("POST", "/people/ben/follow/", False, "guest-write"),
        ("GET", "/search/", True, "search"),
        ("POST", "/csp-report", False, "reports"),
    ],
)
def test_each_request_spends_from_one_allowance(method: str, path: str, signed_in: bool, name: str) -> None:
    assert rules.rate_class(method, path, signed_in=signed_in).name == name


def test_both_report_formats_name_the_same_violation() -> None:
    legacy = {
        "csp-report": {
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://evil.example/x.js?id=7",
            "document-uri": "https://guild.example/timeline/#top",
        }
    }
    modern = [
        {
            "type": "csp-violation",
            "body": {
                "effectiveDirective": "script-src-elem",
                "blockedURL": "https://evil.example/x.js?id=8",
                "documentURL": "https://guild.example/timeline/",
            },
        }
    ]
    expected = rules.Violation(
        "script-src-elem", "https://evil.example/x.js", "https://guild.example/timeline/"
    )

    assert rules.violations_in(legacy) == [expected]
    assert rules.violations_in(modern) == [expected]


@pytest.mark.parametrize("document", [None, 1, "x", [], {}, [1], {"csp-report": 1}, {"body": {}}])
def test_anything_else_holds_no_violation(document: object) -> None:
    assert rules.violations_in(document) == []


def test_parts_are_digested_one_by_one() -> None:
    assert rules.digest_of([b"ab", b"c"]) != rules.digest_of([b"a", b"bc"])


@pytest.mark.parametrize(
    ("path", "is_upload", "largest"),
    [
        ("/csp-report", True, 16_384),
        ("/api/v1/posts", False, 1_048_576),
        ("/timeline/", False, 2_097_152),
        ("/api/v1/files", True, 10_065_536),
    ],
)
def test_each_address_takes_so_much(path: str, is_upload: bool, largest: int) -> None:
    assert rules.largest_body(path, is_upload=is_upload, largest_file=10_000_000) == largest
