"""What is known of members, of their ways in, and of what they were granted."""

from guildry.people.accounts.queries.access import (
    Identity,
    TokenHolder,
    authenticate_token,
    live_code,
    member_of_session,
    sessions_of,
    tokens_of,
)
from guildry.people.accounts.queries.members import (
    free_handle,
    has_second_factor,
    is_handle_free,
    member_by_email,
    member_by_handle,
    member_by_id,
    members_by_id,
    search_members,
    second_factors_of,
)
from guildry.people.accounts.queries.roles import (
    PermissionRow,
    grants_of,
    permission_table,
    staff_members,
)

__all__ = [
    "Identity",
    "PermissionRow",
    "TokenHolder",
    "authenticate_token",
    "free_handle",
    "grants_of",
    "has_second_factor",
    "is_handle_free",
    "live_code",
    "member_by_email",
    "member_by_handle",
    "member_by_id",
    "member_of_session",
    "members_by_id",
    "permission_table",
    "search_members",
    "second_factors_of",
    "sessions_of",
    "staff_members",
    "tokens_of",
]
