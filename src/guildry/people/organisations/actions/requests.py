"""Asking to belong to an organisation, and the answers."""

from typing import Any

from django.db import IntegrityError, transaction

from guildry.kernel import bus, clock, errors, limits, runtime, text, validation
from guildry.people.accounts.models import Member
from guildry.people.organisations import rules
from guildry.people.organisations.actions.memberships import AlreadyInside, start_membership
from guildry.people.organisations.actions.organisations import RightMissing, hold
from guildry.people.organisations.events import (
    JoinRequestDeclined,
    JoinRequested,
    JoinRequestWithdrawn,
)
from guildry.people.organisations.models import JoinRequest, Membership


class NoRequests(errors.Forbidden):
    problem = errors.problem("no-join-requests", 403, "This organisation is by invitation")
    detail = "This organisation takes new people by invitation only."


class AlreadyRequested(errors.DomainError):
    problem = errors.problem("already-requested", 409, "You have already asked")
    detail = "Your request is waiting for an answer."


class RequestNotFound(errors.NotFound):
    problem = errors.problem("join-request-not-found", 404, "No such request")
    detail = "This request was answered or withdrawn."


def request_to_join(actor: Any, *, organisation_id: int, note: str = "") -> JoinRequest:
    """Ask to belong; raises NoRequests, AlreadyInside, AlreadyRequested, TooMany or Invalid."""
    if not isinstance(actor, Member):
        raise errors.Unauthenticated
    try:
        with transaction.atomic():
            organisation, role = hold(actor, organisation_id=organisation_id)
            if role:
                raise AlreadyInside("You already belong to this organisation.")
            if not organisation.accepts_requests:
                raise NoRequests
            daily = runtime.value("organisations.requests_daily")
            limits.spend(f"organisations.request:{actor.pk}", burst=daily, per_second=daily / 86_400)
            request = JoinRequest(
                organisation=organisation, member=actor, note=text.clean(note), created_at=clock.now()
            )
            validation.check(request, exclude=["is_open"])
            request.save()
            bus.publish(JoinRequested(request.pk, organisation_id, actor.pk), actor=actor)
    except IntegrityError as error:
        raise AlreadyRequested from error
    return request


def withdraw_request(actor: Any, *, request_id: int) -> JoinRequest:
    """Take one's own request back; raises RequestNotFound."""
    with transaction.atomic():
        request, _ = _waiting(actor, request_id, must_be_open=False)
        if request.member_id != actor.pk:
            raise RequestNotFound
        _close(request, JoinRequest.State.WITHDRAWN, actor)
        fact = JoinRequestWithdrawn(request.pk, request.organisation_id, request.member_id)
        bus.publish(fact, actor=actor)
    return request


def accept_request(actor: Any, *, request_id: int, role: str = "member") -> Membership:
    """Let the person in; raises RightMissing, RequestNotFound or Invalid."""
    if role not in rules.RANKS:
        raise errors.Invalid("Choose one of the roles.", field="role")
    with transaction.atomic():
        request, own = _waiting(actor, request_id, right=rules.Right.ANSWER_REQUESTS)
        if not rules.may_give(own, role):
            raise RightMissing("You can give roles below your own.")
        _close(request, JoinRequest.State.ACCEPTED, actor)
        return start_membership(
            actor, organisation=request.organisation, member_id=request.member_id, role=role
        )


def decline_request(actor: Any, *, request_id: int) -> JoinRequest:
    """Say no to a request; raises RightMissing or RequestNotFound."""
    with transaction.atomic():
        request, _ = _waiting(actor, request_id, right=rules.Right.ANSWER_REQUESTS, must_be_open=False)
        _close(request, JoinRequest.State.DECLINED, actor)
        fact = JoinRequestDeclined(request.pk, request.organisation_id, request.member_id)
        bus.publish(fact, actor=actor, act=request.organisation.act)
    return request


def _waiting(actor: Any, request_id: int, **held: Any) -> tuple[JoinRequest, str | None]:
    """Hold the organisation of a request, then read the request, which must wait for an answer."""
    rows = JoinRequest.objects.filter(pk=request_id, is_open=True).select_related("member")
    organisation_id = rows.values_list("organisation_id", flat=True).first()
    if organisation_id is None:
        raise RequestNotFound
    organisation, role = hold(actor, organisation_id=organisation_id, **held)
    found = rows.first()
    if found is None:
        raise RequestNotFound
    found.organisation = organisation
    return found, role


def _close(request: JoinRequest, state: str, actor: Any) -> None:
    rules.REQUESTS.check(request.state, state)
    request.state, request.is_open = state, None
    request.answered_at, request.answered_by_id = clock.now(), actor.pk
    request.save(update_fields=["state", "is_open", "answered_at", "answered_by"])
