"""What happens in governance; facts outlive those they are about, so they carry numbers only."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class CopyRequested(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class CopyReady(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class CopyCollected(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class ErasureRequested(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class ErasureCancelled(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class ErasurePlanned(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class ErasureApproved(Fact):
    """Somebody other than who planned it let an erasure go ahead."""

    request_id: int
    member_id: int


@dataclass(frozen=True)
class ErasureRefused(Fact):
    request_id: int
    member_id: int


@dataclass(frozen=True)
class MemberErased(Fact):
    """Nothing of a member was found any more when it was looked for."""

    request_id: int
    member_id: int


@dataclass(frozen=True)
class ErasuresRepeated(Fact):
    """After a restore, members were erased again whom the restored data still knew."""

    count: int


@dataclass(frozen=True)
class HoldPlaced(Fact):
    hold_id: int


@dataclass(frozen=True)
class HoldLifted(Fact):
    hold_id: int


@dataclass(frozen=True)
class RetentionApplied(Fact):
    run_id: int
