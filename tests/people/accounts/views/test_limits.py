"""What the pages allow to be tried: per identity, per network, and the same for whoever exists or not."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, rules
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


def use_up(act: str, *, network: str = "198.51.100.1", identity: str = "") -> None:
    """Try as often as one network, or one identity, may at once."""
    (burst, _), (own_burst, _) = rules.ATTEMPTS[act]
    for _ in range((own_burst if identity else burst) - 1):
        actions.count_attempt(SYSTEM, act=act, address=network, identity=identity)


def test_one_network_tries_only_so_many_identities(ada: Member) -> None:
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9"), "one@example.org").status_code == 422

    use_up("sign_in", network="203.0.113.1")

    assert sign_in(Client(REMOTE_ADDR="203.0.113.250"), "one-more@example.org").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.114.1"), "one-more@example.org").status_code == 422


@pytest.mark.parametrize(
    ("act", "address", "answers"),
    [
        ("second_factor", "/confirm/second-factor/", {"code": "1"}),
        ("reauthenticate", "/confirm/password/", {"password": "wrong"}),
    ],
)
def test_confirming_who_one_is_is_tried_only_so_often(
    act: str, address: str, answers: dict[str, str], ada: Member
) -> None:
    give_app(ada)
    client = from_network(1)
    client.force_login(ada)
    assert client.post(address, answers).status_code == 422

    use_up(act, identity=KNOWN)

    assert client.post(address, answers).status_code == 429


def test_a_code_is_entered_only_so_often(ada: Member) -> None:
    client = from_network(1)
    ask_for_code(client, KNOWN)
    assert client.post("/sign-in/code/confirm/", {"code": "wrong"}).status_code == 422

    use_up("enter_code", identity=KNOWN)

    assert client.post("/sign-in/code/confirm/", {"code": "wrong"}).status_code == 429
    assert OneTimeCode.objects.get().attempts == 1


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
