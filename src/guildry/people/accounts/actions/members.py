"""Joining, and what members say and choose about themselves."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from guildry.kernel import bus, clock, errors, permissions, runtime, text
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.people.accounts import events, queries, rules
from guildry.people.accounts.models import Hat, Member, OneTimeCode, Persona


class HandleTaken(errors.Invalid):
    problem = errors.problem("handle-taken", 422, "That handle is taken")
    detail = "That handle is taken. Try another one."


class EmailTaken(errors.Invalid):
    problem = errors.problem("email-taken", 422, "That address has an account")
    detail = "There is already an account with that address."


class HatNotWorn(errors.Invalid):
    problem = errors.problem("hat-not-worn", 422, "You do not wear that hat")
    detail = "Put that hat on first, then switch to it."


class NotYourAccount(errors.Forbidden):
    problem = errors.problem("not-your-account", 403, "That is somebody else's account")
    detail = "Only the member themselves can change this."


class RegistrationClosed(errors.Forbidden):
    problem = errors.problem("registration-closed", 403, "Nobody can join just now")
    detail = "This community takes no new members at the moment. Whoever is a member can sign in as ever."


class InvitationNeeded(errors.Forbidden):
    problem = errors.problem("invitation-needed", 403, "Joining takes an invitation")
    detail = "This community is joined by invitation. Ask somebody who is a member to invite this address."


class StaffProtected(errors.Forbidden):
    problem = errors.problem("staff-protected", 403, "Only an administrator can do that to staff")
    detail = "They hold a staff role. An administrator can revoke it, or suspend them."


def require_registration(actor: Actor) -> None:
    """Raise RegistrationClosed while nobody may join by themselves; a code that was sent before still counts."""
    if runtime.value("registration.mode") == rules.CLOSED:
        raise RegistrationClosed


def require_admission(actor: Actor, *, email: str) -> None:
    """Raise RegistrationClosed or InvitationNeeded unless the owner of a proven address may join by themselves."""
    require_registration(actor)
    if not queries.is_admitted(email):
        raise InvitationNeeded


def join_member(
    actor: Actor,
    *,
    name: str,
    handle: str,
    email: str,
    password: str | None = None,
    password_hash: str = "",
    hats: Sequence[str] = (),
    time_zone: str = "UTC",
    headline: str = "",
    locale: str = "en-gb",
) -> Member:
    """Make an account whose address is proven; without a password one signs in by code, passkey or provider.

    Raises HandleTaken, EmailTaken, or Invalid naming every field that does not fit.
    """
    handle, email = handle.strip().lower(), email.strip().lower()
    member = Member(
        name=text.clean(name),
        handle=handle,
        email=email,
        headline=text.clean(headline),
        hats=list(dict.fromkeys(hats)),
        active_hat=next(iter(hats), ""),
        time_zone=time_zone,
        locale=locale,
        theme="",
        created_at=clock.now(),
        password=password_hash or make_password(password),
    )
    with transaction.atomic():
        _require_free(handle, email)
        _validate(member)
        member.save()
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
        bus.publish(events.MemberJoined(member.pk), actor=member)
    return member


def _require_free(handle: str, email: str) -> None:
    if not queries.is_handle_free(handle):
        raise HandleTaken(field="handle")
    if queries.member_by_email(email):
        raise EmailTaken(field="email")


def present_member(
    actor: Actor, *, name: str | None = None, headline: str | None = None, portrait: str | None = None
) -> Member:
    """Change how the acting member is shown beside everything they do; None leaves a part as it is."""
    with transaction.atomic():
        member = _own(actor)
        if name is not None:
            member.name = text.clean(name)
        if headline is not None:
            member.headline = text.clean(headline)
        if portrait is not None:
            member.portrait = portrait
        _validate(member)
        member.save(update_fields=["name", "headline", "portrait"])
        bus.publish(events.MemberPresented(member.pk), actor=actor)
    return member


def rename_member(actor: Actor, *, handle: str) -> Member:
    """Give the acting member another handle; raises HandleTaken."""
    handle = handle.strip().lower()
    with transaction.atomic():
        member = _own(actor)
        if handle == member.handle:
            return member
        if not queries.is_handle_free(handle):
            raise HandleTaken(field="handle")
        member.handle = handle
        _validate(member)
        member.save(update_fields=["handle"])
        bus.publish(events.MemberRenamed(member.pk), actor=actor)
    return member


def choose_preferences(
    actor: Actor, *, time_zone: str | None = None, locale: str | None = None, theme: str | None = None
) -> Member:
    """Remember how the acting member wants times, words and colours."""
    with transaction.atomic():
        member = _own(actor)
        chosen = {"time_zone": time_zone, "locale": locale, "theme": theme}
        for field, value in chosen.items():
            if value is not None:
                setattr(member, field, value)
        _validate(member)
        member.save(update_fields=list(chosen))
        bus.publish(events.PreferencesChanged(member.pk), actor=actor)
    return member


def choose_hats(actor: Actor, *, hats: Sequence[str]) -> Member:
    """Put on exactly these hats; an active hat that was taken off is replaced by the first one left."""
    if unknown := sorted(set(hats) - set(Hat.values)):
        raise errors.Invalid(f"There is no hat called {', '.join(unknown)}.", field="hats")
    with transaction.atomic():
        member = _own(actor)
        member.hats = list(dict.fromkeys(hats))
        if not rules.may_wear(member.active_hat, member.hats):
            member.active_hat = next(iter(member.hats), "")
        member.save(update_fields=["hats", "active_hat"])
        bus.publish(events.HatsChosen(member.pk, tuple(member.hats)), actor=actor)
    return member


def switch_hat(actor: Actor, *, hat: str) -> Member:
    """Make one of the worn hats the active one, or none with ""; it changes defaults and never rights."""
    with transaction.atomic():
        member = _own(actor)
        if not rules.may_wear(hat, member.hats):
            raise HatNotWorn(field="hat")
        if hat != member.active_hat:
            member.active_hat = hat
            member.save(update_fields=["active_hat"])
            bus.publish(events.HatSwitched(member.pk, hat), actor=actor)
    return member


def change_password(actor: Actor, *, member: Member, password: str) -> None:
    """Set a member's new password, which ends every session and code that was there before."""
    if actor.pk not in (member.pk, None):
        raise NotYourAccount
    with transaction.atomic():
        member.set_password(password)
        member.save(update_fields=["password"])
        end_codes(actor, member_id=member.pk)
        bus.publish(events.PasswordChanged(member.pk), actor=member)


