"""The end of an account: asked for, cooled off, planned, approved by another, carried out, and proven."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from guildry.kernel import bus, clock, errors, ids, permissions, text
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.ops.governance import events, queries
from guildry.ops.governance.models import Request, Step
from guildry.ops.governance.rules import (
    ANSWER_WITHIN,
    STATES,
    Kind,
    State,
    has_cooled,
    may_approve,
    may_plan,
)
from guildry.people.notifications import actions as notifications
from guildry.platform.jobs import actions as jobs
from guildry.platform.mail import actions as mail
from guildry.platform.mail.models import Letter

CARRY_OUT = "guildry.ops.governance.tasks.carry_out"


class ErasureWaiting(errors.DomainError):
    problem = errors.problem("erasure-waiting", 409, "That is asked for already")
    detail = "You asked for the end of your account already. You can still take that back on this page."


class TooLate(errors.DomainError):
    problem = errors.problem("erasure-too-late", 409, "It is too late to take that back")
    detail = "The erasure was approved and is being carried out."


class StillCooling(errors.DomainError):
    problem = errors.problem("erasure-cooling", 409, "The member may still think it over")
    detail = "The time to think it over is not up. Plan it afterwards."


class Held(errors.DomainError):
    problem = errors.problem("erasure-held", 409, "A hold keeps this data")
    detail = "A legal hold keeps data of this member. Lift the hold first, or refuse the request and say why."


class StaffStays(errors.DomainError):
    problem = errors.problem("erasure-of-staff", 409, "They hold a staff role")
    detail = "Somebody with a staff role cannot be erased. Revoke the role first."


class SecondPersonNeeded(errors.Forbidden):
    problem = errors.problem("second-person-needed", 403, "Somebody else has to decide that")
    detail = "An erasure takes two people who are not the member: one plans it, another one approves it."


def request_erasure(actor: Actor, *, wish: str = "") -> Request:
    """Ask for the end of the actor's account and of all that is theirs; raises ErasureWaiting or StaffStays."""
    if actor.pk is None:
        raise errors.Unauthenticated
    if getattr(actor, "has_staff_grant", False) and actor.staff_roles:
        raise StaffStays("You hold a staff role. Have it revoked first.")
    now = clock.now()
    with transaction.atomic():
        if queries.erasure_of(actor.pk):
            raise ErasureWaiting
        request = Request.objects.create(
            kind=Kind.ERASURE, member_id=actor.pk, reference=ids.uuid7_hex()[-16:], state=State.COOLING,
            wish=text.clean(wish)[:300], received_at=now, due_at=now + ANSWER_WITHIN,
            cools_until=now + queries.cool_off(),
        )  # fmt: skip
        bus.publish(events.ErasureRequested(request.pk, actor.pk), actor=actor)
        _write(request, "You asked for the end of your account", (
            f"Until {request.cools_until:%d %B %Y, %H:%M} UTC nothing happens, and you can take it back on your privacy page.",
            "After that two people look at it, and everything that is yours is deleted.",
            "If that was not you, take it back there and change your password.",
        ))  # fmt: skip
    return request


def cancel_erasure(actor: Actor) -> Request:
    """Take back the actor's own request; raises NotFound or TooLate."""
    with transaction.atomic():
        request = queries.erasure_of(actor.pk) if actor.pk else None
        if request is None:
            raise errors.NotFound
        if not queries.may_cancel(request):
            raise TooLate
        _set(request, State.CANCELLED, finished_at=clock.now())
        bus.publish(events.ErasureCancelled(request.pk, request.member_id), actor=actor)
    return request


def refuse_erasure(actor: Actor, *, request_id: int, reason: str) -> Request:
    """Refuse an erasure, for the member to read why; raises PermissionMissing or Invalid."""
    permissions.require(actor, "governance.handle")
    with transaction.atomic():
        request = _locked(request_id)
        act = bus.Act(reason, subject=f"member:{request.member_id}", before=request.state)
        _set(request, State.REFUSED, finished_at=clock.now(), decision=text.clean(reason)[:300])
        bus.publish(events.ErasureRefused(request.pk, request.member_id), actor=actor, act=act)
        notifications.notify(
            SYSTEM, recipients=[request.member_id], kind="governance.copy", source=request.reference,
            text=f"Your account stays: {request.decision}", url=reverse("governance:privacy"),
        )  # fmt: skip
    return request


def plan_erasure(actor: Actor, *, request_id: int, reason: str) -> Request:
    """Count what would go and what would stay, for another person to approve.

    Raises PermissionMissing, StillCooling, Held, StaffStays or SecondPersonNeeded.
    """
    permissions.require(actor, "governance.handle")
    with transaction.atomic():
        request = _locked(request_id)
        if not may_plan(planner=actor.pk, subject=request.member_id):
            raise SecondPersonNeeded
        if request.state == State.COOLING and not has_cooled(request.cools_until, now=clock.now()):
            raise StillCooling
        _require_free(request)
        plan = queries.plan_as_data(queries.plan_for(queries.subject_of(request.member)))
        act = bus.Act(reason, subject=f"member:{request.member_id}", after=plan)
        _set(
            request, State.PLANNED, plan=plan, plan_digest=queries.digest_of_plan(plan), planned_at=clock.now(),
            planned_by_id=actor.pk,
        )  # fmt: skip
        bus.publish(events.ErasurePlanned(request.pk, request.member_id), actor=actor, act=act)
    return request


def approve_erasure(actor: Actor, *, request_id: int, reason: str) -> Request:
    """Let a planned erasure go ahead; a job carries it out. Raises SecondPersonNeeded, Held or StaffStays."""
    permissions.require(actor, "governance.handle")
    with transaction.atomic():
        request = _locked(request_id)
        STATES.check(request.state, State.APPROVED)
        planner, subject = request.planned_by_id, request.member_id
        if not may_approve(approver=actor.pk, planner=planner, subject=subject):
            raise SecondPersonNeeded
        _require_free(request)
        act = bus.Act(reason, subject=f"member:{request.member_id}", after=request.plan_digest)
        _set(request, State.APPROVED, approved_at=clock.now(), approved_by_id=actor.pk)
        rows = {line["table"]: line["rows"] for line in request.plan}
        Step.objects.bulk_create(
            Step(
                request=request, position=position, table=holding.table, act=queries.act_on(holding),
                planned=rows.get(holding.table, 0),
            )
            for position, holding in enumerate(queries.holdings())
            if holding.goes_with
        )  # fmt: skip
        bus.publish(events.ErasureApproved(request.pk, request.member_id), actor=actor, act=act)
        jobs.enqueue_job(actor, task=CARRY_OUT, arguments=f"[[{request.pk}],{{}}]")
    return request


def _require_free(request: Request) -> None:
    if queries.is_held(request.member_id):
        raise Held
    if request.member.has_staff_grant and (request.member.staff_roles or request.member.withheld_roles):
        raise StaffStays


def _locked(request_id: int) -> Request:
    found = (
        Request.objects.erasures().select_for_update().select_related("member").filter(pk=request_id).first()
    )
    if found is None:
        raise errors.NotFound
    return found


def _set(request: Request, state: State, **fields: Any) -> None:
    STATES.check(request.state, state)
    request.state = state
    for name, value in fields.items():
        setattr(request, name, value)
    request.save()


def _write(request: Request, subject: str, paragraphs: tuple[str, ...]) -> None:
    address = settings.ORIGIN + reverse("governance:privacy")
    letter = Letter(subject, paragraphs, button=("Your privacy page", address))
    mail.send_letter(SYSTEM, to=request.member.email, letter=letter)
