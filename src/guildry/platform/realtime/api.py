"""JSON API of realtime: tickets for programs that cannot send our cookie."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status

from guildry.kernel.permissions import MemberRequest
from guildry.platform.realtime import actions

router = Router(tags=["realtime"])


class TicketOut(Schema):
    """Opens one namespace once: connect with `auth: {ticket}` before it expires."""

    ticket: str
    expires_at: datetime


@router.post("/tickets", response={201: TicketOut}, summary="Get a ticket for a socket")
def issue_ticket(request: MemberRequest, response: HttpResponse) -> Any:
    known: Any = request
    holder = known.token_holder
    issued = actions.issue_ticket(
        known.user,
        token_id=holder.token_id if holder else None,
        session_id=None if holder else known.session.identity().session_id,
    )
    response.headers["Cache-Control"] = "no-store"
    return Status(201, {"ticket": issued.secret, "expires_at": issued.expires_at})
