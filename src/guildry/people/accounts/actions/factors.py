"""Second factors: taking their codes, each once, and noting that an account gained or lost one."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from guildry.kernel import bus, clock, crypto, errors, permissions
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
        return _is_recovery_code_spent(factor, code)
    secret = decrypt(factor.data["secret"])
    steps = [step for step in yield_hotp_counters_from_time()
             if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))]  # fmt: skip
    step = rules.fresh_step(steps, last=factor.data.get("last_step", 0))
    if step is None:
        return False
    factor.data["last_step"] = step
    factor.save(update_fields=["data"])
    return True


def _is_recovery_code_spent(factor: Authenticator, code: str) -> bool:
    """Take one of the codes and forget it; whoever has one has seen them all, so none is shown again."""
    _hash_codes(factor)
    given = _hash_of(factor, "".join(code.split()))
    left = [kept for kept in factor.data["hashes"] if not crypto.matches(given, kept)]
    is_spent = len(left) < len(factor.data["hashes"])
    factor.data["hashes"] = left
    factor.save(update_fields=["data"])
    return is_spent


def hash_recovery_codes(actor: Actor, *, member_id: int) -> None:
    """Keep only hashes of a member's recovery codes, because they have them now; raises NotFound when there are none."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(user_id=member_id)
        factor = kept.filter(type=Authenticator.Type.RECOVERY_CODES).first()
        if factor is None:
            raise errors.NotFound("There are no recovery codes.")
        _hash_codes(factor)
        factor.save(update_fields=["data"])


def hash_shown_codes(actor: Actor) -> int:
    """Do so for everybody who was shown theirs long enough ago; returns for how many."""
    until = (clock.now() - rules.RECOVERY_CODES_SHOWN).timestamp()
    kept = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES, data__viewed_at__lte=until)
    shown = [factor for factor in kept.order_by("pk") if "hashes" not in factor.data]
    for factor in shown:
        hash_recovery_codes(actor, member_id=factor.user_id)
    return len(shown)


def _hash_codes(factor: Authenticator) -> None:
    """Replace what the codes can be made from by their hashes, under a key of their own that is sealed."""
    if "hashes" in factor.data:
        return
    codes = factor.wrap().get_unused_codes()
    shown = {name: factor.data[name] for name in ("viewed_at",) if name in factor.data}
    # The library takes an empty list of codes for a row that has none to show.
    factor.data = {**shown, "migrated_codes": [], "used_mask": 0, "hash_key": encrypt(crypto.new_token())}
    factor.data["hashes"] = [_hash_of(factor, code) for code in codes]


def _hash_of(factor: Authenticator, code: str) -> str:
    return crypto.keyed_digest("recovery-code", code, key=decrypt(factor.data["hash_key"]))


def reseal_factors(actor: Actor) -> int:
    """Seal what authenticators hold with the key in use instead of an older one; returns how many there were."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
        factors = [factor for factor in kept.order_by("pk") if _is_resealed(factor)]
        for factor in factors:
            factor.save(update_fields=["data"])
    return len(factors)


def _is_resealed(factor: Authenticator) -> bool:
    sealed = {name: factor.data[name] for name in ("secret", "seed", "hash_key") if name in factor.data}
    codes = factor.data.get("migrated_codes") or []
    factor.data.update({name: encrypt(decrypt(text)) for name, text in sealed.items()})
    if codes:
        factor.data["migrated_codes"] = [encrypt(decrypt(code)) for code in codes]
    return bool(sealed or codes)


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
