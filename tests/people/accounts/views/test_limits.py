"""What the pages allow to be tried: per identity, per network, and the same for whoever exists or not."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildry.people.accounts import rules
from guildry.people.accounts.models import Member, OneTimeCode
from tests.factories.factors import give_app
from tests.factories.mail import letters_to
from tests.factories.pages import leads_to, text_of
from tests.factories.people import PASSWORD

KNOWN, UNKNOWN = "ada@example.org", "nobody@example.org"


def from_network(number: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.{number}.7")


def sign_in(client: Client, email: str) -> Any:
    return client.post("/sign-in/", {"login": email, "password": "not the password"})


def ask_for_code(client: Client, email: str) -> Any:
    return client.post("/sign-in/code/", {"email": email})


def ask_for_reset(client: Client, email: str) -> Any:
    return client.post("/password/reset/", {"email": email})


def join(client: Client, email: str) -> Any:
    return client.post("/join/", {"name": "Cleo", "handle": "cleo", "email": email, "password": PASSWORD})


WAYS = pytest.mark.parametrize(
    ("act", "knock"),
    [("sign_in", sign_in), ("send_code", ask_for_code), ("reset_password", ask_for_reset), ("sign_up", join)],
)


@WAYS
@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_one_identity_is_tried_only_so_often_from_wherever(
    act: str, knock: Callable[..., Any], email: str, ada: Member
) -> None:
    burst = rules.ATTEMPTS[act][1][0]
    answers = [knock(from_network(number), email).status_code for number in range(burst)]

    refused = knock(from_network(200), email)

    assert 429 not in answers
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 1
    assert "Too many at once" in text_of(refused)
    assert knock(from_network(201), "third@example.org").status_code != 429


def test_a_refused_try_sends_no_mail(ada: Member) -> None:
    burst = rules.ATTEMPTS["send_code"][1][0]
    for number in range(burst + 3):
        ask_for_code(from_network(number), KNOWN)

    assert len(letters_to(KNOWN)) == burst
    assert OneTimeCode.objects.count() == burst


def test_one_network_tries_only_so_many_identities(ada: Member) -> None:
    """The edge lets an address post a few times a minute; the rest of its network counts along here."""
    burst = rules.ATTEMPTS["sign_in"][0][0]
    for number in range(burst):
        answer = sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), f"m{number}@example.org")
        assert answer.status_code == 422

    assert sign_in(Client(REMOTE_ADDR="203.0.113.250"), "one-more@example.org").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.114.1"), "one-more@example.org").status_code == 422


def test_a_second_factor_is_guessed_only_so_often(ada: Member) -> None:
    give_app(ada)
    burst = rules.ATTEMPTS["second_factor"][1][0]
    statuses = []
    for number in range(burst + 1):
        client = from_network(number)
        client.force_login(ada)
        statuses.append(client.post("/confirm/second-factor/", {"code": "1"}).status_code)

    assert statuses == [422] * burst + [429]


def test_a_password_is_confirmed_only_so_often(ada: Member) -> None:
    burst = rules.ATTEMPTS["reauthenticate"][1][0]
    statuses = []
    for number in range(burst + 1):
        client = from_network(number)
        client.force_login(ada)
        statuses.append(client.post("/confirm/password/", {"password": "wrong"}).status_code)

    assert statuses == [422] * burst + [429]


def test_a_code_is_entered_only_so_often(ada: Member) -> None:
    burst = rules.ATTEMPTS["enter_code"][1][0]
    statuses = []
    for number in range(burst + 1):
        client = from_network(number)
        client.force_login(ada)
        session = client.session
        session["accounts.waiting_code"] = {
            "id": "0198c0de-0000-7000-8000-000000000000", "email": KNOWN, "purpose": "sign_in", "after": "",
        }  # fmt: skip
        session.save()
        statuses.append(client.post("/sign-in/code/confirm/", {"code": "123456"}).status_code)

    assert statuses == [410] * burst + [429]


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed, which is what takes the time."""
    seen: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def noted(self: Any, password: str, *rest: Any, **more: Any) -> str:
        seen.append(password)
        return str(encode(self, password, *rest, **more))

    monkeypatch.setattr(hasher, "encode", noted)
    return seen


@WAYS
def test_known_and_unknown_identities_get_the_same_answer_for_the_same_work(
    act: str, knock: Callable[..., Any], ada: Member, hashed: list[str]
) -> None:
    EmailAddress.objects.create(user=ada, email=KNOWN, verified=True, primary=True)
    outcomes = []
    for number, email in enumerate((KNOWN, UNKNOWN)):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = knock(from_network(number), email)
        writes = [
            query["sql"].split()[0] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))
        ]
        page = text_of(answer).replace(email, "")
        outcomes.append((answer.status_code, leads_to(answer)[1], page, len(hashed), len(writes)))

    assert outcomes[0] == outcomes[1]
