"""Second factors for tests: an authenticator app and the codes it shows."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from guildry.people.accounts.models import Member


def give_app(member: Member) -> str:
    """Set up an authenticator app; returns the secret it shares with the site."""
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    return secret


def give_recovery_codes(member: Member) -> list[str]:
    return list(RecoveryCodes.activate(member).get_unused_codes())


def app_code(secret: str, step: int = 0) -> str:
    """Return what the app shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))
