"""Who made a backup: an Ed25519 signature over its manifest, in the detached form of DSSE."""

import base64
import hashlib
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TYPE = "application/vnd.guildry.backup+json"


@dataclass(frozen=True)
class Signer:
    """The outcome of looking at a signature: `key` is empty when nobody known made it."""

    key: str
    is_genuine: bool


class _Signature(msgspec.Struct, forbid_unknown_fields=True):
    keyid: str
    sig: str


class _Envelope(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    payload_type: str
    signatures: tuple[_Signature, ...]


def signed(payload: bytes, secret: str) -> bytes:
    """Return the signature file for a payload, made with the key that a secret of the site yields."""
    key = _private(secret)
    signature = _Signature(_text(key.public_key()), _b64(key.sign(_authenticated(payload))))
    return _written(_Envelope(TYPE, (signature,)))


def public_key_of(secret: str) -> str:
    """Return the public half of the key that a secret yields, as it is written down and compared."""
    return _text(_private(secret).public_key())


def signer_of(payload: bytes, signature: bytes, known: set[str]) -> Signer:
    """Say which of the known keys signed a payload, or what is wrong with the signature."""
    try:
        envelope = msgspec.json.decode(signature, type=_Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Signer("", is_genuine=False)
    if _written(envelope) != signature:
        return Signer("", is_genuine=False)
    candidates = [each for each in envelope.signatures if each.keyid in known]
    if not candidates:
        return Signer("", is_genuine=envelope.payload_type == TYPE)
    for each in candidates:
        if envelope.payload_type == TYPE and _fits(each, payload):
            return Signer(each.keyid, is_genuine=True)
    return Signer(candidates[0].keyid, is_genuine=False)


def _fits(signature: _Signature, payload: bytes) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.keyid, validate=True))
        raw = base64.b64decode(signature.sig, validate=True)
        key.verify(raw, _authenticated(payload))
    except (ValueError, InvalidSignature):
        return False
    return _b64(raw) == signature.sig


def _written(envelope: _Envelope) -> bytes:
    """Return the one way in which a signature is written; whatever else means the same is not taken."""
    return msgspec.json.format(msgspec.json.encode(envelope), indent=1) + b"\n"


def _private(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"guildry:backups:{secret}".encode()).digest())


def _authenticated(payload: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE.encode(), len(payload), payload)


def _text(key: Ed25519PublicKey) -> str:
    return _b64(key.public_bytes_raw())


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
