"""What visitors may choose about the look of the site."""

from django import forms

APPEARANCES = (("", "As my device"), ("light", "Light"), ("dark", "Dark"))


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(
        label="Light or dark", choices=APPEARANCES, required=False, widget=forms.RadioSelect
    )
