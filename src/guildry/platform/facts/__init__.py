"""The durable outbox: facts sealed into one order and delivered at least once."""
