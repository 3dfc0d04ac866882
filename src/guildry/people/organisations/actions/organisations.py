"""Founding, editing, closing and reopening organisations."""

from typing import Any

from django.db import IntegrityError, transaction

from guildry.kernel import bus, clock, errors, limits, permissions, runtime, text, validation
from guildry.people.accounts.models import Member
from guildry.people.organisations import queries, rules
from guildry.people.organisations.events import (
    OrganisationClosed,
    OrganisationEdited,
    OrganisationFounded,
    OrganisationReopened,
    OversightBegan,
)
from guildry.people.organisations.models import Membership, Organisation, Oversight
from guildry.platform.files import actions as files
from guildry.platform.files import queries as known_files

EDITABLE = frozenset(
    {"name", "kind", "tagline", "story", "place", "website", "size", "founded", "mark", "accepts_requests"}
)


class HandleTaken(errors.Invalid):
    problem = errors.problem("organisation-handle-taken", 422, "That handle is taken")
    detail = "That handle is taken or reserved. Choose a different one."


class RightMissing(errors.Forbidden):
    problem = errors.problem("organisation-right-missing", 403, "Your role there does not allow that")
    detail = "Your role in this organisation does not allow that. An owner can change your role."


class OrganisationClosedError(errors.DomainError):
    problem = errors.problem("organisation-closed", 409, "This organisation is closed")
    detail = "This organisation is closed. An owner can open it again."


class OversightNotBegun(RightMissing):
    problem = errors.problem("oversight-not-begun", 403, "Say first why you step in")
    detail = "You have no role here. Say on the page of the organisation why you step in, then try again."


class MarkWaiting(errors.Invalid):
    problem = errors.problem("mark-not-checked", 422, "That picture cannot be checked right now")
    detail = "That picture is too large to check at once, or the virus scanner is away. Choose a smaller one."


def hold(
    actor: Any, *, organisation_id: int, right: rules.Right | None = None, must_be_open: bool = True
) -> tuple[Organisation, str | None]:
    """Lock an organisation for the running transaction; return it with the role by which the actor acts there.

    Overseers act as owners once they said why; `organisation.act` is then what their facts carry.
    Raises OrganisationNotFound, RightMissing, OversightNotBegun or OrganisationClosedError. Every change of an organisation, its people,
    invitations and requests holds this one lock.
    """
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise queries.OrganisationNotFound
    role = queries.role_of(organisation.pk, actor.pk)
    if right and right not in rules.rights_of(role):
        organisation.act = _act_of_overseer(actor, organisation)
        role = "owner"
    if must_be_open and organisation.state != Organisation.State.OPEN:
        raise OrganisationClosedError
    return organisation, role


def _act_of_overseer(actor: Any, organisation: Organisation) -> bus.Act | None:
    if not permissions.has(actor, "organisations.oversee"):
        raise RightMissing
    if actor.pk is None:
        return None
    oversight = queries.oversight_of(organisation.pk, actor.pk)
    if oversight is None:
        raise OversightNotBegun
    return bus.Act(oversight.reason, subject=f"organisation:{organisation.pk}")


def begin_oversight(actor: Any, *, organisation_id: int, reason: str) -> Oversight:
    """Let an overseer act as an owner for half an hour; every change they make carries the reason.

    Raises PermissionMissing, OrganisationNotFound, or Invalid without a reason.
    """
    permissions.require(actor, "organisations.oversee")
    act = bus.Act(reason)
    now = clock.now()
    with transaction.atomic():
        hold(actor, organisation_id=organisation_id, must_be_open=False)
        oversight = Oversight.objects.create(
            organisation_id=organisation_id, member_id=actor.pk, reason=text.clean(reason)[: bus.LONGEST_REASON],
            began_at=now, ends_at=now + rules.OVERSIGHT_LASTS,
        )  # fmt: skip
        bus.publish(OversightBegan(organisation_id, actor.pk), actor=actor, act=act)
    return oversight


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"Not fields of an organisation: {sorted(unknown)}")
    return {key: text.clean(value) if isinstance(value, str) else value for key, value in fields.items()}


def found_organisation(actor: Any, *, handle: str, name: str, kind: str, **fields: Any) -> Organisation:
    """Found an organisation whose first owner is the actor; raises HandleTaken, Invalid or TooMany."""
    if not isinstance(actor, Member):
        raise errors.Unauthenticated
    handle = handle.strip().lower()
    if not rules.is_free_word(handle) or Member.objects.filter(handle=handle).exists():
        raise HandleTaken(field="handle")
    now = clock.now()
    organisation = Organisation(
        handle=handle, created_at=now, people_count=1, **_clean({"name": name, "kind": kind, **fields})
    )
    organisation.sort_key = rules.sort_key(organisation.name)
    _check_founded(organisation)
    validation.check(organisation)
    daily = runtime.value("organisations.founded_daily")
    limits.spend(f"organisations.found:{actor.pk}", burst=daily, per_second=daily / 86_400)
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
            Membership.objects.create(organisation=organisation, member=actor, role="owner", started_at=now)
            bus.publish(OrganisationFounded(organisation.pk, actor.pk), actor=actor)
    except IntegrityError as error:
        raise HandleTaken(field="handle") from error
    return organisation


def edit_organisation(actor: Any, *, organisation_id: int, **fields: Any) -> Organisation:
    """Change what an organisation says of itself; raises RightMissing, OrganisationClosedError or Invalid."""
    with transaction.atomic():
        organisation, _ = hold(actor, organisation_id=organisation_id, right=rules.Right.EDIT)
        for key, value in _clean(fields).items():
            setattr(organisation, key, value)
        organisation.sort_key = rules.sort_key(organisation.name)
        _check_founded(organisation)
        validation.check(organisation)
        organisation.save()
        bus.publish(OrganisationEdited(organisation.pk), actor=actor, act=organisation.act)
    return organisation


def choose_mark(actor: Any, *, organisation_id: int, file: Any) -> Organisation:
    """Take a picture as the mark, or go back to the drawn one with None.

    Raises RightMissing, OrganisationClosedError, MarkWaiting, and what a file raises.
    """
    with transaction.atomic():
        hold(actor, organisation_id=organisation_id, right=rules.Right.EDIT)
    key = ""
    if file is not None:
        key = files.receive_upload(actor, use="organisations.mark", file=file).key
        if key not in known_files.files_by_key([key]):
            raise MarkWaiting(field="file")
    return edit_organisation(actor, organisation_id=organisation_id, mark=key)


def close_organisation(actor: Any, *, organisation_id: int) -> Organisation:
    """Take an organisation off every list; its history stays. Raises RightMissing or IllegalTransition."""
    return _move(actor, organisation_id, Organisation.State.CLOSED, OrganisationClosed(organisation_id))


def reopen_organisation(actor: Any, *, organisation_id: int) -> Organisation:
    """Bring a closed organisation back; raises RightMissing or IllegalTransition."""
    return _move(actor, organisation_id, Organisation.State.OPEN, OrganisationReopened(organisation_id))


def _move(actor: Any, organisation_id: int, state: str, fact: bus.Fact) -> Organisation:
    with transaction.atomic():
        right = rules.Right.CLOSE
        organisation, _ = hold(actor, organisation_id=organisation_id, right=right, must_be_open=False)
        rules.STATES.check(organisation.state, state)
        organisation.state = state
        organisation.save(update_fields=["state"])
        bus.publish(fact, actor=actor, act=organisation.act)
    return organisation


def _check_founded(organisation: Organisation) -> None:
    if organisation.founded and organisation.founded > clock.now().year:
        raise errors.Invalid("The founding year lies in the future.", field="founded")
