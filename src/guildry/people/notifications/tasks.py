"""What facts make us tell people, and the mail and upkeep that run in the background."""

from datetime import datetime
from typing import Any

from django_tasks import task

from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.people.accounts.queries import member_by_id
from guildry.people.notifications import actions, queries
from guildry.platform.facts import actions as facts


def tell_followed(delivery: Delivery) -> None:
    fact: Any = delivery.fact
    actions.tell_followed(SYSTEM, follower_id=fact.follower_id, followed_id=fact.followed_id)


def tell_requested(delivery: Delivery) -> None:
    actions.tell_requested(SYSTEM, **_sides(delivery), key=delivery.key)


def tell_accepted(delivery: Delivery) -> None:
    actions.tell_accepted(SYSTEM, **_sides(delivery), key=delivery.key)


def settle_request(delivery: Delivery) -> None:
    actions.settle_request(SYSTEM, **_sides(delivery))


def withdraw_request(delivery: Delivery) -> None:
    actions.withdraw_request(SYSTEM, **_sides(delivery))


def part_members(delivery: Delivery) -> None:
    fact: Any = delivery.fact
    actions.part_members(SYSTEM, one=fact.blocker_id, other=fact.blocked_id)


def tell_invited(delivery: Delivery) -> None:
    fact: Any = delivery.fact
    actions.tell_invited(
        _actor(delivery),
        organisation_id=fact.organisation_id,
        member_id=fact.member_id,
        invitation_id=fact.invitation_id,
    )


def tell_join_requested(delivery: Delivery) -> None:
    fact: Any = delivery.fact
    actions.tell_join_requested(
        SYSTEM, organisation_id=fact.organisation_id, member_id=fact.member_id, request_id=fact.request_id
    )


def tell_let_in(delivery: Delivery) -> None:
    fact: Any = delivery.fact
    actions.tell_let_in(
        _actor(delivery), organisation_id=fact.organisation_id, member_id=fact.member_id, key=delivery.key
    )


def plan_digest(delivery: Delivery) -> None:
    fact: Any = delivery.fact
    actions.plan_digest(SYSTEM, member_id=fact.member_id)


@task()
def send_due_mail() -> int:
    due = queries.due_mail()
    for notification_id in due:
        actions.mail_notification(SYSTEM, notification_id=notification_id)
    return len(due)


@task()
def send_due_digests() -> int:
    due = queries.due_digests()
    for member_id in due:
        actions.mail_digest(SYSTEM, member_id=member_id)
    return len(due)


@task()
def forget_old() -> int:
    total = 0
    while number := actions.forget_old(SYSTEM):
        total += number
    return total


@task()
def catch_up(last_visits: dict[str, str]) -> None:
    """Deliver what happened, then let each member have read what they were told before their last visit."""
    facts.deliver_pending(SYSTEM)
    for member_id, visit in last_visits.items():
        actions.read_until(SYSTEM, member_id=int(member_id), moment=datetime.fromisoformat(visit))


def _sides(delivery: Delivery) -> dict[str, int]:
    fact: Any = delivery.fact
    return {"requester_id": fact.requester_id, "addressee_id": fact.addressee_id}


def _actor(delivery: Delivery) -> Actor:
    """Return who caused a fact, or the system when nobody did."""
    return (member_by_id(delivery.actor_id) if delivery.actor_id else None) or SYSTEM
