"""A box to look into, with what may be needed to read and judge it."""

from typing import Any

from django import forms

from guildry.ops.schemas import queries
from guildry.ops.schemas.hive import KEY_LENGTH

# What the server takes into memory; anything larger would be put on a disk first.
LARGEST = 1024 * 1024
LARGEST_MANIFEST = 256 * 1024


def _boxes() -> list[tuple[str, str]]:
    return [("", "By the name of the file"), *((e.box, f"{e.label} ({e.box})") for e in queries.entities())]


class BoxForm(forms.Form):
    """Everything stays in memory and is forgotten with the answer."""

    box = forms.FileField(label="Box", allow_empty_file=True)
    key = forms.CharField(
        label="Key",
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label="Which box", choices=_boxes, required=False)
    member = forms.CharField(label="Compare with", required=False, max_length=31)
    manifest = forms.FileField(label="Manifest", required=False)

    def clean_box(self) -> Any:
        return _within(self.cleaned_data["box"], LARGEST)

    def clean_manifest(self) -> Any:
        return _within(self.cleaned_data["manifest"], LARGEST_MANIFEST)

    def clean_key(self) -> bytes:
        """Turn the key into bytes."""
        text = self.cleaned_data["key"].strip()
        if not text:
            return b""
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if len(key) != KEY_LENGTH:
            raise forms.ValidationError(f"A key is {2 * KEY_LENGTH} hex digits: {KEY_LENGTH} bytes.")
        return key

    @property
    def box_name(self) -> str:
        """What the box is called: as chosen, or as its file."""
        return self.cleaned_data["kind"] or self.cleaned_data["box"].name.lower().removesuffix(".hive")


def _within(file: Any, most: int) -> Any:
    if file and file.size > most:
        raise forms.ValidationError(
            f"This file is larger than {most // 1024} KB. Use `guildry contracts hive`."
        )
    return file
