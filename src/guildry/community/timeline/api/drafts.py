"""Compositions that are not published yet."""

from typing import Any

from ninja import Status

from guildry.community.timeline import actions, queries
from guildry.community.timeline.api.routing import router
from guildry.community.timeline.api.schemas import (
    CompositionIn,
    DraftOut,
    MomentIn,
    PostOut,
    answer,
    draft_card,
)
from guildry.community.timeline.models import Draft
from guildry.kernel import conditional
from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.shapes import Id


@router.get("/drafts", response=list[DraftOut], summary="List your drafts")  # type: ignore[valid-type]
def list_drafts(request: MemberRequest) -> Any:
    return answer([draft_card(draft) for draft in queries.drafts_of(request.user)])


@router.post("/drafts", response={201: DraftOut}, summary="Begin a draft")
@refuses(actions.TooManyDrafts, actions.NotInOrganisation)
def begin_draft(request: MemberRequest, composed: CompositionIn) -> Any:
    return _answer(actions.save_draft(request.user, composition=composed.composition), 201)


@router.get("/drafts/{draft_id}", response=DraftOut, summary="Read a draft")
@refuses(queries.DraftNotFound)
def read_draft(request: MemberRequest, draft_id: Id) -> Any:
    return _answer(queries.draft_for(request.user, draft_id))


@router.put("/drafts/{draft_id}", response=DraftOut, summary="Save a draft")
@refuses(
    queries.DraftNotFound,
    actions.NotInOrganisation,
    actions.ChangedMeanwhile,
    conditional.VersionMissing,
    conditional.VersionChanged,
)
def save_draft(request: MemberRequest, draft_id: Id, composed: CompositionIn) -> Any:
    """If-Match names the version you read, so that what was saved elsewhere is not lost."""
    version = queries.draft_for(request.user, draft_id).version
    conditional.require_match(request, version)
    return _answer(
        actions.save_draft(
            request.user, composition=composed.composition, draft_id=draft_id, expected_version=version
        )
    )


@router.delete("/drafts/{draft_id}", response={204: None}, summary="Discard a draft")
@refuses(queries.DraftNotFound)
def discard_draft(request: MemberRequest, draft_id: Id) -> Any:
    actions.discard_draft(request.user, draft_id=draft_id)
    return Status(204, None)


@router.put("/drafts/{draft_id}/schedule", response=DraftOut, summary="Have a draft published at a moment")
@refuses(queries.DraftNotFound, actions.MomentRefused, actions.NotInOrganisation, actions.PictureMissing)
def schedule_draft(request: MemberRequest, draft_id: Id, moment: MomentIn) -> Any:
    return _answer(actions.schedule_draft(request.user, draft_id=draft_id, moment=moment.publish_at))


@router.delete("/drafts/{draft_id}/schedule", response=DraftOut, summary="Leave a draft unpublished")
@refuses(queries.DraftNotFound)
def unschedule_draft(request: MemberRequest, draft_id: Id) -> Any:
    return _answer(actions.unschedule_draft(request.user, draft_id=draft_id))


@router.post("/drafts/{draft_id}/publication", response={201: PostOut}, summary="Publish a draft")
@refuses(queries.DraftNotFound, actions.NotInOrganisation, actions.PictureMissing)
def publish_draft(request: MemberRequest, draft_id: Id) -> Any:
    post = actions.publish_draft(request.user, draft_id=draft_id)
    return answer(queries.post_card(request.user, post.pk), 201)


def _answer(draft: Draft, status: int = 200) -> Any:
    response = answer(draft_card(draft), status)
    response.headers["ETag"] = conditional.tag_of(draft.version)
    return response
