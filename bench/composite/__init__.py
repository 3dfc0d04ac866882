"""One process for everything: what full load on its pages does to a room of sockets."""
