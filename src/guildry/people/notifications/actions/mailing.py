"""Mail about notifications: at once where that was chosen, else in a digest, never in somebody's quiet hours."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from guildry.kernel import clock, runtime, tracing
from guildry.kernel.permissions import Actor
from guildry.kernel.points import NOTIFICATION_KINDS
from guildry.people.accounts.models import Member
from guildry.people.network.queries import apart_from, hidden_ids, muters_of
from guildry.people.notifications import queries, rules
from guildry.people.notifications.models import Notification, Tray
from guildry.people.notifications.rules import Channels, Digest, Mail, MailState, Reason
from guildry.platform.mail.actions import THEME


def mail_notification(actor: Actor, *, notification_id: int) -> str:
    """Send the mail a notification waits for, unless something speaks against it by now; returns what became of it."""
    with transaction.atomic():
        rows = Notification.objects.select_for_update()
        row = rows.filter(pk=notification_id, mail_state=MailState.WAITING).first()
        if row is None:
            return MailState.NONE
        tray = queries.tray_of(row.recipient)
        free = rules.first_free(clock.now(), tray.hours(row.recipient.time_zone))
        if reason := _objection(row):
            row.mail_state, row.mail_reason = MailState.DROPPED, reason
        elif _chosen(row) == Mail.DIGEST:
            row.mail_state = MailState.IN_DIGEST
        elif free > clock.now():
            row.mail_due_at = free
        else:
            with tracing.span("notification", row.kind, trace_id=row.trace_id):
                _send(row.recipient, row.text, "notifications/mail_one", row.kind, {"notification": row})
            row.mail_state, row.mailed_at = MailState.SENT, clock.now()
        row.save(update_fields=["mail_state", "mail_reason", "mail_due_at", "mailed_at"])
    return row.mail_state


def mail_digest(actor: Actor, *, member_id: int) -> int:
    """Send a member's digest when it is due and there is something unread in it; returns how many entries it has."""
    with transaction.atomic():
        now = clock.now()
        tray = Tray.objects.select_for_update().filter(pk=member_id, digest_due_at__lte=now).first()
        if tray is None:
            return 0
        member = tray.member
        hours = tray.hours(member.time_zone)
        if (free := rules.first_free(now, hours)) > now:
            tray.digest_due_at = free
            tray.save(update_fields=["digest_due_at"])
            return 0
        wanted = _sorted_out(member)
        if wanted:
            _send_digest(member, wanted)
        hour = runtime.value("notifications.digest_hour")
        tray.digest_due_at = rules.next_digest(now, Digest(tray.digest), hours, hour)
        tray.save(update_fields=["digest_due_at"])
    return len(wanted)


def _objection(row: Notification) -> Reason:
    """Return why mail about a notification should not go any more."""
    recipient = [row.recipient_id]
    against = (
        (lambda: row.read_at or row.seen_at, Reason.READ),
        (lambda: clock.now() - row.created_at > rules.STALE, Reason.STALE),
        (lambda: not row.recipient.is_active, Reason.AWAY),
        (lambda: row.actor_id and apart_from(row.actor_id, recipient), Reason.BLOCKED),
        (lambda: row.actor_id and muters_of(row.actor_id, recipient), Reason.MUTED),
        (lambda: _chosen(row) == Mail.OFF, Reason.PREFERENCE),
    )
    return next((reason for applies, reason in against if applies()), Reason.NONE)


def _chosen(row: Notification) -> Mail:
    if row.kind not in NOTIFICATION_KINDS:
        return Mail.OFF
    return queries.channels_for(row.kind, [row.recipient_id])[row.recipient_id].mail


def _sorted_out(member: Member) -> list[Notification]:
    """Return what belongs into a digest, and note about the rest why it does not."""
    rows = Notification.objects.filter(recipient=member, mail_state=MailState.IN_DIGEST)
    if not member.is_active:
        rows.update(mail_state=MailState.DROPPED, mail_reason=Reason.AWAY)
        return []
    waiting = list(rows.select_related("actor").order_by("-pk")[: rules.RECIPIENTS_AT_ONCE])
    wishes = queries.wishes_of(member).channels
    actors = {row.actor_id for row in waiting if row.actor_id}
    apart, hidden = apart_from(member.pk, actors), set(hidden_ids(member.pk))
    against: dict[int | None, Reason] = {
        pk: Reason.BLOCKED if pk in apart else Reason.MUTED for pk in actors & hidden
    }
    kept: list[Notification] = []
    for row in waiting:
        row.mail_reason = _digest_objection(row, against, wishes)
        row.mail_state = MailState.DROPPED if row.mail_reason else MailState.SENT
        row.mailed_at = None if row.mail_reason else clock.now()
        if not row.mail_reason:
            kept.append(row)
    Notification.objects.bulk_update(waiting, ["mail_state", "mail_reason", "mailed_at"], batch_size=200)
    return kept


def _digest_objection(
    row: Notification, against: dict[int | None, Reason], wishes: dict[str, Channels]
) -> Reason:
    if row.read_at or row.seen_at:
        return Reason.READ
    if row.actor_id in against:
        return against[row.actor_id]
    chosen = wishes.get(row.kind)
    return Reason.NONE if chosen and chosen.mail != Mail.OFF else Reason.PREFERENCE


def _send_digest(member: Member, found: list[Notification]) -> None:
    number = len(found)
    subject = "1 notification for you" if number == 1 else f"{number} notifications for you"
    shown = found[: rules.DIGEST_ITEMS]
    grouped: dict[str, list[Notification]] = {}
    for row in shown:
        grouped.setdefault(NOTIFICATION_KINDS[row.kind].group, []).append(row)
    context = {"grouped": grouped, "left": number - len(shown), "title": subject}
    with tracing.span("digest", f"of {number}", trace_id=found[0].trace_id):
        trace, _ = tracing.current()
        _send(member, subject, "notifications/mail_digest", "digest", context)
    told_of = {row.trace_id for row in found} - {trace, ""}
    for other in told_of:
        moment = tracing.moment("digest", f"of {number}", trace_id=other, told_in=trace)
        transaction.on_commit(partial(tracing.record, moment))


def _send(member: Member, subject: str, template: str, kind: str, context: dict[str, Any]) -> None:
    leave = reverse("notifications:unsubscribe", args=[queries.unsubscribe_token(member.pk, kind)])
    known = NOTIFICATION_KINDS.get(kind)
    context = {
        "title": subject,
        "member": member,
        "site": settings.ORIGIN,
        "theme": THEME,
        "home": settings.ORIGIN + reverse("notifications:home"),
        "preferences": settings.ORIGIN + reverse("notifications:preferences"),
        "unsubscribe": settings.ORIGIN + leave,
        "about": f"“{known.label}”" if known else "a digest",
        **context,
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"{template}.txt", context),
        None,
        [member.email],
        headers={
            "List-Unsubscribe": f"<{settings.ORIGIN}{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string(f"{template}.jinja", context), "text/html")
    message.send()
