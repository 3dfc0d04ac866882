"""Over which channels news of alerts leave, and the keys that prove where they come from."""

import base64
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildry.kernel import crypto, runtime
from guildry.ops.alerts.models import Device

# The order of the curve P-256: a private key is a number below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Channels:
    """Which channels are in use: whether mail is sent, how many devices are told, and the webhook's address."""

    mail: bool
    push: bool
    devices: int
    webhook: str


def channels() -> Channels:
    push = bool(runtime.value("alerts.push"))
    return Channels(
        bool(runtime.value("alerts.mail")), push, Device.objects.count(), str(runtime.value("alerts.webhook"))
    )


def webhook_secret() -> bytes:
    """Return the key that webhooks are signed with, derived from the secret key and the host they go to."""
    host = urlsplit(str(runtime.value("alerts.webhook"))).netloc
    return bytes.fromhex(crypto.keyed_digest("alerts.webhook", host))


def shown_webhook_secret() -> str:
    """Return the key as receivers take it."""
    return f"whsec_{base64.b64encode(webhook_secret()).decode()}"


def push_private_key() -> ec.EllipticCurvePrivateKey:
    """Return the key by which push services know this site (RFC 8292), derived from the secret key."""
    number = int(crypto.keyed_digest("alerts.push", "vapid"), 16) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def push_key() -> str:
    """Return the public half, as browsers want it when they subscribe."""
    point = push_private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
