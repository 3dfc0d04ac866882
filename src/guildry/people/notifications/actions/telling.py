"""Telling members something, and taking it back."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from guildry.kernel import bus, clock, tracing
from guildry.kernel.permissions import Actor
from guildry.kernel.text import clean
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import members_by_id
from guildry.people.network.queries import apart_from, muters_of
from guildry.people.notifications import queries, rules
from guildry.people.notifications.actions.trays import count_unread, hold
from guildry.people.notifications.events import MembersNotified, NotificationsWithdrawn
from guildry.people.notifications.models import Notification, Tray
from guildry.people.notifications.rules import Circumstances, Decision, Mail, MailState


def notify(
    actor: Actor, *, recipients: Iterable[int], kind: str, source: str, text: str, url: str
) -> list[Notification]:
    """Tell members something once per kind and source; return what was shown to whom.

    `actor` is who caused it, SYSTEM for the program. Own actions, blocks, mutes and preferences suppress it, and the
    reason is stored. `url` is a path of ours. Raises KeyError for a kind no app declares, ValueError for a foreign
    address or more than a thousand recipients.
    """
    wanted = sorted(set(recipients))
    if len(wanted) > rules.RECIPIENTS_AT_ONCE:
        raise ValueError(f"Tell at most {rules.RECIPIENTS_AT_ONCE} members at once, not {len(wanted)}.")
    if not rules.is_local(url):
        raise ValueError(f"Notifications lead to pages of ours, not to {url!r}.")
    with transaction.atomic():
        members = members_by_id(wanted)
        trays = hold(actor, member_ids=members)
        told = Notification.objects.filter(recipient_id__in=wanted, kind=kind, source=source)
        known = set(told.values_list("recipient_id", flat=True))
        fresh = [members[pk] for pk in sorted(members) if pk not in known]
        decisions = _decisions(actor, kind, fresh)
        words = {"kind": kind, "source": source, "text": rules.shorten(clean(text)), "url": url}
        Notification.objects.bulk_create(
            _row(actor, member, trays[member.pk], decisions[member.pk], words) for member in fresh
        )
        rows = told.filter(recipient_id__in=[member.pk for member in fresh], is_shown=True)
        shown = list(rows.order_by("pk"))
        count_unread(actor, changes={row.recipient_id: 1 for row in shown})
        if shown:
            bus.publish(MembersNotified(tuple(row.pk for row in shown)), actor=actor)
    return shown


def withdraw_notifications(
    actor: Actor, *, recipient_ids: Iterable[int], kind: str, by: int | None = None, source: str = ""
) -> int:
    """Take back what is no longer so, by who caused it or by its source; returns how many there were.

    Mail that still waits for it is not sent.
    """
    wanted = list(recipient_ids)
    found = Notification.objects.filter(recipient_id__in=wanted, kind=kind)
    found = found.filter(actor_id=by) if by is not None else found.filter(source=source)
    with transaction.atomic():
        hold(actor, member_ids=wanted)
        return _take_back(actor, found)


def part_members(actor: Actor, *, one: int, other: int) -> int:
    """Take back everything two members caused each other to be told, because one blocked the other."""
    with transaction.atomic():
        hold(actor, member_ids=(one, other))
        between = Q(recipient_id=one, actor_id=other) | Q(recipient_id=other, actor_id=one)
        return _take_back(actor, Notification.objects.filter(between))


def _take_back(actor: Actor, found: Any) -> int:
    shown = found.filter(is_shown=True)
    unread = Counter(shown.filter(read_at=None).values_list("recipient_id", flat=True))
    touched = sorted(set(shown.values_list("recipient_id", flat=True)))
    number = int(found.delete()[0])
    count_unread(actor, changes={member_id: -count for member_id, count in unread.items()})
    if touched:
        bus.publish(NotificationsWithdrawn(tuple(touched)), actor=actor)
    return number


def _decisions(actor: Actor, kind: str, members: list[Member]) -> dict[int, Decision]:
    ids = [member.pk for member in members]
    channels = queries.channels_for(kind, ids)
    apart = apart_from(actor.pk, ids) if actor.pk else set()
    deaf = muters_of(actor.pk, ids) if actor.pk else set()
    return {
        member.pk: rules.decide(
            Circumstances(
                is_own=member.pk == actor.pk,
                is_away=not member.is_active,
                is_blocked=member.pk in apart,
                is_muted=member.pk in deaf,
                channels=channels[member.pk],
            )
        )
        for member in members
    }


def _row(actor: Actor, member: Member, tray: Tray, decision: Decision, words: dict[str, str]) -> Notification:
    now = clock.now()
    row = Notification(
        recipient=member,
        actor_id=actor.pk,
        is_shown=decision.is_shown,
        reason=decision.reason,
        created_at=now,
        trace_id=tracing.current()[0],
        **words,
    )
    if decision.mail == Mail.INSTANT:
        row.mail_state = MailState.WAITING
        row.mail_due_at = rules.first_free(now + rules.GRACE, tray.hours(member.time_zone))
    elif decision.mail == Mail.DIGEST:
        row.mail_state = MailState.IN_DIGEST
    return row
