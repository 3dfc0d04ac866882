"""Facts about what members are told."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class MembersNotified(Fact):
    """Notifications appeared; those suppressed are not among them."""

    notification_ids: tuple[int, ...]


@dataclass(frozen=True)
class NotificationsRead(Fact):
    """A member read one, some or all of their notifications."""

    member_id: int


@dataclass(frozen=True)
class NotificationsWithdrawn(Fact):
    """What some members were told is no longer so, and was taken back."""

    member_ids: tuple[int, ...]


@dataclass(frozen=True)
class ChannelsChosen(Fact):
    """A member chose what to be told, where and when."""

    member_id: int


@dataclass(frozen=True)
class MailPaused(Fact):
    """A member paused mail, or ended the pause."""

    member_id: int


@dataclass(frozen=True)
class MailUnsubscribed(Fact):
    """Somebody followed the link at the end of a mail; `kind` is a kind of notification, or "digest"."""

    member_id: int
    kind: str
