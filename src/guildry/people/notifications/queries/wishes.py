"""What members chose to be told, where and when."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from guildry.kernel import errors
from guildry.kernel.points import NOTIFICATION_KINDS, NotificationKind
from guildry.people.accounts.models import Member
from guildry.people.notifications.models import Choice, Tray
from guildry.people.notifications.rules import Channels, Mail

_SALT = "notifications.unsubscribe"


class UnknownLink(errors.NotFound):
    problem = errors.problem("unsubscribe-link-unknown", 404, "This link does not work")
    detail = (
        "This link is incomplete. Copy the whole address from the mail, or sign in and open your settings."
    )


@dataclass(frozen=True)
class Wishes:
    """Everything a member chose: the channels of every kind, and when mail may go."""

    tray: Tray
    channels: dict[str, Channels]


def default_channels(kind: NotificationKind) -> Channels:
    """Return what holds until somebody chooses otherwise: shown in the app, mailed as its app declared."""
    mail = kind.settings.get("mail", Mail.DIGEST) if kind.mail else Mail.OFF
    return Channels(app=True, mail=Mail(mail))


def channels_for(kind: str, member_ids: Iterable[int]) -> dict[int, Channels]:
    """Return what each member chose for a kind; raises KeyError for a kind that no app declares."""
    default = default_channels(NOTIFICATION_KINDS[kind])
    found = dict.fromkeys(member_ids, default)
    for choice in Choice.objects.filter(kind=kind, member_id__in=list(found)):
        found[choice.member_id] = choice.channels
    return found


def tray_of(member: Member) -> Tray:
    """Return a member's tray, or an untouched one that is not stored."""
    return Tray.objects.filter(pk=member.pk).first() or Tray(member=member)


def wishes_of(member: Member) -> Wishes:
    """Return everything a member chose, defaults included."""
    channels = {kind.key: default_channels(kind) for kind in NOTIFICATION_KINDS}
    for choice in Choice.objects.filter(member=member):
        if choice.kind in channels:
            channels[choice.kind] = choice.channels
    return Wishes(tray_of(member), channels)


def unsubscribe_token(member_id: int, kind: str) -> str:
    """Return what the link at the end of a mail carries; `kind` may be "digest"."""
    return signing.dumps([member_id, kind], salt=_SALT)


def unsubscribe_target(token: str) -> tuple[int, str]:
    """Return the member and kind of a link; raises UnknownLink."""
    try:
        member_id, kind = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise UnknownLink from error
    return int(member_id), str(kind)
