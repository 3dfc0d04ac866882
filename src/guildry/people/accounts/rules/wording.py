"""What the library's events are called when we tell a member about them."""

from typing import Any

LIBRARY_MESSAGES = {
    "account/messages/logged_out.txt": "You are signed out.",
    "account/messages/password_changed.txt": "Your password is changed. Other devices were signed out.",
    "account/messages/password_set.txt": "Your password is set. Other devices were signed out.",
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app no longer works here.",
    "mfa/messages/webauthn_added.txt": "Your passkey is added.",
    "mfa/messages/webauthn_removed.txt": "Your passkey is removed.",
    "mfa/messages/recovery_codes_generated.txt": "You have new recovery codes. Keep them somewhere safe.",
    "socialaccount/messages/account_connected.txt": "The account is connected.",
    "socialaccount/messages/account_connected_other.txt": "That account is connected to another member.",
    "socialaccount/messages/account_disconnected.txt": "The account is disconnected.",
}

_NOTICES = {
    "account/email/password_reset": "Your password was reset",
    "account/email/password_changed": "Your password was changed",
    "account/email/password_set": "A password was set for your account",
    "mfa/email/totp_activated": "An authenticator app now protects your account",
    "mfa/email/totp_deactivated": "The authenticator app was removed from your account",
    "mfa/email/webauthn_added": "A passkey was added to your account",
    "mfa/email/webauthn_removed": "A passkey was removed from your account",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account",
    "socialaccount/email/account_connected": "Another way to sign in was connected to your account",
    "socialaccount/email/account_disconnected": "A way to sign in was removed from your account",
}


def library_letter(kind: str, context: dict[str, Any], *, origin: str) -> dict[str, Any]:
    """Return the parts of the letter for one of allauth's mails; raises KeyError for one nobody worded."""
    if kind == "account/email/password_reset_key":
        return {
            "subject": "Reset your password",
            "paragraphs": ("Open this link to choose a new password. It stops working once you have.",),
            "button": ("Choose a new password", context["password_reset_url"]),
            "notes": ("If you did not ask for this, ignore this mail. Your password stays as it is.",),
        }
    if kind == "account/email/unknown_account":
        return {
            "subject": "There is no account with this address",
            "paragraphs": ("Somebody, perhaps you, asked to reset the password of an account with this address. "
                           "There is none.",),
            "button": ("Join", context["signup_url"]),
            "notes": ("If this was not you, ignore this mail.",),
        }  # fmt: skip
    return {
        "subject": _NOTICES[kind],
        "paragraphs": (
            f"{_NOTICES[kind]}. This came from {context.get('ip') or 'an unknown address'}, "
            f"{str(context.get('user_agent') or 'an unknown device')[:120]}.",
            "If this was you, there is nothing to do.",
        ),
        "button": ("Look at your security settings", f"{origin}/settings/security/"),
        "notes": ("If it was not you, reset your password and sign out everywhere.",),
    }
