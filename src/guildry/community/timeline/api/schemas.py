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
from guildry.kernel.shapes import Body, Id, Moment


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


class PictureIn(Body):
    """A file uploaded with the use timeline.image."""

    key: str
    description: str = Field("", max_length=500)
    focus_x: int = Field(50, ge=0, le=100)
    focus_y: int = Field(50, ge=0, le=100)


class PollIn(Body):
    question: str
    options: list[str] = Field(min_length=2, max_length=6)
    days: int = Field(3, ge=1, le=30)


class CompositionIn(Body):
    """What to publish; `organisation_id` goes with the audience "organisation" and no other."""

    body: str = Field("", max_length=rules.DRAFT_LENGTH)
    audience: Audience = Audience.EVERYONE
    organisation_id: Id | None = None
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


class TextIn(Body):
    body: str = Field(max_length=rules.DRAFT_LENGTH)


class ShownIn(Body):
    body: str = Field(max_length=rules.POST_LENGTH)


class CommentIn(TextIn):
    """`parent_id` is the comment this one answers."""

    parent_id: Id | None = None


class NoteIn(Body):
    note: str = Field("", max_length=rules.NOTE_LENGTH)


class ReactionIn(Body):
    kind: ReactionKind


class VoteIn(Body):
    option_id: Id


class MomentIn(Body):
    publish_at: Moment


class Text(msgspec.Struct, frozen=True):
    """The Markdown of a post and its version, which the ETag names."""

    body: str
    version: int


class DraftPicture(msgspec.Struct, frozen=True):
    key: str
    description: str
    focus_x: int
    focus_y: int


class DraftPoll(msgspec.Struct, frozen=True):
    question: str
    options: tuple[str, ...]
    days: int


class RenderedText(msgspec.Struct, frozen=True):
    """What a text becomes: safe HTML, the members it mentions and its hashtags."""

    html: str
    mentioned_ids: tuple[int, ...]
    hashtags: tuple[str, ...]


class Talk(msgspec.Struct, frozen=True):
    """A hashtag and how many recent posts carry it."""

    name: str
    post_count: int


class HashtagName(msgspec.Struct, frozen=True):
    name: str
    is_followed: bool


class NewPosts(msgspec.Struct, frozen=True):
    """How many posts came after the one named, 99 at the most."""

    count: int


class DraftCard(msgspec.Struct, frozen=True):
    """An unpublished composition; `refusal` is why it could not be published when it was due."""

    id: int
    body: str
    audience: str
    organisation_id: int | None
    pictures: tuple[DraftPicture, ...]
    poll: DraftPoll | None
    scheduled_for: datetime | None
    refusal: str
    version: int
    saved_at: datetime


def draft_card(draft: Draft) -> DraftCard:
    return DraftCard(**{name: getattr(draft, name) for name in DraftCard.__struct_fields__})


Tab = Literal["for-you", "latest", "following"]
TABS = get_args(Tab)
PostOut, PostPage = described(queries.PostCard), page_of(queries.PostCard)
CommentOut, CommentPage = described(queries.CommentCard), page_of(queries.CommentCard)
ReactionPage = page_of(queries.ReactionCard)
VersionOut, TextOut, DraftOut = described(queries.Version), described(Text), described(DraftCard)
RenderedOut, TalkOut, HashtagOut, NewOut = (
    described(struct) for struct in (RenderedText, Talk, HashtagName, NewPosts)
)
