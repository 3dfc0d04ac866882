"""A member with something for every box of their device, and what makes boxes of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from guildry.community.timeline import actions
from guildry.community.timeline.rules import Composition, Picture, PollPlan, ReactionKind
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.ops.schemas import actions as schemas
from guildry.ops.schemas import hive, queries
from guildry.people.accounts.models import Member
from guildry.people.profiles.models import Language, Link
from tests.factories import notifications, profiles, timeline

REASON = "The member asked what their phone keeps."


def furnish(member: Member, author: Member, count: int = 1) -> None:
    """Give a member posts to see, one of them reposted, and saved posts, drafts, notifications and a profile."""
    for number in range(count):
        post = timeline.publish(author, f"Post {number} about #wood")
        actions.save_post(member, post_id=post.pk)
        actions.react(member, post_id=post.pk, kind=ReactionKind.LIKE)
        plan = PollPlan("Which evening?", ("Tuesday", "Thursday"))
        draft = Composition(f"Draft {number}", pictures=(Picture("0" * 32, "A bench"),), poll=plan)
        actions.save_draft(member, composition=draft)
        notifications.tell(member, f"News {number}", actor=author)
    actions.repost(member, post_id=post.pk, note="Worth reading")
    profile = profiles.make_profile(member, skills=("Python",), story="I make chairs.", availability="open")
    for number in range(count):
        Language.objects.create(profile=profile, code=("en", "sv", "yo")[number], level="fluent")
        Link.objects.create(profile=profile, label="Site", url=f"https://example.org/{number}")


def box_of(
    member: Member, name: str, *, form: queries.Form = queries.Form.TYPED, stored_at: datetime | None = None
) -> bytes:
    """Make the box a member's device would hold now."""
    entity = queries.entity_of(name)
    moment = stored_at or clock.now()
    return hive.new_box(
        (str(row[entity.key]), queries.packed(entity, row, stored_at=moment, form=form))
        for row in entity.rows(member)
    )


def export(member: Member, folder: Path, **manner: Any) -> dict[str, Any]:
    """Export all boxes of a member and return the entries of the manifest by box."""
    made = schemas.export_boxes(
        SYSTEM, member_id=member.pk, folder=folder, reason=REASON, manner=schemas.Manner(**manner)
    )
    return {entry["box"]: entry for entry in made}


def changed(data: bytes, key: str, **fields: Any) -> bytes:
    """Return a typed box in which fields of one row say something else."""
    box = queries.open_box(data)
    kind = box.book.get(box.live[key].value.type_id)
    assert kind is not None
    numbers = {name: index for index, name in kind.fields.items()}
    wanted = {numbers[name]: value for name, value in fields.items()}
    held = dict(box.live[key].value.fields) | wanted
    return hive.appended(box, [(key, hive.Record(kind.type_id, tuple(held.items())))])
