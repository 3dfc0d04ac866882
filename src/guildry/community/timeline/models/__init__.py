"""Tables of the Timeline."""

from guildry.community.timeline.models.drafts import Draft
from guildry.community.timeline.models.hashtags import Hashtag, HashtagFollow, PostHashtag
from guildry.community.timeline.models.polls import Poll, PollOption, PollVote
from guildry.community.timeline.models.posts import LinkPreview, Post, PostImage, PostRevision
from guildry.community.timeline.models.responses import Dismissal, Mention, Reaction, Save
from guildry.community.timeline.models.threads import Comment
from guildry.community.timeline.rules import ReactionKind

__all__ = [
    "Comment",
    "Dismissal",
    "Draft",
    "Hashtag",
    "HashtagFollow",
    "LinkPreview",
    "Mention",
    "Poll",
    "PollOption",
    "PollVote",
    "Post",
    "PostHashtag",
    "PostImage",
    "PostRevision",
    "Reaction",
    "ReactionKind",
    "Save",
]
