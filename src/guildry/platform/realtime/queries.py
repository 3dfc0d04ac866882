"""Who is here now."""

from collections.abc import Iterable
from typing import Any

from guildry.kernel import clock
from guildry.platform.realtime.models import Presence


def present(member_ids: Iterable[int]) -> set[int]:
    """Return which of these members have a socket open at a living process, in one query."""
    wanted = list(member_ids)
    if not wanted:
        return set()
    here = Presence.objects.filter(member_id__in=wanted, lease__expires_at__gt=clock.now())
    return set(here.values_list("member_id", flat=True))


def seen_present(viewer: Any, member_ids: Iterable[int]) -> set[int]:
    """Return whom of these a viewer sees as present; guests see that of nobody."""
    return set() if viewer is None else present(member_ids)


def is_present(member_id: int) -> bool:
    return bool(present([member_id]))
