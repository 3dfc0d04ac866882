"""What members choose to be told, where and when."""

from datetime import datetime, time
from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors, runtime
from guildry.kernel.permissions import Actor
from guildry.kernel.points import NOTIFICATION_KINDS
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import member_by_id
from guildry.people.notifications import queries, rules
from guildry.people.notifications.actions.trays import hold
from guildry.people.notifications.events import ChannelsChosen, MailPaused, MailUnsubscribed
from guildry.people.notifications.models import Choice, Tray
from guildry.people.notifications.rules import Channels, Digest, Mail


class QuietHoursIncomplete(errors.Invalid):
    problem = errors.problem("quiet-hours-incomplete", 422, "Quiet hours need a beginning and an end")
    detail = "Give quiet hours a beginning and a different end, or leave both empty."


class UnknownKind(errors.Invalid):
    problem = errors.problem("notification-kind-unknown", 422, "No such kind of notification")
    detail = "There is no such kind of notification."


class PauseRefused(errors.Invalid):
    problem = errors.problem("pause-refused", 422, "That pause does not work")
    detail = "A pause ends in the future, within a year."


def choose_channels(
    actor: Member,
    *,
    channels: dict[str, Channels],
    digest: Digest,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
) -> Tray:
    """Choose where to be told of each kind given, how often a digest comes, and the hours without mail.

    Raises UnknownKind or QuietHoursIncomplete.
    """
    if any(kind not in NOTIFICATION_KINDS for kind in channels):
        raise UnknownKind(field="channels")
    if (quiet_from is None) != (quiet_until is None) or (quiet_from and quiet_from == quiet_until):
        raise QuietHoursIncomplete(field="quiet_until")
    with transaction.atomic():
        tray = _own(actor)
        tray.digest, tray.quiet_from, tray.quiet_until = Digest(digest), quiet_from, quiet_until
        _plan(tray, actor)
        tray.save()
        for kind, chosen in sorted(channels.items()):
            _keep(actor.pk, kind, chosen)
        bus.publish(ChannelsChosen(actor.pk), actor=actor)
    return tray


def pause_mail(actor: Member, *, until: datetime | None) -> Tray:
    """Let no mail go before a moment, or end the pause with None; raises PauseRefused."""
    now = clock.now()
    if until is not None and not now < until <= now + rules.LONGEST_PAUSE:
        raise PauseRefused(field="until")
    with transaction.atomic():
        tray = _own(actor)
        tray.paused_until = until
        _plan(tray, actor)
        tray.save()
        bus.publish(MailPaused(actor.pk), actor=actor)
    return tray


def plan_digest(actor: Actor, *, member_id: int) -> None:
    """Work out anew when a member's next digest goes, because their clock changed."""
    member = member_by_id(member_id)
    tray = Tray.objects.filter(pk=member_id).first()
    if member is None or tray is None:
        return
    with transaction.atomic():
        tray = _own(member)
        _plan(tray, member)
        tray.save(update_fields=["digest_due_at"])


def unsubscribe(actor: Actor, *, token: str) -> str:
    """Stop the mail a link at the end of one names; returns its kind. Doing it twice changes nothing.

    Whoever holds the link acts for the member. Raises UnknownLink.
    """
    member_id, kind = queries.unsubscribe_target(token)
    member = member_by_id(member_id)
    if member is None or (kind != "digest" and kind not in NOTIFICATION_KINDS):
        raise queries.UnknownLink
    with transaction.atomic():
        tray = _own(member)
        if kind == "digest":
            changed = tray.digest != Digest.OFF
            tray.digest, tray.digest_due_at = Digest.OFF, None
            tray.save()
        else:
            chosen = queries.channels_for(kind, [member_id])[member_id]
            changed = chosen.mail != Mail.OFF
            _keep(member_id, kind, Channels(chosen.app, Mail.OFF))
        if changed:
            bus.publish(MailUnsubscribed(member_id, kind), actor=member)
    return kind


def _own(actor: Member) -> Tray:
    return hold(actor, member_ids=[actor.pk])[actor.pk]


def _plan(tray: Tray, member: Any) -> None:
    hours, hour = tray.hours(member.time_zone), runtime.value("notifications.digest_hour")
    tray.digest_due_at = rules.next_digest(clock.now(), Digest(tray.digest), hours, hour)


def _keep(member_id: int, kind: str, chosen: Channels) -> None:
    Choice.objects.update_or_create(
        member_id=member_id, kind=kind, defaults={"app": chosen.app, "mail": chosen.mail}
    )
