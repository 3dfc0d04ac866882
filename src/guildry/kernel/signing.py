"""Ed25519 signatures of the site over documents it hands out, in the detached form of DSSE."""

import base64
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guildry.kernel import crypto


def public_key(purpose: str, *, secret: str = "") -> str:
    """Return the public half of the key that the site signs with for one purpose."""
    return _b64(_private(purpose, secret).public_key().public_bytes_raw())


def known_keys(purpose: str) -> set[str]:
    """Return the public halves of every key that the site has and still accepts."""
    return {public_key(purpose, secret=secret) for secret in crypto.site_keys()}


def sign(purpose: str, kind: str, payload: bytes) -> bytes:
    """Return the signature file of a payload; `kind` is its media type, signed with it."""
    signature = _private(purpose, "").sign(_authenticated(kind, payload))
    envelope = {
        "payloadType": kind,
        "signatures": [{"keyid": public_key(purpose), "sig": _b64(signature)}],
    }
    return json.dumps(envelope, indent=1).encode() + b"\n"


def is_signed(kind: str, payload: bytes, signature: bytes, *, keys: set[str]) -> bool:
    """Tell whether one of these keys signed exactly this payload as a document of this kind."""
    try:
        envelope: Any = json.loads(signature)
        found = [(each["keyid"], each["sig"]) for each in envelope["signatures"]]
        is_right_kind = envelope["payloadType"] == kind
    except (ValueError, KeyError, TypeError):
        return False
    return is_right_kind and any(key in keys and _fits(key, sig, kind, payload) for key, sig in found)


def _fits(key: str, signature: str, kind: str, payload: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), _authenticated(kind, payload))
    except (ValueError, InvalidSignature):
        return False
    return True


def _private(purpose: str, secret: str) -> Ed25519PrivateKey:
    material = f"guildry:{purpose}:{secret or crypto.site_keys()[0]}"
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(material.encode()).digest())


def _authenticated(kind: str, payload: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
