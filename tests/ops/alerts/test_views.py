"""The pages of alerts."""

import pytest
from django.test import Client

from guildry.kernel.permissions import StaffRole
from guildry.ops.alerts.models import Alert, Device, Silence
from guildry.people.accounts.models import Member
from guildry.platform.mail.models import OutgoingMail
from tests.factories.alerts import open_alert, read
from tests.factories.pages import text_of
from tests.factories.people import grant, make_member
from tests.ops.alerts.test_delivering import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(ada: Member, ben: Member, client: Client) -> Client:
    client.force_login(grant(ben, StaffRole.OPERATOR, by=ada))
    return client


@pytest.fixture
def auditor(ada: Member) -> Client:
    client = Client()
    client.force_login(grant(make_member("audrey"), StaffRole.AUDITOR, by=ada))
    return client


def test_a_quiet_board_says_so(operator: Client) -> None:
    assert "Nothing is beyond its threshold" in text_of(operator.get("/ops/alerts/"))


def test_an_alert_is_shown_with_its_runbook_and_what_can_be_done(operator: Client) -> None:
    open_alert()

    page = operator.get("/ops/alerts/").content.decode()

    assert "The disk is nearly full" in page
    assert 'href="/ops/runbooks/disk-full/"' in page
    assert "Look after it" in page
    assert "Silence it" in page


def test_an_auditor_sees_everything_and_is_offered_nothing(auditor: Client) -> None:
    found = open_alert()

    page = auditor.get("/ops/alerts/").content.decode()

    assert "The disk is nearly full" in page
    assert "Look after it" not in page
    assert auditor.post(f"/ops/alerts/{found.pk}/acknowledgement/").status_code == 403
    assert "whsec_" not in auditor.get("/ops/alerts/rules/").content.decode()


def test_an_alert_is_looked_after(operator: Client) -> None:
    found = open_alert()

    answer = operator.post(f"/ops/alerts/{found.pk}/acknowledgement/", {"note": "On it"}, follow=True)

    assert "You look after it. Others see that." in text_of(answer)
    assert "looks after it since" in text_of(answer)
    assert Alert.objects.get().note == "On it"


def test_a_silence_without_a_reason_says_what_is_missing(operator: Client) -> None:
    found = open_alert()

    answer = operator.post(f"/ops/alerts/{found.pk}/silence/", {"hours": "1", "reason": ""})

    assert (answer.status_code, Silence.objects.count()) == (422, 0)
    assert "Reason: fill this in." in text_of(answer)
    answer = operator.post(f"/ops/alerts/{found.pk}/silence/", {"hours": "1", "reason": "  "})
    assert answer.status_code == 422


def test_an_alert_is_silenced_and_speaks_again(operator: Client) -> None:
    found = open_alert()
    silenced = operator.post(
        f"/ops/alerts/{found.pk}/silence/", {"hours": "4", "reason": "Known"}, follow=True
    )
    assert "Let it speak" in text_of(silenced)

    lifted = operator.post(f"/ops/alerts/silences/{Silence.objects.get().pk}/lifting/", follow=True)

    assert "It speaks again." in text_of(lifted)
    assert "Let it speak" not in text_of(lifted)


def test_the_history_keeps_what_is_over(operator: Client) -> None:
    assert "Nothing has happened yet" in text_of(operator.get("/ops/alerts/history/"))
    open_alert()
    read(False, False, False)

    page = operator.get("/ops/alerts/history/").content.decode()

    assert "The disk is nearly full" in page
    assert operator.get("/ops/alerts/history/?cursor=nonsense").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_asks_the_same_number_of_queries(
    operator: Client, count: int, django_assert_max_num_queries: object
) -> None:
    for number in range(count):
        open_alert(f"queue.{number}")
    operator.get("/ops/alerts/")

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        operator.get("/ops/alerts/")


def test_thresholds_stand_beside_what_is_seen(operator: Client) -> None:
    page = text_of(operator.get("/ops/alerts/rules/"))

    assert "Jobs wait too long" in page
    assert "5 minutes" in page


def test_a_test_is_sent_to_whoever_asks(operator: Client, ben: Member) -> None:
    answer = operator.post("/ops/alerts/test/", follow=True)

    assert "One message is on its way." in text_of(answer)
    assert OutgoingMail.objects.get().to == ben.email


def test_a_browser_is_told_and_no_longer(operator: Client) -> None:
    given = Browser("https://push.example/1").subscription()

    assert operator.post("/ops/alerts/devices/", given).status_code == 201
    assert Device.objects.count() == 1
    assert operator.post("/ops/alerts/devices/removal/", {"endpoint": given["endpoint"]}).status_code == 200
    assert Device.objects.count() == 0
    assert operator.post("/ops/alerts/devices/", {}).status_code == 422


def test_the_worker_stands_where_it_may_answer_for_these_pages(client: Client) -> None:
    answer = client.get("/ops/alerts/worker.js")

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert b"showNotification" in answer.content
