"""Passwords: forgotten, changed, set for the first time, and asked for again."""

from typing import Any

from allauth.account import views as library
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse

from guildry.kernel import permissions
from guildry.people.accounts import queries
from guildry.people.accounts.forms import (
    ChangePasswordForm,
    ConfirmPasswordForm,
    FirstPasswordForm,
    NewPasswordForm,
    ResetForm,
)
from guildry.people.accounts.views import frames


class ResetPassword(frames.Framed, library.PasswordResetView):
    template_name = "account/password_reset.html"

    def get_form_class(self) -> type[ResetForm]:
        return ResetForm

    def form_valid(self, form: Any) -> HttpResponse:
        frames.count_attempt(self.request, "reset_password", form.cleaned_data["email"])
        response: HttpResponse = super().form_valid(form)
        return response


class ResetSent(frames.Framed, library.PasswordResetDoneView):
    template_name = "account/password_reset_done.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return {**super().get_context_data(**extra), "mailbox_url": queries.mailbox_address("")}


class NewPassword(frames.Framed, library.PasswordResetFromKeyView):
    template_name = "account/password_reset_from_key.html"

    def get_form_class(self) -> type[NewPasswordForm]:
        return NewPasswordForm

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        context = {"token_fail": False, **context}
        return super().render_to_response(context, status=410 if context["token_fail"] else 200)


class NewPasswordSet(frames.Framed, library.PasswordResetFromKeyDoneView):
    template_name = "account/password_reset_from_key_done.html"


class ChangePassword(frames.Framed, library.PasswordChangeView):
    template_name = "account/password_change.html"
    is_settings = True

    def get_form_class(self) -> type[ChangePasswordForm]:
        return ChangePasswordForm

    def get_success_url(self) -> str:
        return reverse("mfa_index")


class SetPassword(frames.Framed, library.PasswordSetView):
    template_name = "account/password_set.html"
    is_settings = True

    def get_form_class(self) -> type[FirstPasswordForm]:
        return FirstPasswordForm

    def get_success_url(self) -> str:
        return reverse("mfa_index")


class ConfirmPassword(frames.Framed, library.ReauthenticateView):
    template_name = "account/reauthenticate.html"

    def get_form_class(self) -> type[ConfirmPasswordForm]:
        return ConfirmPasswordForm


reset_password = permissions.public(ResetPassword.as_view())
reset_sent = permissions.public(ResetSent.as_view())
new_password = permissions.public(NewPassword.as_view())
new_password_set = permissions.public(NewPasswordSet.as_view())
change_password = login_required(ChangePassword.as_view())
set_password = login_required(SetPassword.as_view())
confirm_password = login_required(ConfirmPassword.as_view())
