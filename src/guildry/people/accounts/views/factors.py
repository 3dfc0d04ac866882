"""Second factors: asked for at the door, and set up in the settings."""

from typing import Any, cast

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from guildry.kernel import permissions
from guildry.kernel.permissions import MemberRequest
from guildry.people.accounts import actions, queries
from guildry.people.accounts.forms import AppForm, ConfirmFactorForm, FactorForm, PasskeyForm, PasskeyNameForm
from guildry.people.accounts.models import Member
from guildry.people.accounts.views import frames


class SecondFactor(frames.Framed, base.AuthenticateView):
    template_name = "mfa/authenticate.html"

    def get_form_class(self) -> type[FactorForm]:
        return FactorForm

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        frames.count_attempt(request, "second_factor", self.stage.login.user.email)
        response: HttpResponse = super().post(request, *arguments, **named)
        return response


class ConfirmFactor(frames.Framed, base.ReauthenticateView):
    template_name = "mfa/reauthenticate.html"

    def get_form_class(self) -> type[ConfirmFactorForm]:
        return ConfirmFactorForm

    def post(self, request: MemberRequest, *arguments: Any, **named: Any) -> HttpResponse:
        frames.count_attempt(request, "second_factor", request.user.email)
        response: HttpResponse = super().post(request, *arguments, **named)
        return response


class Security(frames.Framed, base.IndexView):
    template_name = "mfa/index.html"
    is_settings = True

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)
        member: Any = self.request.user
        return {**context, "withheld": sorted(role.label for role in member.withheld_roles),
                "has_password": member.has_usable_password(),
                "connections": queries.connection_count(member)}  # fmt: skip


class AddApp(frames.Framed, totp.ActivateTOTPView):
    template_name = "mfa/totp/activate_form.html"
    is_settings = True

    def get_form_class(self) -> type[AppForm]:
        return AppForm

    def form_valid(self, form: AppForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        member = cast(Member, self.request.user)
        actions.spend_factor_code(member, member_id=member.pk, code=form.cleaned_data["code"])
        return response


class RemoveApp(frames.Framed, totp.DeactivateTOTPView):
    template_name = "mfa/totp/deactivate_form.html"
    is_settings = True


class RecoveryCodes(frames.Framed, recovery.ViewRecoveryCodesView):
    template_name = "mfa/recovery_codes/index.html"
    is_settings = True

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)
        return {**context, "hashed_left": queries.hashed_codes_left(cast(Member, self.request.user))}


class NewRecoveryCodes(frames.Framed, recovery.GenerateRecoveryCodesView):
    template_name = "mfa/recovery_codes/generate.html"
    is_settings = True


class Passkeys(frames.Framed, passkeys.ListWebAuthnView):
    template_name = "mfa/webauthn/authenticator_list.html"
    is_settings = True

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)
        return {**context, "passkeys": [entry.wrap() for entry in context["authenticators"]]}


class AddPasskey(frames.Framed, passkeys.AddWebAuthnView):
    template_name = "mfa/webauthn/add_form.html"
    is_settings = True

    def get_form_class(self) -> type[PasskeyForm]:
        return PasskeyForm

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_list_webauthn")


class RenamePasskey(frames.Framed, passkeys.EditWebAuthnView):
    template_name = "mfa/webauthn/edit_form.html"
    is_settings = True

    def get_form_class(self) -> type[PasskeyNameForm]:
        return PasskeyNameForm


class RemovePasskey(frames.Framed, passkeys.RemoveWebAuthnView):
    template_name = "mfa/webauthn/authenticator_confirm_delete.html"
    is_settings = True


class PasskeySignIn(frames.Framed, passkeys.LoginWebAuthnView):
    template_name = "account/login.html"

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        frames.count_attempt(request, "sign_in")
        response: HttpResponse = super().post(request, *arguments, **named)
        return response


class ConfirmPasskey(frames.Framed, passkeys.ReauthenticateWebAuthnView):
    template_name = "mfa/webauthn/reauthenticate.html"


@login_required
@require_POST
def keep_recovery_codes(request: MemberRequest) -> HttpResponse:
    """Take a member's word that they have their recovery codes, and show them no more."""
    actions.hash_recovery_codes(request.user, member_id=request.user.pk)
    messages.success(request, "Good. From now on only you have your recovery codes.")
    return frames.see_other("mfa_index")


second_factor = permissions.public(SecondFactor.as_view())
confirm_factor = login_required(ConfirmFactor.as_view())
security = login_required(Security.as_view())
add_app = login_required(AddApp.as_view())
remove_app = login_required(RemoveApp.as_view())
recovery_codes = login_required(RecoveryCodes.as_view())
new_recovery_codes = login_required(NewRecoveryCodes.as_view())
download_recovery_codes = login_required(recovery.download_recovery_codes)
list_passkeys = login_required(Passkeys.as_view())
add_passkey = login_required(AddPasskey.as_view())
rename_passkey = login_required(RenamePasskey.as_view())
remove_passkey = login_required(RemovePasskey.as_view())
passkey_sign_in = permissions.public(PasskeySignIn.as_view())
confirm_passkey = login_required(ConfirmPasskey.as_view())
