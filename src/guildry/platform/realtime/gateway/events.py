"""What clients may send: a declared event, of the declared shape, by somebody who may, not too often."""

from typing import Any

import msgspec
import structlog
from django.db import close_old_connections

from guildry.kernel import errors, limits, permissions, tracing
from guildry.kernel.outages import is_outage
from guildry.kernel.points import Namespace, SocketEvent, SocketSession
from guildry.platform.realtime.gateway.entrance import Doors, Pass, check_reach

LONGEST_NAME = 100
RETRY_AFTER = 2.0
log = structlog.get_logger("guildry.realtime")


class UnknownEvent(errors.NotFound):
    problem = errors.problem("unknown-event", 404, "No such event")
    detail = "This namespace takes no event of this name."


class Overloaded(errors.TooMany):
    detail = "Earlier events of this connection still wait. Send the next one after their answers."


class Resume(msgspec.Struct, forbid_unknown_fields=True):
    """Where a client stopped: it has everything up to `after_seq`, of that fact's broadcasts up to `after_part`."""

    after_seq: int | None = None
    after_part: int | None = None


def handle(doors: Doors, namespace: Namespace, sid: str, proof: Pass, name: str, arguments: Any) -> Any:
    """Answer one event of one socket. Runs in a worker thread."""
    close_old_connections()
    event_name = f"{namespace.path} {name}"[:LONGEST_NAME]
    step = tracing.span("event", event_name, trace_id=tracing.new_trace())
    with structlog.contextvars.bound_contextvars(event_name=event_name), step as told:
        try:
            return {"ok": True} | _handle(doors, namespace, sid, proof, name, arguments)
        except errors.DomainError as refusal:
            told["error"] = refusal.problem.code
            return refused(refusal)
        except Exception as error:
            told["error"] = type(error).__name__
            log.exception("event failed")
            return refused(errors.Unavailable(retry_after=RETRY_AFTER)) if is_outage(error) else failed()


def payload_of(arguments: Any, shape: type) -> Any:
    """Return the one argument of an event in its shape; raises Malformed."""
    try:
        (given,) = arguments or ({},)
        return msgspec.convert(given, shape)
    except (ValueError, msgspec.ValidationError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "one object is expected"
        raise errors.Malformed(f"This event could not be read: {reason}.") from error


def refused(refusal: errors.DomainError) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": False, "code": refusal.problem.code, "message": refusal.message}
    if refusal.retry_after is not None:
        answer["retry_after"] = round(refusal.retry_after, 3)
    if refusal.errors:
        answer["errors"] = [{"field": e.field, "detail": e.detail, "code": e.code} for e in refusal.errors]
    return answer


def failed() -> dict[str, Any]:
    return {"ok": False, "code": errors.INTERNAL.code, "message": f"{errors.INTERNAL.title}. Try again."}


def _handle(
    doors: Doors, namespace: Namespace, sid: str, proof: Pass, name: str, arguments: Any
) -> dict[str, Any]:
    event = next((event for event in namespace.events if event.name == name), None)
    if event is None:
        raise UnknownEvent
    _spend(namespace, event, proof)
    payload = payload_of(arguments, event.shape)
    viewer = doors.again(proof)
    if viewer is None:
        raise errors.Unauthenticated
    check_reach(doors, proof, namespace, is_writing=True)
    if event.permission:
        permissions.require(viewer, event.permission)
    return event.handle(SocketSession(sid, viewer), payload)


def _spend(namespace: Namespace, event: SocketEvent, proof: Pass) -> None:
    key = f"socket.event:{namespace.path}:{event.name}:{proof.member_id}"
    limits.spend(key, burst=event.burst, per_second=event.per_second)
