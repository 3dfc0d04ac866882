"""Addresses of accounts; those that the library looks up keep its names and stand outside our namespace."""

from typing import Any

from allauth.urls import build_provider_urlpatterns
from django.urls import URLPattern, URLResolver, include, path, re_path

from guildry.kernel import permissions
from guildry.people.accounts.models import OneTimeCode
from guildry.people.accounts.views import demo, entry, factors, providers, recovery, settings, staff

JOIN: dict[str, Any] = {"purpose": OneTimeCode.Purpose.JOIN}
SIGN_IN: dict[str, Any] = {"purpose": OneTimeCode.Purpose.SIGN_IN}


def _provider_addresses() -> list[URLPattern | URLResolver]:
    """Return the library's addresses for other services, open to guests, without those that take a bare token."""
    return [_opened(entry) for entry in build_provider_urlpatterns() if not _takes_token(entry)]


def _opened(entry: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(entry, URLPattern):
        entry.callback = permissions.public(providers.led_onward(entry.callback))
        return entry
    inner = [_opened(child) for child in entry.url_patterns if not _takes_token(child)]
    return URLResolver(entry.pattern, inner, app_name=entry.app_name, namespace=entry.namespace)


def _takes_token(entry: URLPattern | URLResolver) -> bool:
    return str(getattr(entry, "name", "")).endswith("_login_by_token")


ours = [
    path("join/organisation/", entry.sign_up, {"kind": "organisation"}, name="sign_up_organisation"),
    path("codes/<str:token>/", entry.code_link, name="code_link"),
    path("demo/", demo.personas, name="personas"),
    path("demo/<str:handle>/", demo.step_in, name="step_in"),
    path("settings/", settings.account, name="settings"),
    path("settings/email/", settings.email, name="settings_email"),
    path("settings/email/code/", settings.email_code, name="settings_email_code"),
    path("settings/sessions/", settings.sessions, name="settings_sessions"),
    path("settings/sessions/others/end/", settings.end_other_sessions, name="end_other_sessions"),
    path("settings/sessions/<int:session_id>/end/", settings.end_session, name="end_session"),
    path("settings/tokens/", settings.tokens, name="settings_tokens"),
    path("settings/tokens/<int:token_id>/revoke/", settings.revoke_token, name="revoke_token"),
    path("settings/hats/", settings.hats, name="settings_hats"),
    path("settings/hats/active/", settings.switch_hat, name="switch_hat"),
    path("settings/security/recovery-codes/kept/", factors.keep_recovery_codes, name="keep_recovery_codes"),
    path("permissions/", staff.registry, name="permissions"),
    path("staff/", staff.staff, name="staff"),
    path("staff/<int:member_id>/", staff.member_roles, name="member_roles"),
    path("staff/<int:member_id>/suspend/", staff.suspend, name="suspend"),
    path("staff/<int:member_id>/reinstate/", staff.reinstate, name="reinstate"),
    path("staff/grants/<int:grant_id>/revoke/", staff.revoke, name="revoke_role"),
]

library = [
    path("join/", entry.sign_up, name="account_signup"),
    path("join/confirm/", entry.enter_code, JOIN, name="account_email_verification_sent"),
    path("sign-in/", entry.sign_in, name="account_login"),
    path("sign-in/code/", entry.request_code, name="account_request_login_code"),
    path("sign-in/code/confirm/", entry.enter_code, SIGN_IN, name="account_confirm_login_code"),
    path("sign-in/passkey/", factors.passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/second-factor/", factors.second_factor, name="mfa_authenticate"),
    path("sign-in/suspended/", entry.inactive, name="account_inactive"),
    path("sign-out/", entry.sign_out, name="account_logout"),
    path("password/reset/", recovery.reset_password, name="account_reset_password"),
    path("password/reset/sent/", recovery.reset_sent, name="account_reset_password_done"),
    path("password/reset/done/", recovery.new_password_set, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        recovery.new_password,
        name="account_reset_password_from_key",
    ),
    path("confirm/password/", recovery.confirm_password, name="account_reauthenticate"),
    path("confirm/second-factor/", factors.confirm_factor, name="mfa_reauthenticate"),
    path("confirm/passkey/", factors.confirm_passkey, name="mfa_reauthenticate_webauthn"),
    path("settings/password/", recovery.change_password, name="account_change_password"),
    path("settings/password/first/", recovery.set_password, name="account_set_password"),
    path("settings/security/", factors.security, name="mfa_index"),
    path("settings/security/app/add/", factors.add_app, name="mfa_activate_totp"),
    path("settings/security/app/remove/", factors.remove_app, name="mfa_deactivate_totp"),
    path("settings/security/recovery-codes/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "settings/security/recovery-codes/new/",
        factors.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "settings/security/recovery-codes/file/",
        factors.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("settings/security/passkeys/", factors.list_passkeys, name="mfa_list_webauthn"),
    path("settings/security/passkeys/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/rename/", factors.rename_passkey, name="mfa_edit_webauthn"),
    path("settings/security/passkeys/<int:pk>/remove/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("settings/security/services/", providers.connections, name="socialaccount_connections"),
    path("sign-in/service/join/", providers.join, name="socialaccount_signup"),
    path("sign-in/service/cancelled/", providers.cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/service/failed/", providers.failed, name="socialaccount_login_error"),
    path("sign-in/service/", include(_provider_addresses())),
]

urlpatterns: list[URLPattern | URLResolver] = [*library, path("", include((ours, "accounts")))]
