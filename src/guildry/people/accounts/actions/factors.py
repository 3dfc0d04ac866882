"""Second factors: taking their codes, each once, and noting that an account gained or lost one."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from guildry.kernel import bus, errors, permissions
from guildry.kernel.permissions import Actor
from guildry.people.accounts import events, rules
from guildry.people.accounts.models import Member
from guildry.platform.mail.actions import send_letter
from guildry.platform.mail.models import Letter


def spend_factor_code(actor: Actor, *, member_id: int, code: str) -> Authenticator | None:
    """Take a code of a member's app or one of their recovery codes, and return which it was; None when it is neither.

    No code counts twice, whichever process it is entered at, nor does one older than the last that counted.
    """
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(user_id=member_id).order_by("pk")
        typed = [factor for factor in kept if factor.type != Authenticator.Type.WEBAUTHN]
        return next((factor for factor in typed if _is_spent_on(factor, code)), None)


def _is_spent_on(factor: Authenticator, code: str) -> bool:
    if factor.type == Authenticator.Type.RECOVERY_CODES:
        return bool(factor.wrap().validate_code(code))
    secret = decrypt(factor.data["secret"])
    steps = [step for step in yield_hotp_counters_from_time()
             if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))]  # fmt: skip
    step = rules.fresh_step(steps, last=factor.data.get("last_step", 0))
    if step is None:
        return False
    factor.data["last_step"] = step
    factor.save(update_fields=["data"])
    return True


def note_second_factor(actor: Actor, *, member_id: int, kind: str) -> None:
    """Put on record that a member set up an authenticator."""
    with transaction.atomic():
        bus.publish(events.SecondFactorAdded(member_id, kind), actor=actor)


def note_second_factor_removed(actor: Actor, *, member_id: int, kind: str) -> None:
    """Put on record that a member removed an authenticator."""
    with transaction.atomic():
        bus.publish(events.SecondFactorRemoved(member_id, kind), actor=actor)


def reset_second_factors(actor: Actor, *, member_id: int, reason: str) -> int:
    """Take away what protects an account whose owner has lost it, and tell its address; returns how many there were.

    Raises PermissionMissing, NotFound, or Invalid without a reason.
    """
    permissions.require(actor, "accounts.grant_role")
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(pk=member_id).first()
        if member is None:
            raise errors.NotFound("There is no such member.")
        lost = Authenticator.objects.filter(user_id=member_id)
        act = bus.Act(reason, before=sorted(lost.values_list("type", flat=True)), after=[])
        removed, _ = lost.delete()
        bus.publish(events.SecondFactorsReset(member_id), actor=actor, act=act)
        send_letter(actor, to=member.email, letter=_reset_letter())
    return removed


def _reset_letter() -> Letter:
    return Letter(
        "The second factors of your account were removed",
        (
            "Those who run this site removed every passkey, authenticator app and recovery code of your account, "
            "because they were told that you had lost them. Set up a new one when you sign in.",
            "If you did not ask for this, reset your password at once and tell the people who run this site.",
        ),
        button=("Open your security settings", settings.ORIGIN + reverse("mfa_index")),
    )
