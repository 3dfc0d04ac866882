"""Facts about alerts."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class AlertOpened(Fact):
    alert_id: int


@dataclass(frozen=True)
class AlertResolved(Fact):
    alert_id: int


@dataclass(frozen=True)
class AlertAcknowledged(Fact):
    alert_id: int


@dataclass(frozen=True)
class AlertSilenced(Fact):
    """Nobody is told of a kind of alert until the silence ends."""

    silence_id: int


@dataclass(frozen=True)
class SilenceLifted(Fact):
    silence_id: int


@dataclass(frozen=True)
class DeliveryTried(Fact):
    """Somebody had a test message sent over every channel."""

    member_id: int
