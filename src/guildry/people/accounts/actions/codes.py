"""Codes sent by mail: to join, to sign in, to prove a new address.

Whoever asks learns nothing about who has an account: the answer and the work are the same either way, and only the
owner of the mailbox reads the difference.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from guildry.kernel import bus, clock, crypto, errors, ids, text
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.people.accounts import events, queries, rules
from guildry.people.accounts.actions.members import EmailTaken, end_codes, join_member, require_registration
from guildry.people.accounts.models import Member, OneTimeCode
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter

Purpose = OneTimeCode.Purpose


class CodeWrong(errors.Invalid):
    problem = errors.problem("code-wrong", 422, "That is not the code")
    detail = "That is not the code. Check the latest mail from us."


class CodeExpired(errors.Gone):
    problem = errors.problem("code-expired", 410, "That code has expired")
    detail = "That code has expired. Ask for a new one."


class CodeSpent(errors.Gone):
    problem = errors.problem("code-spent", 410, "That code is spent")
    detail = "That code was used, replaced, or guessed wrong too often. Ask for a new one."


def sign_up(
    actor: Actor,
    *,
    name: str,
    handle: str,
    email: str,
    password: str,
    hats: Sequence[str] = (),
    time_zone: str,
) -> OneTimeCode:
    """Send a code that makes the account once it comes back; raises RegistrationClosed, and Invalid for a taken handle."""
    require_registration(actor)
    email = email.strip().lower()
    password_hash = make_password(password)
    if not queries.is_handle_free(handle.strip().lower()):
        raise errors.Invalid("That handle is taken. Try another one.", field="handle")
    payload = {"name": text.clean(name), "handle": handle.strip().lower(), "hats": list(hats),
               "time_zone": time_zone, "password_hash": password_hash}  # fmt: skip
    owner = queries.member_by_email(email)
    with transaction.atomic():
        is_let_in = not owner and queries.is_admitted(email)
        row, code, link = _new_code(Purpose.JOIN, email, None, payload if is_let_in else {})
        turned_away = _already_here(email) if owner else _by_invitation(email)
        letter = _welcome(code, link) if is_let_in else turned_away
        mail.send_letter(actor, to=email, letter=letter, has_secret=is_let_in)
    return row


def send_sign_in_code(actor: Actor, *, email: str) -> OneTimeCode:
    """Send a code for signing in, or tell the mailbox that there is no such account, or why it is suspended."""
    email = email.strip().lower()
    found = queries.member_by_email(email)
    member = found if found and found.is_active else None
    with transaction.atomic():
        row, code, link = _new_code(Purpose.SIGN_IN, email, member, {})
        turned_away = _suspended(found) if found else _not_here(email)
        letter = _sign_in(code, link) if member else turned_away
        mail.send_letter(actor, to=email, letter=letter, has_secret=member is not None)
    return row


def request_email_change(actor: Member, *, email: str) -> OneTimeCode:
    """Send a code to a member's new address; nothing changes before it comes back."""
    email = email.strip().lower()
    if email == actor.email:
        raise errors.Invalid("That is your address already.", field="email")
    owner = queries.member_by_email(email)
    with transaction.atomic():
        row, code, link = _new_code(Purpose.CHANGE_EMAIL, email, actor, {"taken": True} if owner else {})
        letter = _already_here(email) if owner else _new_address(code, link)
        mail.send_letter(actor, to=email, letter=letter, has_secret=not owner)
    return row


def redeem_code(actor: Actor, *, code_id: UUID | str, code: str) -> OneTimeCode:
    """Take a code for what it proves and let it take effect, once; `member` on the result is who it is for.

    Raises CodeWrong (and counts it), CodeExpired or CodeSpent.
    """
    typed = f"{code_id}:{''.join(code.split()).replace('-', '')}"
    now = clock.now()
    with transaction.atomic():
        is_tried = OneTimeCode.take_attempt(now, pk=code_id)
        row = OneTimeCode.objects.filter(pk=code_id).first()
        if row is None or not is_tried:
            raise _why_not(row)
        is_right = crypto.is_digest_of(_PURPOSE, typed, row.code_digest) and not _is_decoy(row)
        if is_right:
            _spend(row)
    if not is_right:
        raise CodeWrong(field="code")
    return row


def redeem_link(actor: Actor, *, token: str) -> OneTimeCode:
    """Take the link of the same mail instead of its code; raises CodeExpired or CodeSpent."""
    with transaction.atomic():
        row = OneTimeCode.objects.filter(link_digest=crypto.digest(token)).first()
        if row is None or _is_decoy(row) or not OneTimeCode.live(clock.now()).filter(pk=row.pk).exists():
            raise _why_not(row)
        _spend(row)
    return row


def _spend(row: OneTimeCode) -> None:
    """Let a code that proved right take effect; of two who come with it at once, one is refused."""
    now = clock.now()
    if not OneTimeCode.spend(now, pk=row.pk):
        raise CodeSpent
    row.used_at = now
    _EFFECTS[Purpose(row.purpose)](row)
    row.payload = {}
    row.save(update_fields=["member", "payload"])


def _why_not(row: OneTimeCode | None) -> errors.DomainError:
    """Return the refusal of a code that was not even judged."""
    is_over = row is not None and row.used_at is None and row.attempts < row.MOST_ATTEMPTS
    return CodeExpired() if is_over and row and row.expires_at <= clock.now() else CodeSpent()