def end_codes(actor: Actor, *, member_id: int) -> None:
    """Spend every code that is on its way to a member, because what it would prove has changed."""
    OneTimeCode.objects.filter(member_id=member_id, used_at=None).update(used_at=clock.now())


def suspend_member(actor: Actor, *, member_id: int, reason: str) -> Member:
    """Lock a member out, at once and everywhere, saying why; raises PermissionMissing."""
    permissions.require(actor, "accounts.suspend_member")
    if not (reason := text.clean(reason)):
        raise errors.Invalid("Say why, in a sentence the member will read.", field="reason")
    return _set_active(actor, member_id, is_active=False, reason=reason[:200])


def reinstate_member(actor: Actor, *, member_id: int, reason: str) -> Member:
    """Let a suspended member in again; raises PermissionMissing, or Invalid without a reason."""
    permissions.require(actor, "accounts.suspend_member")
    return _set_active(actor, member_id, is_active=True, reason=reason)


def _set_active(actor: Actor, member_id: int, *, is_active: bool, reason: str) -> Member:
    if not rules.may_grant(actor.pk, member_id):
        raise NotYourAccount("Nobody suspends or reinstates themselves.")
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(pk=member_id).first()
        if member is None:
            raise errors.NotFound
        may_grant_roles = permissions.has(actor, "accounts.grant_role")
        if not rules.may_suspend(is_staff=member.has_staff_grant, may_grant_roles=may_grant_roles):
            raise StaffProtected
        if member.is_active != is_active:
            act = bus.Act(reason, before={"is_active": not is_active}, after={"is_active": is_active})
            member.is_active, member.suspension_reason = is_active, "" if is_active else reason
            member.save(update_fields=["is_active", "suspension_reason"])
            fact = events.MemberReinstated if is_active else events.MemberSuspended
            bus.publish(fact(member.pk), actor=actor, act=act)
    return member


def _own(actor: Actor) -> Member:
    if actor.pk is None:
        raise errors.Unauthenticated
    return Member.objects.select_for_update().get(pk=actor.pk)


def _validate(member: Member) -> None:
    """Raise Invalid naming every field that does not fit."""
    found: dict[str, list[str]] = {}
    try:
        member.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as invalid:
        found = invalid.message_dict
    unknown = rules.unknown_choices(time_zone=member.time_zone, locale=member.locale, theme=member.theme)
    found |= {field: [message] for field, message in unknown.items()}
    if found:
        raise errors.Invalid(
            errors=tuple(
                errors.FieldError(field, message) for field, messages in found.items() for message in messages
            )
        )


def name_persona(actor: Actor, *, member_id: int, label: str) -> None:
    """Let anybody step into a made-up member; only the program itself may, and only where no mail leaves the house."""
    if actor is not SYSTEM:
        raise errors.Forbidden
    Persona.objects.update_or_create(member_id=member_id, defaults={"label": label})
