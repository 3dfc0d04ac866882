"""Pages of governance: the record, charters, retention, holds and requests, and members' own privacy settings."""

from guildry.ops.governance.views.privacy import copy, copy_collect, copy_order, privacy
from guildry.ops.governance.views.record import charter, data, record
from guildry.ops.governance.views.retention import hold_end, holds, retention

__all__ = [
    "charter",
    "copy",
    "copy_collect",
    "copy_order",
    "data",
    "hold_end",
    "holds",
    "privacy",
    "record",
    "retention",
]
