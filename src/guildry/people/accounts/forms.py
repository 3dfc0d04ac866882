"""What members type to come in and to look after their account."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts import actions, rules
from guildry.people.accounts.models import Hat, Member

HANDLE_HINT = "2 to 30 small letters, digits or _. It names your page and how others mention you."
PASSWORD_HINT = "At least 10 characters. Three or four unrelated words work well."  # noqa: S105 - a hint
ZONES = [
    (zone, zone.replace("_", " ")) for zone in sorted(rules.time_zones()) if "/" in zone or zone == "UTC"
]
LANGUAGES = [("en-gb", "English (United Kingdom)")]
THEMES = [("", "As my device"), ("light", "Light"), ("dark", "Dark")]


def _text(autocomplete: str, **attributes: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


def _email(**attributes: Any) -> forms.EmailInput:
    return forms.EmailInput(attrs={"autocomplete": "email", **attributes})


def _password(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


def _code() -> forms.TextInput:
    return _text("one-time-code", inputmode="numeric", spellcheck="false", autocapitalize="off")


class _NamesWhatIsMissing(forms.Form):
    """An empty field says its own name, so that a list of them can be read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            asked = "choose at least one" if isinstance(field, forms.MultipleChoiceField) else "fill this in"
            field.error_messages["required"] = f"{field.label}: {asked}."


