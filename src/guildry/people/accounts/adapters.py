"""The conversation with django-allauth: who may pass, what is said and mailed, how secrets are kept."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from guildry.kernel import crypto, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, queries, rules
from guildry.people.accounts.models import Member
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter


class ProviderUnknown(errors.NotFound):
    problem = errors.problem("provider-unknown", 404, "That way in is not set up")
    detail = "This site does not take sign-ins from there. Choose another way."


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and everything that changes a password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The address and the password do not belong together.",
        "enter_current_password": "That is not your current password.",
        "incorrect_password": "That is not your password.",
        "incorrect_code": "That is not the code.",
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        identity = credentials.get("email", "")
        actions.count_attempt(SYSTEM, act="sign_in", address=address_of(request), identity=identity)

    def reauthenticate(self, user: Any, password: str) -> bool:
        address = address_of(context.request)
        actions.count_attempt(user, act="reauthenticate", address=address, identity=user.email)
        return bool(user.check_password(password))

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever proved who they are within the last minutes is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        limit = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not (records and time.time() - records[-1]["at"] < limit)

    def set_password(self, user: Any, password: str) -> None:
        actions.change_password(SYSTEM, member=user, password=password)
        session: Any = context.request.session
        mine = session.identity()
        is_mine = mine is not None and mine.member is not None and mine.member.pk == user.pk
        actions.end_other_sessions(SYSTEM, member_id=user.pk, keep=mine.session_id if is_mine else None)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        request.session["accounts.suspension"] = user.suspension_reason
        return redirect("account_inactive")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letter = rules.library_letter(template_prefix, context, origin=settings.ORIGIN)
        is_secret = template_prefix == "account/email/password_reset_key"
        mail.send_letter(SYSTEM, to=email, letter=Letter(**letter), has_secret=is_secret)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or rules.LIBRARY_MESSAGES.get(message_template or "", "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed with a key of this installation."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not the code. Wait for the next one and try again.",
    }

    def get_totp_label(self, user: Any) -> str:
        return f"@{user.handle}"

    def encrypt(self, text: str) -> str:
        return crypto.box("second-factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.box("second-factor").decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"Passkey of {rules.device_label(context.request.headers.get('User-Agent', ''))}"[:60]

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": f"@{user.handle}", "display_name": user.name}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in through other services: set up by configuration only, never taking over an account by its address."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        apps = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for entries in apps.values() for app in entries]

    def get_app(self, request: Any, provider: Any, client_id: Any = None) -> Any:
        found = self.list_apps(request, provider=provider, client_id=client_id)
        if len(found) != 1:
            raise ProviderUnknown
        return found[0]

    def new_user(self, request: HttpRequest, sociallogin: Any) -> Member:
        """Return somebody who can wait in a session until they chose a handle, so without defaults of the database."""
        return Member(headline="", portrait="", active_hat="", theme="", suspension_reason="")

    def is_email_verified(self, provider: Any, email: str) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        name = sociallogin.account.get_provider().name
        proven = [entry.email for entry in sociallogin.email_addresses if entry.verified]
        if not proven:
            messages.info(request, f"{name} does not vouch for your address, so confirm it here. "
                                   f"Connect {name} afterwards under Settings, Security.")  # fmt: skip
            raise ImmediateHttpResponse(redirect("account_signup"))
        if queries.member_by_email(proven[0]):
            messages.info(request, f"There is an account with {proven[0]}. Sign in, then connect {name} "
                                   "under Settings, Security.")  # fmt: skip
            raise ImmediateHttpResponse(redirect("account_login"))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("socialaccount_connections")

    def validate_disconnect(self, account: Any, accounts: Any) -> None:
        member: Member = account.user
        others = [entry for entry in accounts if entry.pk != account.pk]
        if not (others or member.has_usable_password() or queries.has_second_factor(member)):
            raise self.validation_error("disconnect_last")


def note_factor_added(sender: Any, *, user: Any, authenticator: Any, **signal: Any) -> None:
    actions.note_second_factor(user, member_id=user.pk, kind=authenticator.type)


def note_factor_removed(sender: Any, *, user: Any, authenticator: Any, **signal: Any) -> None:
    actions.note_second_factor_removed(user, member_id=user.pk, kind=authenticator.type)
