"""`guildry member` looks after one account, and everything it changes is on record with its reason."""

import pytest

from guildry.config.__main__ import _parser
from guildry.kernel.points import COMMANDS
from guildry.people.accounts import queries
from guildry.people.accounts.actions import issue_token
from guildry.people.accounts.models import Member, StaffGrant
from guildry.platform.facts.models import StoredFact
from guildry.platform.mail.models import OutgoingMail
from tests.factories.factors import give_app, give_recovery_codes

pytestmark = pytest.mark.django_db


def member(*words: str) -> int:
    return COMMANDS["member"].run(_parser().parse_args(["member", *words]))


def facts() -> list[str]:
    return list(StoredFact.objects.order_by("id").values_list("name", flat=True))


def test_an_account_is_shown_with_how_it_is_protected(
    ada: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    give_app(ada)

    assert member("show", "Ada@Example.org") == 0

    shown = capsys.readouterr().out
    assert f"{ada.pk}  @ada  Ada Nwosu" in shown
    assert "state           active" in shown
    assert "second factors  totp" in shown
    assert "staff roles     none" in shown


def test_the_first_administrator_is_made_without_another(
    ada: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    assert member("grant", "ada@example.org", "administrator", "--reason", "The first one") == 0

    assert "It rests until they set up a second factor." in capsys.readouterr().out
    assert StaffGrant.objects.get().reason == "The first one"
    assert facts() == ["accounts.RoleGranted"]


def test_a_role_is_taken_away_again(ada: Member, capsys: pytest.CaptureFixture[str]) -> None:
    give_app(ada)
    member("grant", "ada@example.org", "operator", "--reason", "On call")

    assert member("revoke", "ada@example.org", "operator", "--reason", "Left the team") == 0
    assert [grant.revoked_at is None for grant in queries.grants_of(ada)] == [False]
    assert member("revoke", "ada@example.org", "operator", "--reason", "Again") == 1
    assert "does not hold that role" in capsys.readouterr().err


def test_an_account_is_suspended_and_let_in_again(ada: Member) -> None:
    assert member("suspend", "ada@example.org", "--reason", "Somebody else uses it") == 0
    ada.refresh_from_db()
    assert (ada.is_active, ada.suspension_reason) == (False, "Somebody else uses it")

    assert member("reinstate", "ada@example.org", "--reason", "It is theirs again") == 0
    ada.refresh_from_db()
    assert ada.is_active


def test_a_suspended_account_says_so(ada: Member, capsys: pytest.CaptureFixture[str]) -> None:
    member("suspend", "ada@example.org", "--reason", "Spam")
    member("show", "ada@example.org")

    assert "suspended: Spam" in capsys.readouterr().out


def test_lost_factors_are_removed_and_their_owner_is_told(
    ada: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    give_app(ada)
    give_recovery_codes(ada)
    before = len(facts())

    assert member("reset-factors", "ada@example.org", "--reason", "Shown a passport on a video call") == 0

    assert "2 were removed" in capsys.readouterr().out
    assert not queries.has_second_factor(ada)
    assert facts()[before:] == ["accounts.SecondFactorsReset"]
    assert OutgoingMail.objects.get().subject == "The second factors of your account were removed"


def test_no_factor_is_removed_without_a_reason(ada: Member, capsys: pytest.CaptureFixture[str]) -> None:
    give_app(ada)

    assert member("reset-factors", "ada@example.org", "--reason", " ") == 1

    assert queries.has_second_factor(ada)
    assert "Say why" in capsys.readouterr().err


def test_all_access_is_ended(ada: Member, ada_client: object, capsys: pytest.CaptureFixture[str]) -> None:
    issue_token(ada, name="laptop", scopes=["timeline.read"], days=30)

    assert member("end-access", "ada@example.org") == 0

    assert "1 sessions ended, 1 access tokens revoked" in capsys.readouterr().out
    assert (queries.sessions_of(ada), queries.tokens_of(ada)) == ([], [])


def test_an_address_nobody_has_is_said(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert member("show", "nobody@example.org") == 66
    assert "Nobody here has the address nobody@example.org." in capsys.readouterr().err