def _is_decoy(row: OneTimeCode) -> bool:
    """A code that only keeps up appearances is never right, however well it is guessed."""
    if row.purpose == Purpose.JOIN:
        return not row.payload
    return row.member_id is None or "taken" in row.payload


def _join(row: OneTimeCode) -> None:
    payload = dict(row.payload)
    if not queries.is_handle_free(payload["handle"]):
        payload["handle"] = queries.free_handle(payload["handle"])
    row.member = join_member(SYSTEM, email=row.email, **payload)


def _sign_in_only(row: OneTimeCode) -> None:
    """The code proves the mailbox; signing in is the caller's part."""


def _change_email(row: OneTimeCode) -> None:
    if queries.member_by_email(row.email):
        raise EmailTaken(field="email")
    member = Member.objects.select_for_update().get(pk=row.member_id or 0)
    old, member.email = member.email, row.email
    member.save(update_fields=["email"])
    end_codes(member, member_id=member.pk)
    EmailAddress.objects.filter(user=member).delete()
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    mail.send_letter(member, to=old, letter=_address_changed(member))
    bus.publish(events.EmailChanged(member.pk), actor=member)


_EFFECTS: dict[OneTimeCode.Purpose, Callable[[OneTimeCode], None]] = {
    Purpose.JOIN: _join,
    Purpose.SIGN_IN: _sign_in_only,
    Purpose.CHANGE_EMAIL: _change_email,
}


def _new_code(
    purpose: OneTimeCode.Purpose, email: str, member: Member | None, payload: dict[str, Any]
) -> tuple[OneTimeCode, str, str]:
    """Store a new code in place of earlier ones for the same purpose and address; returns it, the code and the link."""
    now = clock.now()
    code = f"{secrets.randbelow(10**rules.CODE_LENGTH):0{rules.CODE_LENGTH}}"
    token, code_id = crypto.new_token(), ids.uuid7()
    if purpose != Purpose.JOIN:
        earlier = OneTimeCode.objects.filter(purpose=purpose, email=email, member=member, used_at=None)
        earlier.update(used_at=now)
    row = OneTimeCode.objects.create(
        id=code_id,
        purpose=purpose,
        email=email,
        member=member,
        code_digest=crypto.keyed_digest(_PURPOSE, f"{code_id}:{code}"),
        link_digest=crypto.digest(token),
        payload=payload,
        created_at=now,
        expires_at=now + rules.LIFETIMES[purpose],
    )
    return row, code, settings.ORIGIN + reverse("accounts:code_link", kwargs={"token": token})


_PURPOSE = "one-time-code"
_IGNORE = "If this was not you, ignore this mail. Nothing happens without the code."


def _welcome(code: str, link: str) -> Letter:
    return Letter(
        "Confirm your address",
        ("Enter this code where you signed up, or open the link below. Both work for one hour.",),
        code=code,
        button=("Confirm and join", link),
        notes=(_IGNORE,),
    )


def _sign_in(code: str, link: str) -> Letter:
    return Letter(
        "Your sign-in code",
        ("Enter this code to sign in. It works once, for ten minutes.",),
        code=code,
        button=("Sign in with this link", link),
        notes=("We never ask for this code by phone, chat or mail.", _IGNORE),
    )


def _new_address(code: str, link: str) -> Letter:
    return Letter(
        "Confirm your new address",
        (
            "Enter this code in your settings to make this the address of your account. It works for one hour.",
        ),
        code=code,
        button=("Confirm this address", link),
        notes=(_IGNORE,),
    )


def _address_changed(member: Member) -> Letter:
    return Letter(
        "The address of your account has changed",
        (
            f"The account @{member.handle} has a new e-mail address. This is the last mail to this one.",
            "If you did not do this, reset your password at once and tell the people who run this site.",
        ),
        button=("Reset your password", settings.ORIGIN + reverse("account_reset_password")),
    )


def _already_here(email: str) -> Letter:
    return Letter(
        "You already have an account",
        (f"Somebody, perhaps you, entered {email} for an account. There is one with this address already.",),
        button=("Sign in", settings.ORIGIN + reverse("account_login")),
        notes=(
            "If you forgot your password, ask for a sign-in code instead. If this was not you, ignore this mail.",
        ),
    )


def _by_invitation(email: str) -> Letter:
    return Letter(
        "Joining takes an invitation",
        (
            f"Somebody, perhaps you, tried to join with {email}. This community is joined by invitation, and no "
            "invitation that still counts was sent to this address.",
            "Ask somebody who is a member to invite you, with exactly this address.",
        ),
        notes=("If this was not you, ignore this mail.",),
    )


def _suspended(member: Member) -> Letter:
    return Letter(
        "Your account is suspended",
        (
            f"Somebody, perhaps you, tried to sign in as @{member.handle}. The account is suspended.",
            f"The reason given: {member.suspension_reason}",
        ),
        notes=("If you think this is a mistake, write to the people who run this site.",),
    )


def _not_here(email: str) -> Letter:
    return Letter(
        "There is no account with this address",
        (f"Somebody, perhaps you, tried to sign in as {email}. No account has this address.",),
        button=("Join", settings.ORIGIN + reverse("account_signup")),
        notes=("If this was not you, ignore this mail.",),
    )
