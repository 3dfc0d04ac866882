"""Sending to other servers, behind the same guard as reading."""

from collections.abc import Collection
from urllib.parse import urlsplit

import httpcore

from guildry.kernel import errors
from guildry.kernel.permissions import Actor
from guildry.platform.outbound import rules
from guildry.platform.outbound.queries import AddressRefused, GuardedBackend, NoUsefulAnswer


class NotTaken(errors.Unavailable):
    problem = errors.problem("message-not-taken", 503, "The other server did not take it", retryable=True)
    detail = "The other server did not take the message. It will be offered again."


def post(
    actor: Actor, *, url: str, body: bytes, headers: dict[str, str], trusted: Collection[str] = ()
) -> int:
    """Send a message and return the status of the answer; follows nobody elsewhere and reads no content.

    A host in `trusted`, or `host:port` for another port than the usual, may be at a private address. Raises
    AddressRefused, or NotTaken when nobody answers.
    """
    parts = urlsplit(url)
    is_trusted = parts.hostname in trusted or parts.netloc in trusted
    if not (rules.is_askable(url) or (is_trusted and parts.scheme in rules.PORTS)):
        raise AddressRefused
    backend = GuardedBackend(lambda address: is_trusted or rules.is_public(address))
    seconds = {
        "connect": rules.CONNECT_SECONDS,
        "read": rules.READ_SECONDS,
        "write": rules.READ_SECONDS,
        "pool": 1.0,
    }
    named = {"User-Agent": "Guildry", **headers}
    try:
        with (
            httpcore.ConnectionPool(network_backend=backend) as pool,
            pool.stream(
                "POST", url, headers=list(named.items()), content=body, extensions={"timeout": seconds}
            ) as answer,
        ):
            return int(answer.status)
    except (
        TimeoutError,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        NoUsefulAnswer,
    ) as error:
        raise NotTaken(f"Nobody took the message at {parts.hostname}.") from error
