"""The trays of members, locked while what is in them changes."""

from collections.abc import Iterable

from django.db.models import F

from guildry.kernel import clock, runtime
from guildry.kernel.permissions import Actor
from guildry.people.accounts.queries import members_by_id
from guildry.people.notifications import rules
from guildry.people.notifications.models import Tray
from guildry.people.notifications.rules import Digest


def hold(actor: Actor, *, member_ids: Iterable[int]) -> dict[int, Tray]:
    """Lock the trays of some members, in key order, for the running transaction; missing ones are made."""
    wanted = sorted(set(member_ids))
    found = _locked(wanted)
    if missing := [member_id for member_id in wanted if member_id not in found]:
        zones = {pk: member.time_zone for pk, member in members_by_id(missing).items()}
        now, hour = clock.now(), runtime.value("notifications.digest_hour")
        made = [
            Tray(member_id=pk, digest_due_at=rules.next_digest(now, Digest.DAILY, _in(zone), hour))
            for pk, zone in zones.items()
        ]
        Tray.objects.bulk_create(made, ignore_conflicts=True)
        found = _locked(wanted)
    return found


def count_unread(actor: Actor, *, changes: dict[int, int]) -> None:
    """Add to the unread counts of trays that are held; a negative number takes away."""
    for change in sorted(set(changes.values()) - {0}):
        alike = [member_id for member_id, wanted in changes.items() if wanted == change]
        Tray.objects.filter(pk__in=alike).update(unread_count=F("unread_count") + change)


def _locked(member_ids: list[int]) -> dict[int, Tray]:
    rows = Tray.objects.select_for_update().filter(pk__in=member_ids).order_by("pk")
    return {tray.pk: tray for tray in rows}


def _in(zone_name: str) -> rules.Hours:
    return rules.Hours(rules.zone_of(zone_name))
