"""Tokens for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from guildry.kernel import bus, clock, crypto, errors, runtime, text
from guildry.kernel.permissions import Actor
from guildry.people.accounts import events, queries, rules
from guildry.people.accounts.models import AccessToken, Member


class TooManyTokens(errors.Conflict):
    problem = errors.problem("too-many-tokens", 409, "You have enough tokens")
    detail = "You have as many tokens as one member may have. Revoke one before you make another."


@dataclass(frozen=True)
class IssuedToken:
    """A new token; `secret` exists here and nowhere else."""

    token: AccessToken
    secret: str


def issue_token(actor: Actor, *, name: str, scopes: Sequence[str], days: int) -> IssuedToken:
    """Make a token for the acting member; raises Invalid naming the field, or TooManyTokens."""
    _check(name, scopes, days)
    secret = crypto.new_token(rules.TOKEN_PREFIX)
    now = clock.now()
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(pk=actor.pk).first()
        if member is None:
            raise errors.Unauthenticated
        held = sum(token.expires_at > now for token in queries.tokens_of(member))
        if held >= runtime.value("accounts.tokens_most"):
            raise TooManyTokens
        token = AccessToken.objects.create(
            member=member,
            name=text.clean(name),
            prefix=secret[: len(rules.TOKEN_PREFIX) + 6],
            digest=crypto.digest(secret),
            scopes=sorted(set(scopes)),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        bus.publish(events.TokenIssued(member.pk, token.pk), actor=member)
    return IssuedToken(token, secret)


def revoke_token(actor: Actor, *, token_id: int) -> None:
    """End one of the acting member's tokens at once, or any for the system; raises NotFound for somebody else's."""
    with transaction.atomic():
        token = AccessToken.objects.select_for_update().filter(pk=token_id, revoked_at=None)
        if actor.pk is not None:
            token = token.filter(member_id=actor.pk)
        if (row := token.first()) is None:
            raise errors.NotFound("There is no such token, or it was revoked before.")
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        bus.publish(events.TokenRevoked(row.member_id, row.pk), actor=actor)


def touch_token(actor: Actor, *, token_id: int, used_at: datetime) -> None:
    """Note that a token was used; a second use of the same minute writes nothing."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=used_at - rules.SEEN_EVERY)
    AccessToken.objects.filter(stale, pk=token_id).update(last_used_at=used_at)


def _check(name: str, scopes: Sequence[str], days: int) -> None:
    found = []
    if not 1 <= len(text.clean(name)) <= 60:
        found.append(
            errors.FieldError("name", "Name the program that will use it, in at most 60 characters.")
        )
    if not scopes or not all(rules.is_scope(scope) for scope in scopes):
        found.append(
            errors.FieldError("scopes", "Choose what it may do: read, write, or an area's read or write.")
        )
    if days not in rules.TOKEN_DAYS:
        allowed = ", ".join(map(str, rules.TOKEN_DAYS))
        found.append(errors.FieldError("days", f"It can last {allowed} days."))
    if found:
        raise errors.Invalid(errors=tuple(found))
