"""Facts about accounts."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class MemberJoined(Fact):
    member_id: int


@dataclass(frozen=True)
class MemberPresented(Fact):
    """A member changed the name, headline or portrait that others see."""

    member_id: int


@dataclass(frozen=True)
class MemberRenamed(Fact):
    """A member took another handle, which the fact does not say: facts outlive names."""

    member_id: int


@dataclass(frozen=True)
class PreferencesChanged(Fact):
    member_id: int


@dataclass(frozen=True)
class HatsChosen(Fact):
    member_id: int
    hats: tuple[str, ...]


@dataclass(frozen=True)
class HatSwitched(Fact):
    member_id: int
    hat: str


@dataclass(frozen=True)
class RoleGranted(Fact):
    member_id: int
    role: str
    grant_id: int


@dataclass(frozen=True)
class RoleRevoked(Fact):
    member_id: int
    role: str
    grant_id: int


@dataclass(frozen=True)
class MemberSuspended(Fact):
    member_id: int


@dataclass(frozen=True)
class MemberReinstated(Fact):
    member_id: int


@dataclass(frozen=True)
class SessionStarted(Fact):
    member_id: int
    session_id: int


@dataclass(frozen=True)
class SessionEnded(Fact):
    """A session is over, by signing out or by being revoked."""

    member_id: int
    session_id: int


@dataclass(frozen=True)
class PasswordChanged(Fact):
    member_id: int


@dataclass(frozen=True)
class EmailChanged(Fact):
    member_id: int


@dataclass(frozen=True)
class SecondFactorAdded(Fact):
    member_id: int
    kind: str


@dataclass(frozen=True)
class SecondFactorRemoved(Fact):
    member_id: int
    kind: str


@dataclass(frozen=True)
class SecondFactorsReset(Fact):
    """Staff took away what protects an account, because its owner had lost it."""

    member_id: int


@dataclass(frozen=True)
class TokenIssued(Fact):
    member_id: int
    token_id: int


@dataclass(frozen=True)
class TokenRevoked(Fact):
    member_id: int
    token_id: int
