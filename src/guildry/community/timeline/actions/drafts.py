"""Keeping what is being written, timing it, and publishing it when its moment comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guildry.community.timeline import rules
from guildry.community.timeline.actions.posts import IMAGE_USE, check_readers, publish_post
from guildry.community.timeline.actions.writing import ChangedMeanwhile, check
from guildry.community.timeline.events import PublicationRefused
from guildry.community.timeline.models import Draft, Post
from guildry.community.timeline.queries import draft_for
from guildry.community.timeline.rules import Composition, Picture
from guildry.kernel import bus, clock, errors, runtime, validation
from guildry.kernel.errors import FieldError
from guildry.kernel.permissions import Actor
from guildry.platform.files.actions import receive_upload


class TooManyDrafts(errors.DomainError):
    problem = errors.problem("timeline-too-many-drafts", 409, "You have many drafts")
    detail = "You have 100 drafts. Publish or discard one first."


class MomentRefused(errors.Invalid):
    problem = errors.problem("timeline-moment-refused", 422, "A post cannot be timed for then")
    detail = "Choose a moment at least one minute and at most a year from now."


def save_draft(
    actor: Any, *, composition: Composition, draft_id: int | None = None, expected_version: int | None = None
) -> Draft:
    """Keep a composition as it stands, complete or not.

    Raises DraftNotFound, TooManyDrafts, NotInOrganisation, Invalid when it is far too long, and ChangedMeanwhile when
    the draft was saved elsewhere since `expected_version`.
    """
    check(
        actor, problems=rules.problems_of_body(composition.body, stands_alone=False, most=rules.DRAFT_LENGTH)
    )
    check_readers(actor, composition=composition)
    with transaction.atomic():
        draft = _held(actor, draft_id) if draft_id else _new(actor)
        if expected_version is not None and expected_version != draft.version:
            raise ChangedMeanwhile(f"This draft was saved elsewhere since. It is at version {draft.version}.")
        draft.version += bool(draft.pk)
        draft.hold(composition, now=clock.now())
        validation.check(draft, exclude={"author", "organisation"})
        draft.save()
    return draft


def add_pictures(actor: Any, *, draft_id: int, files: Sequence[UploadedFile]) -> Draft:
    """Store images and put them at the end of a draft.

    Raises DraftNotFound, Invalid for more than fit, and what `receive_upload` raises; pictures before it stay.
    """
    draft = draft_for(actor, draft_id)
    if len(draft.pictures) + len(files) > rules.PICTURES_PER_POST:
        most = f"A post has at most {rules.PICTURES_PER_POST} pictures."
        raise errors.Invalid(errors=(FieldError("pictures", most, "too_many"),))
    for file in files:
        stored = receive_upload(actor, use=IMAGE_USE, file=file)
        with transaction.atomic():
            draft = _held(actor, draft_id)
            pictures = (*draft.composition.pictures, Picture(stored.key))
            draft.hold(replace(draft.composition, pictures=pictures), now=clock.now())
            draft.version += 1
            draft.save()
    return draft


def discard_draft(actor: Actor, *, draft_id: int) -> None:
    """Drop a draft; raises DraftNotFound."""
    draft_for(actor, draft_id).delete()


def schedule_draft(actor: Actor, *, draft_id: int, moment: datetime) -> Draft:
    """Have a complete draft published at a moment; raises DraftNotFound, Invalid and MomentRefused."""
    if not rules.may_schedule(moment, clock.now()):
        raise MomentRefused(field="scheduled_for")
    with transaction.atomic():
        draft = _held(actor, draft_id)
        check(actor, problems=rules.problems_of(draft.composition))
        draft.scheduled_for, draft.refusal = moment, ""
        draft.save(update_fields=["scheduled_for", "refusal"])
    return draft


def unschedule_draft(actor: Actor, *, draft_id: int) -> Draft:
    """Leave a draft unpublished until its author decides; raises DraftNotFound."""
    with transaction.atomic():
        draft = _held(actor, draft_id)
        draft.scheduled_for = None
        draft.save(update_fields=["scheduled_for"])
    return draft


def publish_draft(actor: Any, *, draft_id: int) -> Post:
    """Publish a draft as it was last saved; raises DraftNotFound and what `publish_post` raises."""
    return publish_post(actor, composition=draft_for(actor, draft_id).composition, draft_id=draft_id)


def publish_due_drafts(actor: Actor, *, most: int = 100) -> int:
    """Publish what is timed for now or before, the longest waiting first; returns how many were tried.

    One that is refused stays a draft that says why.
    """
    due = Draft.objects.filter(scheduled_for__lte=clock.now(), author__is_active=True)
    drafts = list(due.select_related("author").order_by("scheduled_for", "id")[:most])
    for draft in drafts:
        try:
            publish_draft(draft.author, draft_id=draft.pk)
        except errors.NotFound:
            continue
        except errors.DomainError as refusal:
            refuse_draft(actor, draft_id=draft.pk, reason=refusal.message)
    return len(drafts)


def refuse_draft(actor: Actor, *, draft_id: int, reason: str) -> None:
    """Take a draft off the schedule, with the reason its author gets to read."""
    with transaction.atomic():
        for draft in Draft.objects.select_for_update().filter(pk=draft_id):
            draft.scheduled_for, draft.refusal = None, reason[:300]
            draft.save(update_fields=["scheduled_for", "refusal"])
            bus.publish(PublicationRefused(draft.pk, draft.author_id), actor=actor)


def _held(actor: Actor, draft_id: int) -> Draft:
    draft_for(actor, draft_id)
    return Draft.objects.select_for_update().get(pk=draft_id)


def _new(actor: Any) -> Draft:
    if Draft.objects.visible_to(actor).count() >= runtime.value("timeline.drafts_most"):
        raise TooManyDrafts
    return Draft(author_id=actor.pk, created_at=clock.now())
