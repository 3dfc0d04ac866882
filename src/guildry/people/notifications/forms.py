"""What one chooses to be told, where and when."""

from typing import Any

from django import forms

from guildry.kernel.points import NOTIFICATION_KINDS, NotificationKind
from guildry.people.notifications.queries import Wishes
from guildry.people.notifications.rules import PAUSES, Channels, Digest, Mail

MAIL = ((Mail.OFF, "No mail"), (Mail.DIGEST, "In the digest"), (Mail.INSTANT, "At once"))
DIGESTS = ((Digest.OFF, "No digest"), (Digest.DAILY, "Every morning"), (Digest.WEEKLY, "On Monday mornings"))


class ListForm(forms.Form):
    """Which notifications to show."""

    unread = forms.BooleanField(required=False)
    group = forms.CharField(required=False, max_length=40)
    cursor = forms.CharField(required=False, max_length=200)


class UpToForm(forms.Form):
    """Up to which notification, and of which group."""

    up_to = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    group = forms.CharField(required=False, max_length=40)


class TogetherForm(forms.Form):
    """The other notifications of a line, divided by spaces."""

    also = forms.RegexField(r"^(\d{1,18}( \d{1,18}){0,99})?$", required=False)

    def ids(self) -> list[int]:
        """Return them as numbers; none when the form was not filled in by a page of ours."""
        return [int(number) for number in self.cleaned_data["also"].split()] if self.is_valid() else []


class PauseForm(forms.Form):
    span = forms.ChoiceField(choices=[(name, name) for name in (*PAUSES, "none")])


class PreferencesForm(forms.Form):
    """A switch and a choice of mail for every kind of notification, the digest, and quiet hours."""

    digest = forms.ChoiceField(label="Digest", choices=DIGESTS, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(
        label="Quiet from", required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="Quiet until", required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    def __init__(self, data: Any, *, wishes: Wishes) -> None:
        tray = wishes.tray
        initial = {"digest": tray.digest, "quiet_from": tray.quiet_from, "quiet_until": tray.quiet_until}
        super().__init__(data, initial=initial)
        for kind in NOTIFICATION_KINDS:
            chosen = wishes.channels[kind.key]
            app, mail = self._names(kind)
            self.fields[app] = forms.BooleanField(
                label=f"Show “{kind.label}” here", required=False, initial=chosen.app
            )
            self.fields[mail] = forms.ChoiceField(
                label=f"Mail about “{kind.label}”",
                choices=MAIL,
                initial=chosen.mail,
                widget=forms.Select({"class": "input", "aria-label": f"Mail about “{kind.label}”"}),
            )

    def groups(self) -> dict[str, list[tuple[NotificationKind, Any, Any]]]:
        """Return the kinds by group, each with its two fields."""
        found: dict[str, list[tuple[NotificationKind, Any, Any]]] = {}
        for kind in NOTIFICATION_KINDS:
            app, mail = self._names(kind)
            found.setdefault(kind.group, []).append((kind, self[app], self[mail]))
        return found

    def chosen(self) -> dict[str, Any]:
        """Return clean choices as the action takes them."""
        given = self.cleaned_data
        channels = {
            kind.key: Channels(app=given[self._names(kind)[0]], mail=Mail(given[self._names(kind)[1]]))
            for kind in NOTIFICATION_KINDS
        }
        return {
            "channels": channels,
            "digest": Digest(given["digest"]),
            "quiet_from": given["quiet_from"],
            "quiet_until": given["quiet_until"],
        }

    @staticmethod
    def _names(kind: NotificationKind) -> tuple[str, str]:
        return f"app-{kind.key}", f"mail-{kind.key}"
