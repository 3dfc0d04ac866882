"""Facts about who follows, knows, mutes or blocks whom."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class MemberFollowed(Fact):
    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class MemberUnfollowed(Fact):
    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class ConnectionRequested(Fact):
    requester_id: int
    addressee_id: int


@dataclass(frozen=True)
class ConnectionAccepted(Fact):
    """Two members are connected, and follow each other from then on."""

    requester_id: int
    addressee_id: int


@dataclass(frozen=True)
class ConnectionDeclined(Fact):
    requester_id: int
    addressee_id: int


@dataclass(frozen=True)
class ConnectionWithdrawn(Fact):
    requester_id: int
    addressee_id: int


@dataclass(frozen=True)
class ConnectionEnded(Fact):
    """One of two connected members, `ender_id`, ended it."""

    ender_id: int
    other_id: int


@dataclass(frozen=True)
class MemberBlocked(Fact):
    """A block ended whatever follows and connection there were between the two."""

    blocker_id: int
    blocked_id: int


@dataclass(frozen=True)
class MemberUnblocked(Fact):
    blocker_id: int
    blocked_id: int


@dataclass(frozen=True)
class MemberMuted(Fact):
    muter_id: int
    muted_id: int


@dataclass(frozen=True)
class MemberUnmuted(Fact):
    muter_id: int
    muted_id: int
