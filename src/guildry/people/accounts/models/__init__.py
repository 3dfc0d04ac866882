"""Members and what proves and limits who they are."""

from guildry.people.accounts.models.access import AccessToken, OneTimeCode, Persona, Session
from guildry.people.accounts.models.members import (
    SECOND_FACTORS,
    Hat,
    Member,
    MemberManager,
    StaffGrant,
)

__all__ = [
    "SECOND_FACTORS",
    "AccessToken",
    "Hat",
    "Member",
    "MemberManager",
    "OneTimeCode",
    "Persona",
    "Session",
    "StaffGrant",
]
