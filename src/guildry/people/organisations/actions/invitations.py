"""Inviting people, sending and withdrawing invitations, and answering them."""

from typing import Any

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from guildry.kernel import bus, clock, crypto, errors, limits, runtime, text, validation
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.organisations import queries, rules
from guildry.people.organisations.actions.memberships import AlreadyInside, start_membership
from guildry.people.organisations.actions.organisations import RightMissing, hold
from guildry.people.organisations.events import (
    InvitationDeclined,
    InvitationExtended,
    InvitationRevoked,
)
from guildry.people.organisations.models import Invitation, Membership, Organisation


class AlreadyInvited(errors.DomainError):
    problem = errors.problem("already-invited", 409, "Already invited")
    detail = "This person already has an invitation. You can send it again or withdraw it."


class TooManyInvitations(errors.TooMany):
    problem = errors.problem("too-many-invitations", 429, "Too many open invitations", retryable=True)
    detail = (
        "This organisation has too many open invitations. Withdraw some, or wait until they are answered."
    )


class SentTooOften(errors.TooMany):
    problem = errors.problem("sent-too-often", 429, "Sent too often", retryable=True)
    detail = "This invitation went out a moment ago, or four times already. Give the person time to answer."


class InvitationForSomeoneElse(errors.Forbidden):
    problem = errors.problem("invitation-for-someone-else", 403, "This invitation is for someone else")
    detail = "This invitation was made out to another member. Sign in with that account to answer it."


def invite(actor: Any, *, organisation_id: int, to: str, role: str = "member", note: str = "") -> Invitation:
    """Invite a member by handle, or anybody by e-mail address; it is sent after the commit.

    Raises RightMissing, Invalid, AlreadyInside, AlreadyInvited, TooManyInvitations or TooMany.
    """
    member, email = _addressee(to)
    if role not in rules.RANKS:
        raise errors.Invalid("Choose one of the roles.", field="role")
    with transaction.atomic():
        organisation, own = hold(actor, organisation_id=organisation_id, right=rules.Right.INVITE)
        if not rules.may_give(own, role):
            raise RightMissing("You can invite people to roles below your own.")
        _check_room(organisation, member, email)
        daily = runtime.value("organisations.invitations_daily")
        limits.spend(f"organisations.invite:{organisation_id}", burst=daily, per_second=daily / 86_400)
        now = clock.now()
        invitation = Invitation(
            organisation=organisation, member=member, email=email, role=role, note=text.clean(note),
            invited_by_id=actor.pk, created_at=now, expires_at=now + runtime.value("organisations.invitation_lifetime"),
            token_digest=crypto.digest(crypto.new_token()),
        )  # fmt: skip
        validation.check(invitation)
        invitation.save()
        fact = InvitationExtended(invitation.pk, organisation_id, member.pk if member else None)
        bus.publish(fact, actor=actor, act=organisation.act)
    return invitation


def send_invitation_again(actor: Any, *, invitation_id: int) -> Invitation:
    """Send a waiting invitation with a new token and a new end; the former token stops working.

    Raises RightMissing, InvitationNotFound or SentTooOften.
    """
    with transaction.atomic():
        invitation, _ = _waiting(actor, invitation_id, right=rules.Right.INVITE)
        now = clock.now()
        if not rules.may_send_again(sent_count=invitation.sent_count, sent_at=invitation.sent_at, now=now):
            raise SentTooOften(retry_after=rules.SENDING_INTERVAL.total_seconds())
        invitation.expires_at = now + runtime.value("organisations.invitation_lifetime")
        invitation.save(update_fields=["expires_at"])
        fact = InvitationExtended(invitation.pk, invitation.organisation_id, invitation.member_id)
        bus.publish(fact, actor=actor, act=invitation.organisation.act)
    return invitation


def send_invitation(actor: Any, *, invitation_id: int) -> None:
    """Send the mail of an invitation that still waits.

    Its token exists nowhere but in the mail, so every sending makes a new one and ends the one before.
    """
    with transaction.atomic():
        rows = Invitation.objects.select_related("organisation", "member", "invited_by")
        invitation = rows.filter(pk=invitation_id, state="pending").first()
        if invitation is None or rules.is_expired(invitation.expires_at, clock.now()):
            return
        token = crypto.new_token()
        invitation.token_digest = crypto.digest(token)
        invitation.sent_count += 1
        invitation.sent_at = clock.now()
        invitation.save(update_fields=["token_digest", "sent_count", "sent_at"])
    subject, body = _letter(invitation, token)
    mail.send_mail(subject, body, None, [invitation.email or invitation.member.email])


