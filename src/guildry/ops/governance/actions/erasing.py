"""Carrying an erasure out: in steps that a killed process takes up again, then proven, told and remembered."""

import json
import os
from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.ops.governance import events, queries
from guildry.ops.governance.actions.copies import forget_copies
from guildry.ops.governance.actions.receipts import send_receipt
from guildry.ops.governance.actions.taking import CHUNK, empty, take_away
from guildry.ops.governance.models import Erased, Request, Step
from guildry.ops.governance.queries import EMPTY, Holding, Subject
from guildry.ops.governance.rules import AT_WORK, STATES, State
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.platform.files.actions import remove_content
from guildry.platform.files.models import StoredFile
from guildry.platform.jobs.models import Job
from guildry.platform.mail.models import OutgoingMail

LEAVING = "The account ends at its member's own wish."


class StillFound(errors.DomainError):
    problem = errors.problem("erasure-not-proven", 409, "Something of the member is still there")


def carry_out(actor: Actor, *, request_id: int) -> Request | None:
    """Erase a member whose erasure was approved, from wherever an earlier try got to.

    Does nothing when it is done or not approved, or while a hold was placed since. Raises StillFound when a word of
    the member is found afterwards; the next try takes it up again.
    """
    request = (
        Request.objects.erasures().select_related("member").filter(pk=request_id, state__in=AT_WORK).first()
    )
    if request is None or (request.state == State.APPROVED and queries.is_held(request.member_id)):
        return None
    sought = _begin(request)
    subject = Subject(request.member_id, tuple(sought["addresses"]))
    forget_copies(actor, member_id=request.member_id)
    for step in request.steps.filter(finished_at=None).order_by("position"):
        _take(actor, step, subject, request.reference)
    _take_passed_on(actor, sought)
    return _prove(actor, request, sought)


def erase_again(actor: Actor) -> int:
    """Erase members again whom the ledger names and this database still knows, as after a restore; returns how many."""
    lines = {line["subject"]: line for line in queries.to_repeat()}
    if not lines:
        return 0
    number = 0
    for member in Member.objects.order_by("pk").iterator(chunk_size=CHUNK):
        if line := lines.get(queries.subject_digest(member)):
            _again(actor, member, line)
            number += 1
    with transaction.atomic():
        Erased.objects.bulk_create(
            (
                Erased(subject=key, plan_digest=line["plan"], erased_at=line["at"])
                for key, line in lines.items()
            ),
            ignore_conflicts=True,
        )
        act = bus.Act(
            "A restore brought back data that was erased after the backup was made.",
            subject="ledger",
            after=number,
        )
        bus.publish(events.ErasuresRepeated(number), actor=actor, act=act)
    return number


def _again(actor: Actor, member: Member, line: dict[str, str]) -> None:
    subject = queries.subject_of(member)
    sought = _sought(subject)
    forget_copies(actor, member_id=member.pk)
    for holding in queries.holdings():
        if holding.goes_with:
            for _ in _chunks(actor, holding, subject, line["subject"][:16]):
                pass
    _take_passed_on(actor, sought)
    if found := _found(sought):
        raise StillFound(f"Still there: {', '.join(sorted(found))}.")


def _begin(request: Request) -> dict[str, Any]:
    """Note what must not be found afterwards, and lock the member out, before the first row goes."""
    if request.needles:
        found: dict[str, Any] = request.needles
        return found
    sought = _sought(queries.subject_of(request.member))
    accounts.suspend_member(SYSTEM, member_id=request.member_id, reason=LEAVING)
    with transaction.atomic():
        STATES.check(request.state, State.RUNNING)
        request.state = State.RUNNING
        request.needles = sought
        request.save(update_fields=["state", "needles"])
    return sought


def _sought(subject: Subject) -> dict[str, Any]:
    return {
        "addresses": list(subject.addresses),
        "words": queries.needles_of(subject),
        "media": queries.media_keys(subject),
    }


def _take(actor: Actor, step: Step, subject: Subject, name: str) -> None:
    """Take a member's rows out of one table; each chunk is counted in the transaction it goes in."""
    holding = next(each for each in queries.holdings() if each.table == step.table)
    if step.act == EMPTY:
        step.done = 0
    for number in _chunks(actor, holding, subject, name):
        step.done += number
        step.save(update_fields=["done"])
    step.finished_at = clock.now()
    step.save(update_fields=["done", "finished_at"])


def _chunks(actor: Actor, holding: Holding, subject: Subject, name: str) -> Any:
    last, emptied = None, queries.emptied_values(holding)
    while True:
        rows = queries.rows_of(holding, subject, erased=True).order_by("pk")
        rows = rows.filter(pk__gt=last) if last is not None else rows
        keys = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return
        if holding.is_emptied:
            yield empty(actor, holding=holding, emptied=emptied, keys=keys, name=name)
        else:
            yield _gone(actor, holding, keys)
        last = keys[-1]


def _gone(actor: Actor, holding: Holding, keys: list[Any]) -> int:
    files = list(StoredFile.objects.filter(pk__in=keys)) if holding.model is StoredFile else []
    number = take_away(actor, model=holding.model, keys=keys)
    for stored in files:
        remove_content(actor, key=stored.key, widths=stored.widths)
    return number


def _take_passed_on(actor: Actor, sought: dict[str, Any]) -> None:
    """Delete mail, notifications, jobs and kept replies in which the program passed a member's words on."""
    for holding in queries.passed_on():
        rows = queries.rows_with(holding.model, sought["words"])
        if holding.model is OutgoingMail:
            rows = rows.exclude(state=OutgoingMail.State.WAITING)
        elif holding.model is Job:
            rows = rows.exclude(state="running")
        take_away(actor, model=holding.model, keys=list(rows.values_list("pk", flat=True)))


def _found(sought: dict[str, Any]) -> dict[str, int]:
    """Return where something of a member is still found."""
    found = queries.hits(sought["words"])
    if left := queries.media_left(sought["media"]):
        found["files"] = len(left)
    return found | {f"log {name}": 1 for name in queries.files_with(sought["words"])}


def _prove(actor: Actor, request: Request, sought: dict[str, Any]) -> Request:
    """Look for every word that was noted, and close the request when none is found."""
    if request.state == State.RUNNING:
        request.state = State.VERIFYING
    found = _found(sought)
    request.result = {"sought": len(sought["words"]), "files": len(sought["media"]), "hits": found}
    if found:
        request.state, request.failure = State.RUNNING, f"Still there: {', '.join(sorted(found))}."[:300]
        request.save(update_fields=["state", "result", "failure"])
        raise StillFound(request.failure)
    request.member.refresh_from_db()
    subject = queries.subject_digest(request.member)
    moment = clock.now()
    _remember({"subject": subject, "plan": request.plan_digest, "at": moment.isoformat()})
    with transaction.atomic():
        request.state, request.finished_at, request.needles, request.failure = State.DONE, moment, None, ""
        request.receipt, request.signature = queries.receipt_for(request)
        request.save()
        Erased.objects.get_or_create(
            subject=subject, defaults={"plan_digest": request.plan_digest, "erased_at": moment}
        )
        bus.publish(events.MemberErased(request.pk, request.member_id), actor=actor)
        send_receipt(actor, request=request, to=sought["addresses"][0])
    return request


def _remember(line: dict[str, str]) -> None:
    """Write a line into the ledger in the data folder, which no restore takes back, and have it on the disk."""
    if any(each["subject"] == line["subject"] for each in queries.ledger_lines()):
        return
    path = queries.ledger_path()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
