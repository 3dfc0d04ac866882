"""Facts about organisations."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class OrganisationFounded(Fact):
    """An organisation began; its founder is its first owner."""

    organisation_id: int
    founder_id: int


@dataclass(frozen=True)
class OrganisationEdited(Fact):
    organisation_id: int


@dataclass(frozen=True)
class OrganisationClosed(Fact):
    organisation_id: int


@dataclass(frozen=True)
class OrganisationReopened(Fact):
    organisation_id: int


@dataclass(frozen=True)
class OversightBegan(Fact):
    """Somebody of the staff said why they will act for an organisation they have no role in."""

    organisation_id: int
    member_id: int


@dataclass(frozen=True)
class MembershipStarted(Fact):
    organisation_id: int
    member_id: int


@dataclass(frozen=True)
class MembershipEnded(Fact):
    organisation_id: int
    member_id: int


@dataclass(frozen=True)
class MembershipRoleChanged(Fact):
    organisation_id: int
    member_id: int
    role: str


@dataclass(frozen=True)
class InvitationExtended(Fact):
    """Somebody was invited; `member_id` is None when only an e-mail address is known."""

    invitation_id: int
    organisation_id: int
    member_id: int | None


@dataclass(frozen=True)
class InvitationDeclined(Fact):
    invitation_id: int
    organisation_id: int


@dataclass(frozen=True)
class InvitationRevoked(Fact):
    invitation_id: int
    organisation_id: int


@dataclass(frozen=True)
class JoinRequested(Fact):
    request_id: int
    organisation_id: int
    member_id: int


@dataclass(frozen=True)
class JoinRequestDeclined(Fact):
    request_id: int
    organisation_id: int
    member_id: int


@dataclass(frozen=True)
class JoinRequestWithdrawn(Fact):
    request_id: int
    organisation_id: int
    member_id: int
