"""A secret gets a successor while what the one before sealed still opens, and nobody is shown either."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt

from guildry.kernel import clock, crypto, runtime
from guildry.kernel.configuration import Examination, Given, Layer, Origin
from guildry.kernel.configuration.keeping import Keeper
from guildry.kernel.permissions import SYSTEM
from guildry.ops.alerts.models import Device
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.platform.audit import queries as audit
from guildry.platform.facts import actions as facts
from guildry.platform.files import queries as files
from guildry.platform.runtime import actions, commands, queries
from guildry.platform.runtime.actions.rotation import SecretUnknown
from guildry.platform.runtime.models import ChangeSet
from tests.factories.factors import give_recovery_codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    settings.DATA_DIR = tmp_path
    keeper = Keeper(tmp_path)
    for key in ("secret.key", "metrics.token"):
        keeper.make(key)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keeper.newest_first("secret.key")[0], []
    monkeypatch.setattr(
        runtime,
        "_again",
        lambda: (
            runtime.outside(),
            {key: keeper.newest_first(key) for key in ("secret.key", "metrics.token")},
        ),
    )
    return keeper


def rotate(key: str = "secret.key") -> ChangeSet:
    row = actions.rotate_secret(SYSTEM, key=key, reason="Half a year has passed.", channel="command")
    actions.follow_changes(SYSTEM)
    return row


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.config_arguments(parser)
    return commands.config(parser.parse_args(words))


def test_both_secrets_are_accepted_until_the_next_rotation(kept: Keeper, settings: Any) -> None:
    first = settings.SECRET_KEY

    rotate()
    second = settings.SECRET_KEY
    rotate("metrics.token")

    assert (second, settings.SECRET_KEY_FALLBACKS) == (kept.newest_first("secret.key")[0], [first])
    assert crypto.site_keys() == [second, first]
    assert runtime.secrets_of("metrics.token") == kept.newest_first("metrics.token")
    assert len(set(runtime.secrets_of("metrics.token"))) == 2
    rotate()
    assert crypto.site_keys()[1:] == [second]


def test_the_history_knows_that_and_why_but_not_what(kept: Keeper, settings: Any) -> None:
    first = settings.SECRET_KEY

    row = rotate()

    change = queries.change_set(row.pk).changes.get()
    assert (row.kind, row.version, change.key) == (ChangeSet.Kind.ROTATION, 1, "secret.key")
    assert len(change.before or "") == len(change.after or "") == 12
    assert first not in f"{change.before}{change.after}"
    assert queries.verify_chain() == (1, None)
    assert queries.stored_at(1) == {}


def test_what_was_sealed_before_still_opens(ada: Member, settings: Any) -> None:
    sealed = crypto.box("session", further="key").encrypt(b"kept")
    code = crypto.keyed_digest("one-time-code", "7:123456")
    stamp = ada.get_session_auth_hash()
    address = files.address_of("0" * 32)

    rotate()

    assert crypto.box("session", further="key").decrypt(sealed) == b"kept"
    assert crypto.is_digest_of("one-time-code", "7:123456", code)
    assert not crypto.is_digest_of("one-time-code", "7:123457", code)
    assert ada.get_session_auth_hash() != stamp
    from guildry.people.accounts.queries.access import is_stamp_of

    assert is_stamp_of(ada, stamp)
    assert not is_stamp_of(ada, "another")
    assert files.address_of("0" * 32) != address


def test_members_stay_signed_in_over_a_rotation(ada_client: Any) -> None:
    before = ada_client.get("/settings/").status_code

    rotate()

    assert (before, ada_client.get("/settings/").status_code) == (200, 200)


def test_the_chain_of_facts_is_whole_over_a_rotation(ada: Member) -> None:
    rotate()
    facts.seal_facts(SYSTEM)
    rotate()

    assert audit.verify_chain()[1] is None


def test_second_factors_outlive_every_rotation(ada: Member) -> None:
    factor = Authenticator.objects.create(user=ada, type="totp", data={"secret": encrypt("JBSWY3DP")})
    codes = Authenticator.objects.create(
        user=ada, type="recovery_codes", data={"migrated_codes": [encrypt("12345678")], "used_mask": 0}
    )
    Authenticator.objects.create(user=ada, type="webauthn", data={"name": "key"})

    for _ in range(3):
        rotate()

    factor.refresh_from_db()
    codes.refresh_from_db()
    assert decrypt(factor.data["secret"]) == "JBSWY3DP"
    assert [decrypt(code) for code in codes.data["migrated_codes"]] == ["12345678"]
    assert accounts.reseal_factors(SYSTEM) == 2


def test_recovery_codes_that_are_hashed_outlive_every_rotation(ada: Member) -> None:
    codes = give_recovery_codes(ada)
    accounts.hash_recovery_codes(SYSTEM, member_id=ada.pk)

    for _ in range(3):
        rotate()

    assert accounts.spend_factor_code(SYSTEM, member_id=ada.pk, code=codes[0])


def test_sealed_columns_outlive_every_rotation(ada: Member) -> None:
    device = Device.objects.create(
        member=ada, digest="0" * 64, endpoint="https://push.example/x", public_key="BNc", auth="tBH",
        created_at=clock.now(),
    )  # fmt: skip

    for _ in range(3):
        rotate()

    device.refresh_from_db()
    assert (device.endpoint, device.public_key, device.auth) == ("https://push.example/x", "BNc", "tBH")
    assert actions.reseal_secrets(SYSTEM) == 3


def test_only_secrets_that_are_kept_can_be_rotated(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SecretUnknown):
        rotate("test.limit")
    with pytest.raises(SecretUnknown):
        rotate("nothing")
    given = {"secret.key": {Layer.DOTENV: Given("x", Origin(Layer.DOTENV, ".env:1"))}}
    monkeypatch.setattr(runtime, "_outside", Examination(given, {"secret.key": "given"}, ()))
    monkeypatch.setattr(runtime, "_secrets", {"secret.key": ("given",)})

    with pytest.raises(actions.SecretPinned):
        rotate()

    pinned = next(secret for secret in queries.kept_secrets() if secret.key == "secret.key")
    assert (pinned.pinned_by, pinned.made_at, len(pinned.fingerprints)) == (".env:1", None, 1)
    assert str(pinned).endswith("given by .env:1")


def test_a_rotation_without_a_reason_changes_nothing(kept: Keeper) -> None:
    before = kept.newest_first("secret.key")

    with pytest.raises(actions.BadReason):
        actions.rotate_secret(SYSTEM, key="secret.key", reason="", channel="command")

    assert kept.newest_first("secret.key") == before


def test_the_command_shows_marks_and_ages_only(kept: Keeper, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("secrets", "list") == 0
    listed = capsys.readouterr().out
    assert run("secrets", "rotate", "metrics.token", "--reason", "It was seen.", "--json") == 0
    answer = json.loads(capsys.readouterr().out)

    assert [line.split()[0] for line in listed.splitlines()] == ["secret.key", "metrics.token"]
    assert (answer["version"], answer["key"], len(answer["fingerprints"])) == (1, "metrics.token", 2)
    for key in ("secret.key", "metrics.token"):
        assert not any(secret in listed + json.dumps(answer) for secret in kept.newest_first(key))


def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("secrets", "rotate", "metrics.token") == commands.REFUSED
    assert capsys.readouterr().err.startswith("guildry: reason Say why")
    assert run("secrets", "rotate", "nothing", "--reason", "x") == commands.REFUSED
    assert "keeps no secret of that name" in capsys.readouterr().err


def test_the_command_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert (run("check"), run("check", "--json"), run("secrets", "list", "--json")) == (0, 0, 0)
    said = capsys.readouterr().out
    assert said.startswith("Files and environment can be used.\n")
    assert '"findings": []' in said


def test_a_secret_is_due_after_its_time(kept: Keeper) -> None:
    assert kept.made_at("nothing.here") is None
    assert kept.made_at("secret.key") is not None
    assert (clock.now() - kept.made_at("secret.key")).total_seconds() < 60  # type: ignore[operator]  # it is there