def accept_invitation(actor: Any, *, token: str = "", invitation_id: int | None = None) -> Membership:
    """Join by the token of a mail, or by the id of an invitation to one's own account; it works once.

    Raises InvitationNotFound, InvitationExpired, InvitationForSomeoneElse or AlreadyInside.
    """
    found = _answerable(actor, token, invitation_id)
    with transaction.atomic():
        invitation, _ = _waiting(actor, found.pk)
        _close(invitation, Invitation.State.ACCEPTED)
        return start_membership(
            actor, organisation=invitation.organisation, member_id=actor.pk, role=invitation.role
        )


def decline_invitation(actor: Any, *, token: str = "", invitation_id: int | None = None) -> Invitation:
    """Say no to an invitation; raises as accept_invitation does."""
    found = _answerable(actor, token, invitation_id)
    with transaction.atomic():
        invitation, _ = _waiting(actor, found.pk, must_be_open=False)
        _close(invitation, Invitation.State.DECLINED)
        bus.publish(InvitationDeclined(invitation.pk, invitation.organisation_id), actor=actor)
    return invitation


def revoke_invitation(actor: Any, *, invitation_id: int) -> Invitation:
    """Withdraw an invitation that waits for an answer; raises RightMissing or InvitationNotFound."""
    with transaction.atomic():
        invitation, own = _waiting(actor, invitation_id, right=rules.Right.INVITE, must_be_open=False)
        if not rules.may_give(own, invitation.role) and invitation.invited_by_id != actor.pk:
            raise RightMissing("You can withdraw your own invitations and those to roles below your own.")
        _close(invitation, Invitation.State.REVOKED)
        fact = InvitationRevoked(invitation.pk, invitation.organisation_id)
        bus.publish(fact, actor=actor, act=invitation.organisation.act)
    return invitation


def _letter(invitation: Invitation, token: str) -> tuple[str, str]:
    inviter = invitation.invited_by.name if invitation.invited_by else "Someone"
    name, role = invitation.organisation.name, invitation.get_role_display().lower()
    address = settings.ORIGIN + reverse("organisations:invitation", kwargs={"token": token})
    parts = [
        f"{inviter} invites you to {name}, as {role}.",
        *([invitation.note] if invitation.note else []),
        f"Answer here:\n{address}",
        f"The invitation ends on {invitation.expires_at:%-d %B %Y}. If you did not expect it, you can ignore it.",
    ]
    return f"{inviter} invites you to {name}".replace("\n", " "), "\n\n".join(parts) + "\n"


def _addressee(to: str) -> tuple[Member | None, str]:
    to = to.strip()
    if "@" in to[1:]:
        try:
            validate_email(to)
        except ValidationError as error:
            raise errors.Invalid("Enter an e-mail address such as ada@example.org.", field="to") from error
        return None, to.lower()
    member = accounts.member_by_handle(to.removeprefix("@").lower())
    if member is None or not member.is_active:
        raise errors.Invalid("No member has that handle. Check it, or use an e-mail address.", field="to")
    return member, ""


def _check_room(organisation: Organisation, member: Member | None, email: str) -> None:
    if member and queries.is_member(organisation.pk, member.pk):
        raise AlreadyInside
    waiting = Invitation.objects.filter(organisation=organisation, state="pending")
    current = waiting.filter(expires_at__gt=clock.now())
    if current.filter(member=member, email=email).exists():
        raise AlreadyInvited
    if current.count() >= rules.PENDING_INVITATIONS:
        raise TooManyInvitations
    waiting.filter(member=member, email=email).update(state="revoked", answered_at=clock.now())


def _waiting(actor: Any, invitation_id: int, **held: Any) -> tuple[Invitation, str | None]:
    """Hold the organisation of an invitation, then read the invitation, which must wait for an answer."""
    rows = Invitation.objects.filter(pk=invitation_id, state="pending")
    organisation_id = rows.values_list("organisation_id", flat=True).first()
    if organisation_id is None:
        raise queries.InvitationNotFound
    organisation, role = hold(actor, organisation_id=organisation_id, **held)
    found = rows.first()
    if found is None:
        raise queries.InvitationNotFound
    found.organisation = organisation
    return found, role


def _answerable(actor: Any, token: str, invitation_id: int | None) -> Invitation:
    if not isinstance(actor, Member):
        raise errors.Unauthenticated
    if invitation_id is not None:
        return queries.invitation_by_id(actor, invitation_id)
    invitation = queries.invitation_by_token(token)
    if invitation.member_id not in (None, actor.pk):
        raise InvitationForSomeoneElse
    return invitation


def _close(invitation: Invitation, state: str) -> None:
    """Answer or withdraw an invitation that still waits; of two who do so at once, one is refused."""
    rules.INVITATIONS.check(invitation.state, state)
    now = clock.now()
    waiting = Invitation.objects.filter(pk=invitation.pk, state=invitation.state)
    if not waiting.update(state=state, answered_at=now):
        raise queries.InvitationNotFound
    invitation.state, invitation.answered_at = state, now
