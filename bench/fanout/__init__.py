"""A room of a thousand sockets: broadcasts of the gateway beside those of other servers."""
