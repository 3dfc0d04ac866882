"""The shapes of the API. Replies are declared once, by what queries return, and described here for the document."""

from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from django.http import HttpResponse
from ninja import Schema
from pydantic import Field, create_model

from guildry.community.timeline import queries, rules
from guildry.community.timeline.models import Draft
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan, ReactionKind


def answer(content: Any, status: int = 200) -> HttpResponse:
    """Return the content as JSON bytes; the declared response schema only describes them."""
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def described(struct: type[msgspec.Struct]) -> type[Schema]:
    """Describe a struct for OpenAPI, field by field, with every struct inside it."""
    name = struct.__name__.removesuffix("Card")
    if name not in _DESCRIBED:
        _DESCRIBED[name] = Schema
        fields: Any = {field.name: (_shape(field.type), ...) for field in msgspec.structs.fields(struct)}
        model = create_model(name, __base__=Schema, __doc__=struct.__doc__, **fields)
        model.model_rebuild(_types_namespace={name: model})
        _DESCRIBED[name] = model
    return _DESCRIBED[name]


def page_of(struct: type[msgspec.Struct]) -> type[Schema]:
    """Describe a page of a struct and the cursor of the next one, empty on the last."""
    item = described(struct)
    fields: Any = {"items": (list[item], ...), "next_cursor": (str, ...)}  # type: ignore[valid-type]
    return create_model(f"{item.__name__}Page", __base__=Schema, **fields)


_DESCRIBED: dict[str, type[Schema]] = {}


def _shape(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        model = described(kind)
        return kind.__name__.removesuffix("Card") if model is Schema else model
    if get_origin(kind) in (Union, UnionType):
        shapes = [_shape(part) for part in get_args(kind) if part is not NoneType]
        return Union[(*shapes, None)]
    if get_origin(kind) is tuple:
        return list[_shape(get_args(kind)[0])]  # type: ignore[misc]
    return kind


class PictureIn(Schema):
    """A file uploaded with the use timeline.image."""

    key: str
    description: str = Field("", max_length=500)
    focus_x: int = Field(50, ge=0, le=100)
    focus_y: int = Field(50, ge=0, le=100)


class PollIn(Schema):
    question: str
    options: list[str] = Field(min_length=2, max_length=6)
    days: int = Field(3, ge=1, le=30)


class CompositionIn(Schema):
    """What to publish; `organisation_id` goes with the audience "organisation" and no other."""

    body: str = Field("", max_length=rules.DRAFT_LENGTH)
    audience: Audience = Audience.EVERYONE
    organisation_id: int | None = None
    pictures: list[PictureIn] = []
    poll: PollIn | None = None

    @property
    def composition(self) -> Composition:
        return Composition(
            body=self.body,
            audience=self.audience,
            organisation_id=self.organisation_id,
            pictures=tuple(Picture(**picture.dict()) for picture in self.pictures),
            poll=PollPlan(self.poll.question, tuple(self.poll.options), self.poll.days)
            if self.poll
            else None,
        )


class TextIn(Schema):
    body: str = Field(max_length=rules.DRAFT_LENGTH)


class CommentIn(TextIn):
    """`parent_id` is the comment this one answers."""

    parent_id: int | None = None


class NoteIn(Schema):
    note: str = Field("", max_length=rules.NOTE_LENGTH)


class ReactionIn(Schema):
    kind: ReactionKind


class VoteIn(Schema):
    option_id: int


class MomentIn(Schema):
    publish_at: datetime


class Text(msgspec.Struct, frozen=True):
    """The Markdown of a post and its version, which the ETag names."""

    body: str
    version: int


class DraftCard(msgspec.Struct, frozen=True):
    """An unpublished composition; `refusal` is why it could not be published when it was due."""

    id: int
    body: str
    audience: str
    organisation_id: int | None
    pictures: tuple[Any, ...]
    poll: Any
    scheduled_for: datetime | None
    refusal: str
    version: int
    saved_at: datetime


def draft_card(draft: Draft) -> DraftCard:
    return DraftCard(**{name: getattr(draft, name) for name in DraftCard.__struct_fields__})


Tab = Literal["for-you", "latest", "following"]
PostOut, PostPage = described(queries.PostCard), page_of(queries.PostCard)
CommentOut, CommentPage = described(queries.CommentCard), page_of(queries.CommentCard)
ReactionPage = page_of(queries.ReactionCard)
VersionOut, TextOut, DraftOut = described(queries.Version), described(Text), described(DraftCard)
