"""Posts and the people around them, made as the community makes them: through actions."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guildry.community.timeline import actions
from guildry.community.timeline.models import Comment, Post
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan
from guildry.kernel import clock
from guildry.people.accounts.models import Member
from guildry.people.network.models import Block, Connection, Follow, Mute
from guildry.people.organisations.models import Membership, Organisation
from guildry.platform.files.actions import receive_upload


def publish(author: Member, body: str = "The workshop is open", **composed: Any) -> Post:
    return actions.publish_post(author, composition=Composition(body, **composed))


def publish_many(author: Member, count: int, since: datetime | None = None) -> list[Post]:
    """Publish numbered posts an hour apart, the last one just now, each from an allowance of its own."""
    return list(_published(author, count, since or clock.now()))


def _published(author: Member, count: int, last: datetime) -> Iterator[Post]:
    for number in range(1, count + 1):
        with clock.at(last - timedelta(hours=count - number)):
            yield Post.objects.create(
                author=author,
                body=f"Post {number}",
                html=f"<p>Post {number}</p>",
                audience=Audience.EVERYONE,
                published_at=clock.now(),
            )


def publish_poll(author: Member, *options: str, days: int = 3) -> Post:
    plan = PollPlan("Which evening?", options or ("Tuesday", "Thursday"), days)
    return publish(author, "When shall we meet?", poll=plan)


def comment(author: Member, post: Post, body: str = "Count me in", parent: Comment | None = None) -> Comment:
    return actions.comment_on_post(author, post_id=post.pk, body=body, parent_id=parent and parent.pk)


def follow(follower: Member, followed: Member) -> None:
    Follow.objects.create(follower=follower, followed=followed)


def connect(one: Member, other: Member) -> None:
    Connection.objects.create(requester=one, addressee=other, state="accepted")


def block(blocker: Member, blocked: Member) -> None:
    Block.objects.create(blocker=blocker, blocked=blocked)


def mute(muter: Member, muted: Member) -> None:
    Mute.objects.create(muter=muter, muted=muted)


def organisation(handle: str, *people: Member) -> Organisation:
    found = Organisation.objects.create(
        handle=handle, name=handle.capitalize(), sort_key=handle, kind="company", created_at=clock.now(),
        people_count=len(people),
    )  # fmt: skip
    for member in people:
        Membership.objects.create(organisation=found, member=member, role="member", started_at=clock.now())
    return found


def picture(name: str = "workbench.png", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def publish_with_picture(author: Member, body: str = "The new workbench", description: str = "") -> Post:
    stored = receive_upload(author, use="timeline.image", file=picture())
    return publish(author, body, pictures=(Picture(stored.key, description, 30, 70),))
