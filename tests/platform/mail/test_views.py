"""The mailbox: open where nothing is sent and the site is local, closed everywhere else."""

from typing import Any

import pytest
from django.test import Client

from guildry.kernel.permissions import SYSTEM
from guildry.platform.mail import actions, queries, rules
from guildry.platform.mail.models import Letter, OutgoingMail
from tests.factories.pages import text_of

pytestmark = pytest.mark.django_db
LETTER = Letter("Confirm your address", ("Enter this code.",), code="271828")


def send(to: str = "ada@example.org", subject: str = "Confirm your address") -> OutgoingMail:
    return actions.send_letter(SYSTEM, to=to, letter=Letter(subject, LETTER.paragraphs, code=LETTER.code))


def test_the_mailbox_shows_the_newest_mail_first(client: Client) -> None:
    send(subject="First")
    send("ben@example.org", subject="Second")

    page = text_of(client.get("/mailbox/"))

    assert page.index("Second") < page.index("First")
    assert "to ben@example.org" in page


def test_the_mail_to_one_address_can_be_asked_for(client: Client) -> None:
    send(subject="For Ada")
    send("ben@example.org", subject="For Ben")

    page = text_of(client.get("/mailbox/?to=Ben@Example.org"))

    assert "For Ben" in page
    assert "For Ada" not in page


def test_the_mailbox_is_read_page_by_page(client: Client, django_assert_num_queries: Any) -> None:
    for number in range(queries.PAGE + 2):
        send(subject=f"Number {number:02}")
    first = client.get("/mailbox/").content.decode()
    older = first.split('href="/mailbox/?after=')[1].split('"')[0].replace("&amp;", "&")

    with django_assert_num_queries(1):
        second = text_of(client.get(f"/mailbox/?after={older}"))

    assert "Number 01" in second
    assert "Number 02" not in second
    assert "Older mail" not in second


def test_an_empty_mailbox_says_so(client: Client) -> None:
    assert "No mail yet" in text_of(client.get("/mailbox/"))


def test_a_message_is_read_as_text_and_its_html_apart(client: Client) -> None:
    mail = send()

    page = client.get(f"/mailbox/{mail.pk}/")
    html = client.get(f"/mailbox/{mail.pk}/html/")

    assert "271828" in text_of(page)
    assert html.content.decode() == mail.html
    assert html.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_a_message_that_is_gone_is_not_found(client: Client) -> None:
    for address in ("/mailbox/1/", "/mailbox/1/html/"):
        page = client.get(address)
        assert page.status_code == 404
        assert "This message was deleted." in text_of(page)


@pytest.mark.parametrize(
    "change",
    [
        {"MAIL": "smtp://mail.example"},
        {"ORIGIN": "https://guild.example"},
        {"FURTHER_HOSTS": ("guild.example",)},
    ],
)
def test_the_mailbox_is_shut_where_people_are_real(
    change: dict[str, Any], client: Client, settings: Any
) -> None:
    mail = send()
    for name, value in change.items():
        setattr(settings, name, value)

    for address in ("/mailbox/", f"/mailbox/{mail.pk}/", f"/mailbox/{mail.pk}/html/"):
        page = client.get(address)
        assert page.status_code == 404
        assert "271828" not in page.content.decode()


def test_a_mail_server_is_read_from_its_address() -> None:
    assert rules.server_of("mailbox") is None
    assert rules.server_of("smtp://g%40x:p%3Aw@mail.example:2525") == rules.Server(
        "mail.example", 2525, "g@x", "p:w", False
    )
    assert rules.server_of("smtp://mail.example") == rules.Server("mail.example", 587)
    assert rules.server_of("smtps://mail.example") == rules.Server("mail.example", 465, is_implicit_tls=True)


@pytest.mark.parametrize("address", ["http://mail.example", "smtp://", "mail"])
def test_an_address_that_is_no_mail_server_says_what_fits(address: str) -> None:
    with pytest.raises(ValueError, match="GUILDRY_MAIL takes"):
        rules.server_of(address)


def test_a_message_names_itself_by_its_subject() -> None:
    assert str(send()) == "Confirm your address"


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.0.7", 403), ("", 403)]
)
def test_the_mailbox_is_read_on_its_own_machine(db: None, address: str, status: int) -> None:
    client = Client(REMOTE_ADDR=address)

    assert client.get("/mailbox/").status_code == status
