"""Reading the trail of privileged acts."""

from typing import Any

from guildry.kernel.paging import Page, page_of
from guildry.platform.audit.models import Entry


def trail(viewer: Any, *, size: int = 50) -> Page[Entry]:
    """Return the newest privileged acts the viewer may see."""
    rows = list(Entry.objects.visible_to(viewer).order_by("-seq")[: size + 1])
    return page_of(rows, size, "seq")
