"""A signature counts when somebody known made it over exactly this manifest."""

import json

from guildry.ops.backups import archive
from guildry.ops.backups.archive import Signer
from tests.factories.backups import SECRET

PAYLOAD = b'{"format": "gbk/1"}'
OWN = archive.public_key_of(SECRET)


def test_a_signature_names_the_known_key_that_made_it() -> None:
    signature = archive.signed(PAYLOAD, SECRET)

    assert archive.signer_of(PAYLOAD, signature, {"another", OWN}) == Signer(OWN, is_genuine=True)


def test_the_same_secret_always_yields_the_same_key() -> None:
    assert archive.public_key_of(SECRET) == OWN != archive.public_key_of(f"{SECRET}.")


def test_somebody_unknown_signs_for_nobody() -> None:
    signature = archive.signed(PAYLOAD, "another secret")

    assert archive.signer_of(PAYLOAD, signature, {OWN}) == Signer("", is_genuine=True)


def test_another_manifest_does_not_fit_the_signature() -> None:
    signature = archive.signed(PAYLOAD, SECRET)

    assert archive.signer_of(PAYLOAD + b" ", signature, {OWN}) == Signer(OWN, is_genuine=False)


def test_what_is_no_signature_is_not_genuine() -> None:
    made = json.loads(archive.signed(PAYLOAD, SECRET))
    for damaged in (
        b"",
        b"\xff",
        b"[]",
        json.dumps({**made, "payloadType": "text/plain"}).encode(),
        json.dumps({**made, "signatures": [{"keyid": OWN, "sig": "not base64"}]}).encode(),
        json.dumps({**made, "signatures": [{"keyid": OWN, "sig": "AAAA"}]}).encode(),
    ):
        assert not archive.signer_of(PAYLOAD, damaged, {OWN}).is_genuine
