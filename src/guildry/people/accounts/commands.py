"""The verb `guildry member`: the first administrator, lost second factors, and accounts in the wrong hands."""

import argparse
import sys
from collections.abc import Callable

from guildry.kernel import errors
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts import actions, queries
from guildry.people.accounts.models import Member, StaffGrant

REFUSED, NOT_FOUND = 1, 66


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="VERB")
    for name, (_, words) in VERBS.items():
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("email", metavar="EMAIL", help="the address of the account")
        if name in ("grant", "revoke"):
            verb.add_argument("role", choices=sorted(StaffRole))
        if name not in ("show", "end-access"):
            verb.add_argument("--reason", required=True, help="why; it is kept")


def member(arguments: argparse.Namespace) -> int:
    """Do one thing to one account and say what became of it."""
    found = queries.member_by_email(arguments.email.strip().lower())
    if found is None:
        sys.stderr.write(f"guildry: Nobody here has the address {arguments.email}.\n")
        return NOT_FOUND
    try:
        sys.stdout.write(f"{VERBS[arguments.what][0](found, arguments)}\n")
    except errors.DomainError as refusal:
        sys.stderr.write(f"guildry: {refusal.message}\n")
        return REFUSED
    return 0


def _show(found: Member, arguments: argparse.Namespace) -> str:
    roles = ", ".join(grant.role for grant in _held(found)) or "none"
    factors = ", ".join(factor.type for factor in queries.second_factors_of(found)) or "none"
    lines = {
        "account": f"{found.pk}  @{found.handle}  {found.name}",
        "state": "active" if found.is_active else f"suspended: {found.suspension_reason}",
        "staff roles": roles,
        "second factors": factors,
        "sessions": str(len(queries.sessions_of(found))),
        "access tokens": str(len(queries.tokens_of(found))),
    }
    return "\n".join(f"{name:<15} {value}" for name, value in lines.items())


def _held(found: Member) -> list[StaffGrant]:
    return [grant for grant in queries.grants_of(found) if grant.revoked_at is None]


def _grant(found: Member, arguments: argparse.Namespace) -> str:
    actions.grant_role(SYSTEM, member_id=found.pk, role=StaffRole(arguments.role), reason=arguments.reason)
    rests = "" if queries.has_second_factor(found) else " It rests until they set up a second factor."
    return f"@{found.handle} is {arguments.role} now.{rests}"


def _revoke(found: Member, arguments: argparse.Namespace) -> str:
    held = [grant for grant in _held(found) if grant.role == arguments.role]
    actions.revoke_role(SYSTEM, grant_id=held[0].pk if held else 0, reason=arguments.reason)
    return f"@{found.handle} is {arguments.role} no longer."


def _suspend(found: Member, arguments: argparse.Namespace) -> str:
    actions.suspend_member(SYSTEM, member_id=found.pk, reason=arguments.reason)
    return f"@{found.handle} is locked out everywhere, and reads why when they try to sign in."


def _reinstate(found: Member, arguments: argparse.Namespace) -> str:
    actions.reinstate_member(SYSTEM, member_id=found.pk, reason=arguments.reason)
    return f"@{found.handle} may sign in again."


def _reset_factors(found: Member, arguments: argparse.Namespace) -> str:
    count = actions.reset_second_factors(SYSTEM, member_id=found.pk, reason=arguments.reason)
    ended = actions.end_other_sessions(SYSTEM, member_id=found.pk)
    return f"@{found.handle} has no second factor any more; {count} were removed and {ended} sessions ended."


def _end_access(found: Member, arguments: argparse.Namespace) -> str:
    ended = actions.end_other_sessions(SYSTEM, member_id=found.pk)
    actions.end_codes(SYSTEM, member_id=found.pk)
    tokens = queries.tokens_of(found)
    for token in tokens:
        actions.revoke_token(SYSTEM, token_id=token.pk)
    return f"@{found.handle} is signed out everywhere: {ended} sessions ended, {len(tokens)} access tokens revoked."


VERBS: dict[str, tuple[Callable[[Member, argparse.Namespace], str], str]] = {
    "show": (_show, "what the account may do and how it is protected"),
    "grant": (_grant, "give a staff role"),
    "revoke": (_revoke, "take a staff role away"),
    "suspend": (_suspend, "lock the account out, at once and everywhere"),
    "reinstate": (_reinstate, "let a suspended account in again"),
    "reset-factors": (_reset_factors, "remove lost passkeys, apps and recovery codes"),
    "end-access": (_end_access, "end every session, code and access token"),
}
