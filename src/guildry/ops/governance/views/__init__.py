"""Pages of governance: the record, charters, retention, holds and requests, and members' own privacy settings."""

from guildry.ops.governance.views.privacy import (
    copy,
    copy_collect,
    copy_order,
    erasure,
    erasure_end,
    privacy,
)
from guildry.ops.governance.views.record import charter, data, record
from guildry.ops.governance.views.requests import approval, plan, refusal, request, requests
from guildry.ops.governance.views.retention import hold_end, holds, retention

__all__ = [
    "approval",
    "charter",
    "copy",
    "copy_collect",
    "copy_order",
    "data",
    "erasure",
    "erasure_end",
    "hold_end",
    "holds",
    "plan",
    "privacy",
    "record",
    "refusal",
    "request",
    "requests",
    "retention",
]