class HandleField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        widget = _text("username", spellcheck="false", autocapitalize="none")
        shape = RegexValidator(
            rules.HANDLE, "Use 2 to 30 small letters, digits or _, starting with a letter or digit."
        )
        options = {"label": "Handle", "max_length": 30, "widget": widget, "help_text": HANDLE_HINT, **options}
        super().__init__(validators=[shape], **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").strip().lstrip("@").lower()


class SignInForm(account_forms.LoginForm):
    """Allauth's form with our words; it tells the adapter who tries."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["login"] = forms.EmailField(label="E-mail address", widget=_email(), max_length=254)
        self.fields["password"] = forms.CharField(
            label="Password", strip=False, widget=_password("current-password"), max_length=4096
        )
        for name in ("login", "password"):
            field = self.fields[name]
            field.error_messages["required"] = f"{field.label}: fill this in."
        self.fields["remember"] = forms.BooleanField(
            label="Keep me signed in on this device", required=False, initial=True
        )

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).strip().lower()


class SignUpForm(_NamesWhatIsMissing):
    name = forms.CharField(label="Your name", max_length=80, widget=_text("name"))
    handle = HandleField()
    email = forms.EmailField(label="E-mail address", max_length=254, widget=_email())
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=4096,
        widget=_password("new-password"),
        help_text=PASSWORD_HINT,
    )
    hats = forms.MultipleChoiceField(
        label="What brings you here", choices=Hat.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose what fits. You can change it at any time.",
    )  # fmt: skip
    time_zone = forms.CharField(max_length=64, initial="UTC", required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        somebody = Member(
            name=data.get("name", ""), handle=data.get("handle", ""), email=data.get("email", "")
        )
        check_password(self, "password", somebody)
        return data

    def clean_time_zone(self) -> str:
        """A browser fills it in, so a name that this installation does not know is nobody's mistake."""
        zone = str(self.cleaned_data["time_zone"])
        return zone if zone in rules.time_zones() else "UTC"


class OrganisationSignUpForm(SignUpForm):
    """The same for whoever will found an organisation next."""

    organisation = forms.CharField(
        label="Name of the organisation", max_length=120, widget=_text("organization"),
        help_text="You will describe it after you have confirmed your address.",
    )  # fmt: skip
    field_order = ("organisation", "name", "handle", "email", "password")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["hats"]


def check_password(form: forms.Form, field: str, member: Member) -> None:
    """Put what speaks against a password at its field."""
    if password := form.cleaned_data.get(field):
        try:
            password_validation.validate_password(password, member)
        except ValidationError as weak:
            form.add_error(field, weak)


class AddressForm(_NamesWhatIsMissing):
    email = forms.EmailField(label="E-mail address", max_length=254, widget=_email())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class CodeForm(_NamesWhatIsMissing):
    code = forms.CharField(label="Code", max_length=12, widget=_code())


class ResetForm(account_forms.ResetPasswordForm):
    email = forms.EmailField(label="E-mail address", max_length=254, widget=_email())


class _OneNewPassword:
    """One field is enough: it can be shown, and asking twice only hinders password managers."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: Any = self.fields  # type: ignore[attr-defined]
        fields["password1"].label, fields["password1"].help_text = "New password", PASSWORD_HINT
        fields["password1"].widget.attrs.pop("placeholder", None)
        fields.pop("password2")


class NewPasswordForm(_OneNewPassword, account_forms.ResetPasswordKeyForm):
    pass


class FirstPasswordForm(_OneNewPassword, account_forms.SetPasswordForm):
    pass


class ChangePasswordForm(_OneNewPassword, account_forms.ChangePasswordForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["oldpassword"] = forms.CharField(
            label="Current password", strip=False, max_length=4096, widget=_password("current-password")
        )


class ConfirmPasswordForm(account_forms.ReauthenticateForm):
    password = forms.CharField(
        label="Password", strip=False, max_length=4096, widget=_password("current-password")
    )


class _SpendsCode:
    """The library remembers used codes in one process and for a third of the time they are valid; we keep the step."""

    def clean_code(self) -> str:
        form: Any = self
        code = str(form.cleaned_data["code"])
        factor: Any = actions.spend_factor_code(SYSTEM, member_id=form.user.pk, code=code)
        if factor is None:
            raise get_adapter().validation_error("incorrect_code")
        factor.user, form.authenticator = form.user, factor
        return code


class FactorForm(_SpendsCode, factor_forms.AuthenticateForm):
    code = forms.CharField(label="Code from your app, or a recovery code", max_length=12, widget=_code())


class ConfirmFactorForm(_SpendsCode, factor_forms.ReauthenticateForm):
    code = forms.CharField(label="Code from your app, or a recovery code", max_length=12, widget=_code())


class AppForm(totp_forms.ActivateTOTPForm):
    code = forms.CharField(label="Code from your app", max_length=12, widget=_code())


class PasskeyForm(passkey_forms.AddWebAuthnForm):
    name = forms.CharField(label="Name of this passkey", max_length=60, required=False, widget=_text("off"))
    passwordless = forms.BooleanField(
        label="Sign in with this passkey alone", required=False, initial=True,
        help_text="Your device asks for your fingerprint, face or PIN instead of a password.",
    )  # fmt: skip


class PasskeyNameForm(passkey_forms.EditWebAuthnForm):
    name = forms.CharField(label="Name of this passkey", max_length=60, widget=_text("off"))


class ProviderJoinForm(_NamesWhatIsMissing):
    """What a provider cannot say: how the member wants to be called here."""

    name = forms.CharField(label="Your name", max_length=80, widget=_text("name"))
    handle = HandleField()


class PresenceForm(_NamesWhatIsMissing):
    name = forms.CharField(label="Name", max_length=80, widget=_text("name"))
    headline = forms.CharField(
        label="Headline", max_length=140, required=False, widget=_text("organization-title"),
        help_text="One line that says what you do. It stands beside everything you write.",
    )  # fmt: skip
    handle = HandleField()


class PreferencesForm(_NamesWhatIsMissing):
    time_zone = forms.ChoiceField(label="Time zone", choices=ZONES)
    locale = forms.ChoiceField(label="Language", choices=LANGUAGES)
    theme = forms.ChoiceField(label="Colours", choices=THEMES, required=False)


class HatsForm(_NamesWhatIsMissing):
    hats = forms.MultipleChoiceField(
        label="Hats you wear", choices=Hat.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class TokenForm(_NamesWhatIsMissing):
    name = forms.CharField(label="What will use it", max_length=60, widget=_text("off"))
    scopes = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label="Works for",
        coerce=int,
        initial=90,
        choices=[(days, f"{days} days") for days in rules.TOKEN_DAYS],
    )

    def __init__(self, *arguments: Any, areas: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [("read", "Read everything I can read"), ("write", "Do everything I can do")] + [
            (f"{area}.{verb}", f"{verb.capitalize()}: {area}") for area in areas for verb in ("read", "write")
        ]


class GrantForm(_NamesWhatIsMissing):
    role = forms.ChoiceField(label="Role", choices=[(role.value, role.label) for role in StaffRole])
    reason = forms.CharField(label="Reason", max_length=200, widget=_text("off"))


class ReasonForm(_NamesWhatIsMissing):
    reason = forms.CharField(
        label="Reason", max_length=200, widget=_text("off"), help_text="Kept in the audit trail."
    )


class SuspensionForm(_NamesWhatIsMissing):
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        widget=_text("off"),
        help_text="The member reads this when they try to sign in.",
    )
