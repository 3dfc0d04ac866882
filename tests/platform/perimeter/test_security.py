"""Those who look after security see what was blocked and refused, and judge it for a reason."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guildry.kernel import errors, permissions, runtime
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from guildry.platform.facts.models import StoredFact
from guildry.platform.perimeter import actions, queries
from guildry.platform.perimeter.models import PolicyViolation
from guildry.platform.perimeter.rules import Violation
from tests.factories.people import grant, make_member

SCREEN = "/ops/security/"


def holder(ada: Member, role: StaffRole) -> Client:
    client = Client()
    client.force_login(grant(make_member(f"staff_{role}"), role, by=ada))
    return client


@pytest.fixture
def operator(ada: Member) -> Client:
    return holder(ada, StaffRole.OPERATOR)


@pytest.fixture
def blocked(db: None) -> list[PolicyViolation]:
    for name in ("script-src-elem", "script-src-elem", "img-src", "connect-src"):
        actions.record_violation(
            SYSTEM, violation=Violation(name, f"https://{name}.example/x", "https://guild.example/timeline/")
        )
    return list(PolicyViolation.objects.order_by("pk"))


def test_what_was_blocked_is_summed_by_directive(ada: Member, blocked: list[PolicyViolation]) -> None:
    actions.record_violation(SYSTEM, violation=Violation("img-src", "data", ""))

    summed = queries.directives(SYSTEM)

    assert {row.name: (row.kinds, row.count) for row in summed} == {
        "script-src-elem": (1, 2), "img-src": (2, 2), "connect-src": (1, 1)
    }  # fmt: skip
    assert all(row.first_at <= row.last_at for row in summed)
    assert queries.directives(ada) == []
    assert queries.allowances(ada) == queries.allowances(None) == []


def test_violations_are_found_by_directive_and_page_by_page(blocked: list[PolicyViolation]) -> None:
    first = queries.violations(SYSTEM, size=2)
    second = queries.violations(SYSTEM, cursor=first.next_cursor, size=2)

    assert [row.pk for row in (*first.items, *second.items)] == [row.pk for row in reversed(blocked)]
    assert [row.directive for row in queries.violations(SYSTEM, directive="img-src").items] == ["img-src"]


def test_the_screen_shows_blocked_refused_and_told(operator: Client, blocked: list[PolicyViolation]) -> None:
    actions.count_refusal(SYSTEM, rate="credentials")
    actions.keep_refusals(SYSTEM)

    page = operator.get(SCREEN).content.decode()
    narrowed = operator.get(f"{SCREEN}?directive=img-src").content.decode()
    with runtime.overridden({"csp.mode": "report-only"}):
        reporting = operator.get(SCREEN).content.decode()

    assert "https://script-src-elem.example/x" in page
    assert "https://connect-src.example/x" not in narrowed
    assert "20 at once, 20 a minute" in page
    assert "12 of 13" in page
    assert "The content policy is enforced." in page
    assert "only reports, and blocks nothing" in reporting


@pytest.mark.parametrize("count", [1, 3])
def test_the_screen_takes_the_same_queries_however_much_was_blocked(
    operator: Client,
    blocked: list[PolicyViolation],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    PolicyViolation.objects.filter(pk__gt=blocked[count - 1].pk).delete()

    with django_assert_num_queries(5):
        operator.get(SCREEN)


def test_a_violation_is_dismissed_and_taken_up_again_for_a_reason(
    operator: Client, blocked: list[PolicyViolation], deliver: Callable[[], int]
) -> None:
    address = f"{SCREEN}violations/{blocked[0].pk}/"
    deliver()
    Entry.objects.all().delete()

    without = operator.post(f"{address}dismissal/")
    dismissed = operator.post(f"{address}dismissal/", {"reason": "A browser extension"})
    again = operator.post(f"{address}dismissal/", {"reason": "Twice"})
    waiting = operator.get(SCREEN).content.decode()
    aside = operator.get(f"{SCREEN}?show=dismissed").content.decode()
    reopened = operator.post(f"{address}reopening/", {"reason": "It was ours"})
    deliver()

    assert [answer.status_code for answer in (without, dismissed, again, reopened)] == [422, 302, 302, 302]
    assert "https://script-src-elem.example/x" not in waiting
    assert "https://script-src-elem.example/x" in aside
    assert not PolicyViolation.objects.get(pk=blocked[0].pk).is_dismissed
    told = list(Entry.objects.order_by("seq").values_list("name", "subject", "reason"))
    assert told == [
        ("perimeter.ViolationDismissed", f"violation:{blocked[0].pk}", "A browser extension"),
        ("perimeter.ViolationReopened", f"violation:{blocked[0].pk}", "It was ours"),
    ]


def test_a_dismissed_violation_goes_on_being_counted(blocked: list[PolicyViolation]) -> None:
    actions.dismiss_violation(SYSTEM, violation_id=blocked[1].pk, reason="Known")
    row = blocked[1]

    actions.record_violation(SYSTEM, violation=Violation(row.directive, row.blocked, row.source))

    row.refresh_from_db()
    assert (row.is_dismissed, row.count) == (True, 2)


def test_an_auditor_reads_and_judges_nothing(ada: Member, blocked: list[PolicyViolation]) -> None:
    auditor, address = holder(ada, StaffRole.AUDITOR), f"{SCREEN}violations/{blocked[0].pk}/"

    assert "Dismiss it" not in auditor.get(address).content.decode()
    assert auditor.post(f"{address}dismissal/", {"reason": "x"}).status_code == 403
    with pytest.raises(permissions.PermissionMissing):
        actions.dismiss_violation(ada, violation_id=blocked[0].pk, reason="x")
    assert StoredFact.objects.filter(name__startswith="perimeter.").count() == 0


def test_an_unknown_violation_and_one_without_reason_change_nothing(blocked: list[PolicyViolation]) -> None:
    with pytest.raises(queries.ViolationNotFound):
        actions.dismiss_violation(SYSTEM, violation_id=987654, reason="x")
    with pytest.raises(queries.ViolationNotFound):
        queries.violation_of(None, blocked[0].pk)
    with pytest.raises(errors.Invalid):
        actions.dismiss_violation(SYSTEM, violation_id=blocked[0].pk, reason=" ")

    assert not PolicyViolation.objects.filter(is_dismissed=True).exists()
