"""Push messages as browsers take them: encrypted for one of them (RFC 8291) and signed by this site (RFC 8292)."""

import base64
import json
import os
import struct
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from guildry.kernel import clock
from guildry.ops.alerts.queries.channels import push_key, push_private_key

RECORD = 4096
CURVE = ec.SECP256R1()


def encrypted(
    content: bytes,
    *,
    public_key: str,
    auth: str,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Encrypt a message for one browser with a key used once; raises ValueError for keys that are none."""
    theirs = unpacked(public_key)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
    secret = unpacked(auth)
    if len(secret) != 16:
        raise ValueError("The authentication secret of a browser has 16 bytes.")
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), receiver)
    key = _derived(shared, salt=secret, info=b"WebPush: info\0" + theirs + ours, length=32)
    content_key = _derived(key, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(key, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    sealed = AESGCM(content_key).encrypt(nonce, content + b"\2", None)
    return salt + struct.pack("!IB", RECORD, len(ours)) + ours + sealed


def push_headers(endpoint: str) -> dict[str, str]:
    """Return the headers that say how long a message is good and who sends it."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.present() + timedelta(hours=12)).timestamp()),
        "sub": settings.ORIGIN if settings.IS_SECURE else f"mailto:{settings.DEFAULT_FROM_EMAIL}",
    }
    return {
        "authorization": f"vapid t={_signed(claims)}, k={push_key()}",
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": "3600",
        "urgency": "high",
    }


def _signed(claims: dict[str, object]) -> str:
    """Return a JSON Web Token with an ES256 signature."""
    head = packed(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    content = f"{head}.{packed(json.dumps(claims).encode())}"
    signature = push_private_key().sign(content.encode(), ec.ECDSA(hashes.SHA256()))
    first, second = decode_dss_signature(signature)
    return f"{content}.{packed(first.to_bytes(32, 'big') + second.to_bytes(32, 'big'))}"


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Read URL-safe Base64 without padding; raises ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
