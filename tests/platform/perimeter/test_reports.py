"""What browsers blocked is counted, one row a kind, and nobody can fill the table."""

import json
from typing import Any

import pytest
from django.test import Client

from guildry.kernel.permissions import SYSTEM
from guildry.platform.perimeter import actions
from guildry.platform.perimeter.models import PolicyViolation
from guildry.platform.perimeter.rules import Violation

LEGACY = {
    "csp-report": {
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?secret=1",
        "document-uri": "https://guild.example/timeline/?q=private",
    }
}


def report(document: Any, content_type: str = "application/csp-report") -> Any:
    return Client(enforce_csrf_checks=True).post(
        "/csp-report",
        json.dumps(document) if not isinstance(document, bytes) else document,
        content_type=content_type,
    )


def test_the_same_violation_is_one_row_with_a_count(db: None) -> None:
    assert [report(LEGACY).status_code for _ in range(3)] == [204, 204, 204]

    row = PolicyViolation.objects.get()
    assert (row.directive, row.count) == ("script-src-elem", 3)
    assert (row.blocked, row.source) == ("https://evil.example/x.js", "https://guild.example/timeline/")


def test_a_batch_of_the_reporting_api_is_read(db: None) -> None:
    batch = [
        {"type": "csp-violation", "body": {"effectiveDirective": name, "blockedURL": "inline"}}
        for name in "abc"
    ]

    report(batch, "application/reports+json")

    assert sorted(PolicyViolation.objects.values_list("directive", flat=True)) == ["a", "b", "c"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 2000])
def test_a_report_that_cannot_be_read_is_malformed(db: None, body: bytes) -> None:
    answer = Client().post(
        "/csp-report", body, content_type="application/csp-report", headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert PolicyViolation.objects.count() == 0


@pytest.mark.parametrize(
    "document", [None, 1, "x", [], [[]], {"csp-report": "x"}, [{"body": {"blockedURL": 1}}]]
)
def test_a_report_that_says_nothing_stores_nothing(db: None, document: Any) -> None:
    assert report(document).status_code == 204
    assert PolicyViolation.objects.count() == 0


def test_a_flood_of_reports_is_stopped(db: None) -> None:
    answers = [report(LEGACY).status_code for _ in range(21)]

    assert (answers.count(204), answers[-1]) == (20, 429)


def test_past_the_most_kinds_only_known_ones_are_counted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_VIOLATION_KINDS", 2)

    for name in ("a", "b", "c", "a"):
        actions.record_violation(SYSTEM, violation=Violation(name, "", ""))

    assert dict(PolicyViolation.objects.values_list("directive", "count")) == {"a": 2, "b": 1}
