"""How members stand to each other, made directly so that a test states only what it is about."""

from typing import Any

from guildry.people.accounts.models import Member
from guildry.people.network.models import Block, Connection, Follow, Mute


def connect(one: Member, other: Member, **fields: Any) -> Connection:
    """Connect two members, without the follows that accepting brings."""
    fields.setdefault("state", "accepted")
    connection: Connection = Connection.objects.create(requester=one, addressee=other, **fields)
    if connection.state == "accepted" and connection.answered_at is None:
        connection.answered_at = connection.requested_at
        connection.save(update_fields=["answered_at"])
    return connection


def follow(follower: Member, followed: Member) -> Follow:
    return Follow.objects.create(follower=follower, followed=followed)


def block(blocker: Member, blocked: Member) -> Block:
    return Block.objects.create(blocker=blocker, blocked=blocked)


def mute(muter: Member, muted: Member) -> Mute:
    return Mute.objects.create(muter=muter, muted=muted)
