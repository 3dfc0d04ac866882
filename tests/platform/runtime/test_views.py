"""The configuration in the console: everybody on the staff looks, operators change, somebody else approves."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel.configuration import Examination, Given, Layer, Origin
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts.models import Member
from guildry.platform.runtime import actions, queries, rules
from guildry.platform.runtime.models import ChangeSet, Override
from tests.factories.runtime import LIMIT, POLICY, TITLE, make_staff

pytestmark = pytest.mark.django_db
HOME = "/ops/configuration/"


def browser_of(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def change(browser: Client, key: str, value: str, **further: Any) -> Any:
    form = {"value": value, "reason": "It was asked for.", "base_version": queries.current_version()}
    return browser.post(f"{HOME}keys/{key}/review/", {**form, **further})


def propose(actor: Member, changes: dict[str, str | None], **further: Any) -> ChangeSet:
    return actions.propose_changes(actor, changes=changes, reason="It was asked for.", **further)


@pytest.mark.parametrize(
    "path", ["", "waiting/", "overrides/", "history/", "secrets/", f"keys/{LIMIT}/", "keys/secret.key/"]
)
def test_an_auditor_sees_everything_and_can_change_nothing(path: str) -> None:
    browser = browser_of(make_staff("abe", StaffRole.AUDITOR))

    page = browser.get(HOME + path)

    assert page.status_code == 200
    assert '<form method="post" action="/ops' not in page.content.decode()
    assert change(browser, LIMIT, "20").status_code == 403


def test_keys_are_found_by_word_section_and_whether_they_were_changed(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})
    browser = browser_of(olu)

    by_word, by_section, changed = (
        text_of(browser.get(HOME + asked)) for asked in ("?q=what+says", "?section=test", "?changed=1")
    )

    assert (TITLE in by_word, LIMIT in by_word) == (True, False)
    assert (TITLE in by_section, LIMIT in by_section) == (True, True)
    assert (TITLE in changed, LIMIT in changed) == (False, True)
    assert "Nothing found" in text_of(browser.get(HOME + "?q=nonsense"))


def test_a_change_is_reviewed_and_then_in_force(olu: Member) -> None:
    browser = browser_of(olu)

    review = browser.get(f"{HOME}keys/{LIMIT}/review/", {"value": "20"})
    done = change(browser, LIMIT, "20")

    assert "10 a minute" in text_of(review)
    assert "20 a minute" in text_of(review)
    row = ChangeSet.objects.get()
    assert (done.status_code, done.headers["Location"]) == (303, f"{HOME}history/{row.pk}/")
    assert (row.state, row.actor_id, row.channel) == (rules.APPLIED, olu.pk, "console")


@pytest.mark.parametrize("value", ["0", "many", "10"])
def test_a_value_that_cannot_be_used_is_said_at_the_field(olu: Member, value: str) -> None:
    propose(olu, {LIMIT: "10"})

    answer = browser_of(olu).get(f"{HOME}keys/{LIMIT}/review/", {"value": value})

    assert answer.status_code == 422
    assert (
        'aria-invalid="true"' in answer.content.decode()
        or "Nothing would change" in text_of(answer)
        or "nothing to change" in text_of(answer)
    )


def test_a_change_needs_a_reason_and_the_version_it_was_looked_at_with(olu: Member) -> None:
    browser = browser_of(olu)

    without = change(browser, LIMIT, "20", reason=" ")
    late = change(browser, LIMIT, "20", base_version=7)
    far = change(browser, LIMIT, "20", due_at="2999-01-01T00:00")

    assert (without.status_code, late.status_code, far.status_code) == (422, 409, 422)
    assert not ChangeSet.objects.exists()


def test_a_stored_value_can_be_taken_out(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})

    done = change(browser_of(olu), LIMIT, "", reset="1")

    assert done.status_code == 303
    assert queries.explain(LIMIT).stored is None


def test_two_people_put_a_risky_value_in_force(olu: Member, ines: Member) -> None:
    mine, hers = browser_of(olu), browser_of(ines)
    change(mine, POLICY, "enforce")
    row = ChangeSet.objects.get()
    place = f"{HOME}history/{row.pk}/"

    own = mine.post(place + "approve/")
    waiting, page = text_of(hers.get(HOME + "waiting/")), text_of(hers.get(place))
    silent = hers.post(place + "decline/", {"note": " "})
    approved = hers.post(place + "approve/", {"note": "Seen."})

    row.refresh_from_db()
    assert (own.status_code, silent.status_code, approved.status_code) == (403, 422, 303)
    assert POLICY in waiting
    assert "In force now" in page
    assert "report" in page
    assert "Approve" in page
    assert (row.state, row.decided_by) == (rules.APPLIED, ines.pk)


def test_what_waits_is_declined_or_withdrawn(olu: Member, ines: Member) -> None:
    first, second = propose(olu, {POLICY: "enforce"}), propose(olu, {POLICY: "enforce"})

    browser_of(ines).post(f"{HOME}history/{first.pk}/decline/", {"note": "Too early."})
    browser_of(olu).post(f"{HOME}history/{second.pk}/withdraw/")

    assert list(ChangeSet.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "withdrawn"]


def test_an_earlier_version_is_restored_after_a_look(olu: Member) -> None:
    propose(olu, {LIMIT: "20"})
    propose(olu, {LIMIT: "30"})
    browser = browser_of(olu)

    page = text_of(browser.get(f"{HOME}versions/1/restore/"))
    without = browser.post(f"{HOME}versions/1/restore/", {"reason": ""})
    done = browser.post(f"{HOME}versions/1/restore/", {"reason": "It was too much."})
    again = browser.get(f"{HOME}versions/3/restore/")

    assert ("30 a minute" in page, "20 a minute" in page) == (True, True)
    assert (without.status_code, done.status_code) == (422, 303)
    assert queries.explain(LIMIT).stored == "20"
    assert "Nothing would change" in text_of(again)
    assert browser.get(f"{HOME}versions/99/restore/").status_code == 404


def test_an_override_is_set_shown_and_ended(olu: Member) -> None:
    browser = browser_of(olu)
    form = {"value": "50", "lifetime": "15", "reason": "A flood."}

    wrong = browser.post(f"{HOME}keys/{LIMIT}/override/", {**form, "value": "0"})
    done = browser.post(f"{HOME}keys/{LIMIT}/override/", form)
    row = Override.objects.get()
    shown = text_of(browser.get(HOME + "overrides/"))
    silent = browser.post(f"{HOME}overrides/{row.pk}/end/")
    ended = browser.post(f"{HOME}overrides/{row.pk}/end/", {"reason": "It is over."})

    assert (wrong.status_code, done.status_code, silent.status_code, ended.status_code) == (
        422,
        303,
        422,
        303,
    )
    assert row.expires_at - row.change_set.created_at >= timedelta(minutes=14)
    assert "50 a minute" in shown
    assert "A flood." in shown
    assert queries.active_overrides() == []


@pytest.mark.parametrize(("stored", "offered"), [(None, "10"), ("20", "20")])
def test_a_change_begins_with_what_holds_beneath_an_override(
    stored: str | None, offered: str, olu: Member
) -> None:
    if stored:
        propose(olu, {LIMIT: stored})
    actions.override_value(olu, key=LIMIT, text="50", lifetime=timedelta(hours=1), reason="A flood.")

    page = browser_of(olu).get(f"{HOME}keys/{LIMIT}/").content.decode()

    assert re.findall(r'<input[^>]* name="value" value="(\d+)"', page) == [offered, "50"]


def test_a_pinned_key_says_where_and_what_it_would_be(olu: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(olu, {LIMIT: "20"})
    given = {LIMIT: {Layer.DOTENV: Given("30", Origin(Layer.DOTENV, ".env:3"))}}
    monkeypatch.setattr("guildry.kernel.runtime._outside", Examination(given, {LIMIT: 30}, ()))
    browser = browser_of(olu)

    page = text_of(browser.get(f"{HOME}keys/{LIMIT}/"))
    refused = browser.get(f"{HOME}keys/{LIMIT}/review/", {"value": "40"})

    assert "Locked by .env:3. The console has 20 a minute" in page
    assert "30 a minute" in page
    assert refused.status_code == 422


def test_history_is_paged_and_narrowed_to_a_key(olu: Member) -> None:
    for number in range(21):
        propose(olu, {LIMIT: str(20 + number)})
    propose(olu, {TITLE: "Other"})
    browser = browser_of(olu)

    first, narrowed = browser.get(HOME + "history/"), browser.get(HOME + f"history/?key={TITLE}")

    assert "Older" in text_of(first)
    assert "Version 22" in text_of(narrowed)
    assert "Version 21" not in text_of(narrowed)


@pytest.mark.parametrize("path", ["keys/no.such/", "keys/no.such/review/?value=1", "history/77/"])
def test_what_is_not_there_is_not_found(olu: Member, path: str) -> None:
    assert browser_of(olu).get(HOME + path).status_code == 404


def test_a_secret_is_rotated_and_never_shown(olu: Member, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    browser = browser_of(olu)

    silent = browser.post(f"{HOME}secrets/metrics.token/rotate/", {"reason": ""})
    done = browser.post(f"{HOME}secrets/metrics.token/rotate/", {"reason": "Half a year."})
    page = browser.get(HOME + "secrets/").content.decode()

    secret = (tmp_path / "metrics_token").read_text().strip()
    assert (silent.status_code, done.status_code) == (422, 303)
    assert rules.fingerprint(secret) in page
    assert secret not in page


def test_processes_that_lag_are_named(olu: Member) -> None:
    actions.follow_changes(SYSTEM)
    propose(olu, {LIMIT: "20"})

    browser = browser_of(olu)
    before = [text_of(browser.get(HOME + place)) for place in ("", "convergence/")]
    actions.follow_changes(SYSTEM)
    after = text_of(browser.get(HOME + "convergence/"))

    assert ["0/1 processes on v1" in text for text in before] == [True, True]
    assert "1/1 processes on v1" in after


@pytest.mark.parametrize("path", ["", "waiting/", "overrides/", "history/"])
def test_pages_take_as_many_queries_whatever_they_show(
    path: str, olu: Member, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = browser_of(olu), []
    for number in range(3):
        propose(olu, {LIMIT: str(20 + number)})
        propose(olu, {POLICY: "enforce"})
        actions.override_value(
            make_staff(f"boss{number}", StaffRole.ADMINISTRATOR), key=TITLE, text=str(number),
            lifetime=timedelta(hours=1), reason="x",
        )  # fmt: skip
        browser.get(HOME + path)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(HOME + path)
        counts.append(len(seen))

    assert len(set(counts)) == 1
