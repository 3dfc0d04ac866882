"""The probe of the sockets and their dispatcher."""

from guildry.platform.realtime.gateway import GATEWAY

MOST_LAG = 30.0


def probe() -> str:
    """Say how many sockets there are and how far the dispatcher is; raises RuntimeError when it stands still."""
    dispatcher = GATEWAY.dispatcher
    if dispatcher.seq is None:
        return "not in this role"
    observed = f"{len(GATEWAY.connections)} sockets of {len(GATEWAY.present())} members, dispatched to {dispatcher.seq}"
    if (lag := dispatcher.silence()) > MOST_LAG:
        raise RuntimeError(f"{observed}; the dispatcher has not looked for {lag:.0f} s")
    return observed
