"""The Socket.IO gateway of this process: who is connected, what they may send, what they hear, in order.

A client connects to a namespace with the session cookie of its browser or with `auth: {ticket}`, then sends
`resume {after_seq, after_part}` once: it hears what it missed and from there on everything, each broadcast carrying
`seq` and, from the second of one fact on, `part`. Without `after_seq` it hears what comes from now on. The answer is
`{ok, last_seq}`, with `reset: true` when it was too far behind and should load its page again.

Refused connections carry `data: {code, retry_after?}`, refused events answer `{ok: false, code, message,
retry_after?, errors?}`; the codes are those of the problem registry: unauthenticated, ticket_refused, wrong_origin,
unknown_namespace, unknown_event, malformed, invalid, forbidden, beyond_scope, permission_missing, not_found, too_many,
too_many_connections, unavailable, internal, and whatever an action refuses with. Before the gateway ends a connection
it says `bye {reason, retry_in?}`: session_ended, suspended, token_revoked, forbidden, slow, flood. A process that is
told to stop says `server:draining {retry_after, jitter}`: come back after so many seconds and up to so many more. One
that misses what it needs keeps its sockets and says `server:degraded {}`, to those that resume then as well, and later
`server:recovered {}`.
"""

from guildry.platform.realtime.gateway.server import Gateway

GATEWAY = Gateway()
