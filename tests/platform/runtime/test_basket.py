"""Several keys at once: collected, looked at together, changed as one set or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock
from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.runtime import actions, queries, rules
from guildry.platform.runtime.models import ChangeSet
from tests.factories.pages import announcements, text_of
from tests.factories.runtime import LEAST, LIMIT, POLICY, TITLE, make_staff

pytestmark = pytest.mark.django_db
HOME = "/ops/configuration/"
BASKET = f"{HOME}basket/"


@pytest.fixture
def browser(olu: Member) -> Client:
    client = Client()
    client.force_login(olu)
    return client


def collect(browser: Client, key: str, value: str = "", **further: Any) -> Any:
    return browser.post(f"{HOME}keys/{key}/collect/", {"value": value, **further})


def submit(browser: Client, reason: str = "Both were asked for.", **further: Any) -> Any:
    version = queries.current_version()
    return browser.post(BASKET, {"reason": reason, "base_version": version, **further})


def test_collected_keys_change_as_one_set_for_one_reason(browser: Client) -> None:
    first, second = collect(browser, LIMIT, "20"), collect(browser, TITLE, "Kiln")
    page = text_of(browser.get(BASKET))
    done = submit(browser)

    row = ChangeSet.objects.get()
    assert (first.status_code, second.status_code, done.status_code) == (303, 303, 303)
    assert all(word in page for word in ("10 a minute", "20 a minute", "Guild", "Kiln"))
    assert (row.state, row.version, row.reason) == (rules.APPLIED, 1, "Both were asked for.")
    assert sorted(row.changes.values_list("key", "after")) == [(LIMIT, "20"), (TITLE, "Kiln")]
    assert "The basket is empty" in text_of(browser.get(BASKET))


def test_values_that_clash_with_what_is_in_force_go_together_in_the_basket(browser: Client) -> None:
    alone = browser.get(f"{HOME}keys/{LEAST}/review/", {"value": "30"})
    refused = browser.post(
        f"{HOME}keys/{LEAST}/review/", {"value": "30", "reason": "Alone.", "base_version": 0}
    )
    collect(browser, LEAST, "30")
    clashing, not_yet = browser.get(BASKET), submit(browser)
    collect(browser, LIMIT, "40")
    done = submit(browser)

    assert "does not go together" in text_of(alone)
    assert ">Apply<" not in alone.content.decode()
    assert (refused.status_code, not_yet.status_code, done.status_code) == (422, 422, 303)
    assert "is above the limit" in text_of(clashing)
    assert "is above the limit" in text_of(not_yet)
    assert ChangeSet.objects.count() == 1
    assert [queries.explain(key).value for key in (LEAST, LIMIT)] == [30, 40]


def test_one_key_for_two_people_makes_the_whole_set_wait(browser: Client, ines: Member) -> None:
    collect(browser, LIMIT, "20")
    collect(browser, POLICY, "enforce")
    submit(browser)
    row = ChangeSet.objects.get()
    before = queries.explain(LIMIT).value

    actions.approve_changes(ines, change_set_id=row.pk)

    assert (row.state, before) == (rules.WAITING, 10)
    assert [queries.explain(key).value for key in (LIMIT, POLICY)] == [20, "enforce"]


def test_a_basket_can_have_a_time(browser: Client) -> None:
    collect(browser, LIMIT, "20")
    moment = clock.now() + timedelta(hours=2)

    submit(browser, due_at=moment.strftime("%Y-%m-%dT%H:%M"))

    row = ChangeSet.objects.get()
    assert (row.state, row.due_at) == (rules.SCHEDULED, moment.replace(second=0, microsecond=0))
    page = browser.get(f"{HOME}history/{row.pk}/").content.decode()
    assert "<count-down data-island=" in page
    assert f'<time datetime="{row.due_at.isoformat()}">' in page


def test_a_value_no_key_takes_stays_out_of_the_basket(browser: Client) -> None:
    answers = [collect(browser, LIMIT, value) for value in ("0", "many", "")]
    same = collect(browser, LIMIT, "10", reset="1")

    assert [answer.status_code for answer in (*answers, same)] == [422] * 4
    assert "The basket is empty" in text_of(browser.get(BASKET))
    assert collect(browser, "no.such", "1").status_code == 404


def test_a_key_is_left_out_again_and_the_others_stay(browser: Client) -> None:
    collect(browser, LIMIT, "20")
    collect(browser, TITLE, "Kiln")

    browser.post(f"{HOME}keys/{LIMIT}/leave-out/")
    submit(browser)

    assert list(ChangeSet.objects.get().changes.values_list("key", flat=True)) == [TITLE]


def test_a_stored_value_is_taken_out_with_the_others(browser: Client, olu: Member) -> None:
    actions.propose_changes(olu, changes={LIMIT: "20"}, reason="Before.")
    collect(browser, LIMIT, reset="1")
    collect(browser, TITLE, "Kiln")
    page = text_of(browser.get(f"{HOME}keys/{LIMIT}/"))

    submit(browser)

    assert "In the basket: back to what is below" in page
    assert (queries.explain(LIMIT).stored, queries.explain(TITLE).stored) == (None, "Kiln")


def test_a_basket_looked_at_before_somebody_else_changed_something_is_refused(
    browser: Client, ines: Member
) -> None:
    collect(browser, LIMIT, "20")
    seen = queries.current_version()
    actions.propose_changes(ines, changes={TITLE: "Kiln"}, reason="Meanwhile.")

    late = submit(browser, base_version=seen)
    again = submit(browser)

    assert (late.status_code, again.status_code) == (409, 303)


def test_a_basket_needs_a_reason_and_something_in_it(browser: Client) -> None:
    empty = submit(browser)
    collect(browser, LIMIT, "20")
    silent = submit(browser, reason=" ")

    assert (empty.status_code, silent.status_code) == (422, 422)
    assert not ChangeSet.objects.exists()
    assert "20 a minute" in text_of(browser.get(BASKET))


def test_baskets_are_those_of_one_browser_and_an_auditor_has_none(browser: Client, ines: Member) -> None:
    collect(browser, LIMIT, "20")
    other, auditor = Client(), Client()
    other.force_login(ines)
    auditor.force_login(make_staff("abe", StaffRole.AUDITOR))

    assert "The basket is empty" in text_of(other.get(BASKET))
    assert [auditor.get(BASKET).status_code, collect(auditor, LIMIT, "20").status_code] == [403, 403]
    assert "Basket" not in text_of(auditor.get(HOME))


def test_a_key_that_is_gone_is_gone_from_the_basket(browser: Client) -> None:
    session = browser.session
    session["configuration_basket"] = {"no.longer": "1", LIMIT: "20"}
    session.save()

    submit(browser)

    assert list(ChangeSet.objects.get().changes.values_list("key", flat=True)) == [LIMIT]


def test_what_was_collected_is_said(browser: Client) -> None:
    collect(browser, LIMIT, "20")

    assert "Limit is in the basket." in " ".join(announcements(browser.get(HOME)))
