"""Counting tries at whatever lets somebody in."""

from guildry.kernel import crypto, limits, runtime
from guildry.kernel.permissions import Actor
from guildry.people.accounts import rules

TRIES = {"sign_in": "accounts.sign_in_tries", "send_code": "accounts.codes_sent"}


def count_attempt(actor: Actor, *, act: str, address: str, identity: str = "") -> None:
    """Count one try against the network it comes from and whom it is about; raises TooMany."""
    (burst, seconds), (own_burst, own_seconds) = rules.ATTEMPTS[act]
    if act in TRIES:
        own_burst = runtime.value(TRIES[act])
    network = rules.address_prefix(address)
    limits.spend(f"accounts.{act}:{network}", burst=burst, per_second=1 / seconds)
    if identity:
        who = crypto.keyed_digest("attempt", identity.strip().lower())
        limits.spend(f"accounts.{act}:{who}", burst=own_burst, per_second=1 / own_seconds)
