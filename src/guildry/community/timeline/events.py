"""What happened on the Timeline."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class PostPublished(Fact):
    post_id: int
    author_id: int
    audience: str
    organisation_id: int | None


@dataclass(frozen=True)
class PostReposted(Fact):
    """`post_id` is the repost, which everybody may read; `original_id` is what it passes on."""

    post_id: int
    author_id: int
    original_id: int


@dataclass(frozen=True)
class PostEdited(Fact):
    """`mentioned_ids` are members whom this version mentions and the one before did not."""

    post_id: int
    author_id: int
    version: int
    mentioned_ids: tuple[int, ...]


@dataclass(frozen=True)
class PostDeleted(Fact):
    post_id: int
    author_id: int


@dataclass(frozen=True)
class PostRestored(Fact):
    post_id: int
    author_id: int


@dataclass(frozen=True)
class PostReacted(Fact):
    """`is_new` is false when the member only chose another kind."""

    post_id: int
    member_id: int
    kind: str
    is_new: bool


@dataclass(frozen=True)
class ReactionWithdrawn(Fact):
    post_id: int
    member_id: int


@dataclass(frozen=True)
class CommentPosted(Fact):
    comment_id: int
    post_id: int
    author_id: int
    parent_id: int | None


@dataclass(frozen=True)
class CommentEdited(Fact):
    comment_id: int
    post_id: int
    author_id: int
    mentioned_ids: tuple[int, ...]


@dataclass(frozen=True)
class CommentDeleted(Fact):
    comment_id: int
    post_id: int
    author_id: int


@dataclass(frozen=True)
class PollVoted(Fact):
    """Counts changed; how a member voted is nobody else's business, so the fact does not say it."""

    post_id: int


@dataclass(frozen=True)
class PreviewAttached(Fact):
    post_id: int


@dataclass(frozen=True)
class PublicationRefused(Fact):
    """A scheduled draft could not be published; the draft says why."""

    draft_id: int
    author_id: int
