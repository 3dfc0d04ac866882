"""What members do about each other."""

from guildry.people.network.actions.connecting import (
    AlreadyAsked,
    AlreadyConnected,
    AskedTooSoon,
    NotConnected,
    RequestNotFound,
    accept_request,
    decline_request,
    end_connection,
    leave_connection,
    request_connection,
    withdraw_request,
)
from guildry.people.network.actions.following import follow_member, unfollow_member
from guildry.people.network.actions.pairs import NotWithYourself, YouBlockedThem
from guildry.people.network.actions.shielding import (
    block_member,
    mute_member,
    unblock_member,
    unmute_member,
)
from guildry.people.network.queries import MemberNotFound

__all__ = [
    "AlreadyAsked",
    "AlreadyConnected",
    "AskedTooSoon",
    "MemberNotFound",
    "NotConnected",
    "NotWithYourself",
    "RequestNotFound",
    "YouBlockedThem",
    "accept_request",
    "block_member",
    "decline_request",
    "end_connection",
    "follow_member",
    "leave_connection",
    "mute_member",
    "request_connection",
    "unblock_member",
    "unfollow_member",
    "unmute_member",
    "withdraw_request",
]
