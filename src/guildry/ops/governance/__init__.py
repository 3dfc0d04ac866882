"""Governance: who answers for which data, how long it stays, and members' rights to a copy of theirs and to its end."""
