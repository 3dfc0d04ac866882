"""Asking for a connection, the answers to that, and its end."""

from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors, text, validation
from guildry.people.accounts.models import Member
from guildry.people.network import rules
from guildry.people.network.actions.pairs import hold, spend
from guildry.people.network.events import (
    ConnectionAccepted,
    ConnectionDeclined,
    ConnectionEnded,
    ConnectionRequested,
    ConnectionWithdrawn,
)
from guildry.people.network.models import Connection, Follow
from guildry.people.network.rules import Standing, State


class AlreadyConnected(errors.DomainError):
    problem = errors.problem("already-connected", 409, "You are connected already")
    detail = "You are connected already."


class AlreadyAsked(errors.DomainError):
    problem = errors.problem("connection-already-requested", 409, "You have asked already")
    detail = "Your request is waiting for an answer."


class AskedTooSoon(errors.DomainError):
    problem = errors.problem("connection-too-soon", 409, "It is too soon to ask again")
    detail = "It is too soon to ask again."


class RequestNotFound(errors.NotFound):
    problem = errors.problem("connection-request-not-found", 404, "No such request")
    detail = "This request was answered, withdrawn, or has lapsed."


class NotConnected(errors.NotFound):
    problem = errors.problem("not-connected", 404, "You are not connected")
    detail = "You are not connected with this member."


def request_connection(actor: Any, *, member_id: int, note: str = "") -> Connection:
    """Ask a member to connect; when they have asked already, that connects the two at once.

    Raises MemberNotFound, YouBlockedThem, AlreadyConnected, AlreadyAsked, AskedTooSoon, TooMany, or Invalid when the
    note is too long.
    """
    with transaction.atomic():
        other = hold(actor, member_id=member_id)
        known = _between(actor, other)
        if known and _wants(known, other):
            return _connect(actor, known)
        connection = known or Connection(requester=actor, addressee=other)
        _check_may_ask(actor, other, connection if known else None)
        connection.requester, connection.addressee = actor, other
        connection.state, connection.note = State.REQUESTED, text.clean(note)
        connection.requested_at, connection.answered_at = clock.now(), None
        validation.check(connection, exclude=["requester", "addressee", "pausing", "low", "high"])
        spend(actor, act="request")
        connection.save()
        bus.publish(ConnectionRequested(actor.pk, other.pk), actor=actor)
    return connection


def accept_request(actor: Any, *, member_id: int) -> Connection:
    """Accept what a member asked; from then on the two follow each other. Raises RequestNotFound."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id)
        return _connect(actor, _waiting(actor, other))


def decline_request(actor: Any, *, member_id: int) -> Connection:
    """Decline what a member asked; to them it goes on looking unanswered. Raises RequestNotFound."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        connection = _waiting(actor, other)
        _move(connection, State.DECLINED)
        bus.publish(ConnectionDeclined(other.pk, actor.pk), actor=actor)
    return connection


def withdraw_request(actor: Any, *, member_id: int) -> Connection:
    """Take back what one asked; one may ask again after a pause. Raises RequestNotFound."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        connection = _between(actor, other)
        if connection is None or _standing(connection, actor) != Standing.REQUESTED:
            raise RequestNotFound
        _move(connection, State.WITHDRAWN, pausing=actor)
        bus.publish(ConnectionWithdrawn(actor.pk, other.pk), actor=actor)
    return connection


def end_connection(actor: Any, *, member_id: int) -> Connection:
    """End a connection; both go on following until they stop. Raises NotConnected."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        connection = _between(actor, other)
        if connection is None or connection.state != State.ACCEPTED:
            raise NotConnected
        _move(connection, State.ENDED, pausing=other)
        bus.publish(ConnectionEnded(actor.pk, other.pk), actor=actor)
    return connection


def leave_connection(actor: Any, *, member_id: int) -> Connection:
    """End a connection, or take back the request for one; raises NotConnected when there is neither."""
    try:
        return withdraw_request(actor, member_id=member_id)
    except RequestNotFound:
        return end_connection(actor, member_id=member_id)


def part(actor: Member, *, other: Member) -> None:
    """Close whatever stands between two members because the actor blocks the other, for the running transaction."""
    connection = _between(actor, other)
    if connection is None:
        return
    if connection.state == State.ACCEPTED:
        _move(connection, State.ENDED, pausing=other)
    elif connection.requester_id == actor.pk and connection.state in (State.REQUESTED, State.DECLINED):
        _move(connection, State.WITHDRAWN, pausing=actor)
    elif connection.state == State.REQUESTED:
        _move(connection, State.DECLINED)


def _between(actor: Member, other: Member) -> Connection | None:
    rows = Connection.objects.select_for_update().between(actor.pk, other.pk)
    found: Connection | None = rows.first()
    return found


def _standing(connection: Connection, member: Member) -> Standing:
    return rules.standing(
        connection.state,
        connection.requested_at,
        clock.now(),
        is_requester=connection.requester_id == member.pk,
    )


def _wants(connection: Connection, other: Member) -> bool:
    """Tell whether the other side has asked, be it that we declined."""
    return connection.requester_id == other.pk and _standing(connection, other) == Standing.REQUESTED


def _check_may_ask(actor: Member, other: Member, connection: Connection | None) -> None:
    if connection is None:
        return
    standing = _standing(connection, actor)
    if standing == Standing.CONNECTED:
        raise AlreadyConnected(f"You and {other.name} are connected already.")
    if standing == Standing.REQUESTED:
        raise AlreadyAsked
    until = connection.pauses_until
    if until and not rules.may_ask(connection.pausing_id, until, actor.pk, clock.now()):
        raise AskedTooSoon(f"You can ask {other.name} again from {until:%-d %B %Y}.")
    rules.STATES.check(connection.state, State.REQUESTED)


def _waiting(actor: Member, other: Member) -> Connection:
    connection = _between(actor, other)
    if connection is None or _standing(connection, actor) != Standing.ASKED:
        raise RequestNotFound
    return connection


def _connect(actor: Member, connection: Connection) -> Connection:
    _move(connection, State.ACCEPTED)
    pairs = ((connection.low, connection.high), (connection.high, connection.low))
    Follow.objects.bulk_create(
        [
            Follow(follower_id=follower, followed_id=followed, created_at=clock.now())
            for follower, followed in pairs
        ],
        ignore_conflicts=True,
    )
    bus.publish(ConnectionAccepted(connection.requester_id, connection.addressee_id), actor=actor)
    return connection


def _move(connection: Connection, state: State, *, pausing: Member | None = None) -> None:
    rules.STATES.check(connection.state, state)
    connection.state, connection.answered_at = state, clock.now()
    connection.pausing = pausing
    connection.pauses_until = clock.now() + rules.PAUSE if pausing else None
    connection.save(update_fields=["state", "answered_at", "pausing", "pauses_until"])
