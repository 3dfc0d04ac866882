"""What happens after a fact or at a time: each handler calls one action, and may run twice."""

from django_tasks import task

from guildry.community.timeline import actions
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM


@task()
def preview_link(post_id: int) -> None:
    actions.attach_preview(SYSTEM, post_id=post_id)


@task()
def publish_scheduled() -> int:
    return actions.publish_due_drafts(SYSTEM)


@task()
def forget_deleted() -> int:
    return actions.forget_deleted_posts(SYSTEM)


def ask_for_preview(delivery: Delivery) -> None:
    """Fetch the link of a new or changed post in the background, where nobody waits for another site."""
    preview_link.enqueue(delivery.fact.post_id)


def tell_about_post(delivery: Delivery) -> None:
    actions.tell_about_post(SYSTEM, post_id=delivery.fact.post_id)


def tell_about_edit(delivery: Delivery) -> None:
    fact = delivery.fact
    actions.tell_mentioned(SYSTEM, post_id=fact.post_id, member_ids=fact.mentioned_ids)


def tell_about_comment(delivery: Delivery) -> None:
    fact = delivery.fact
    actions.tell_about_comment(SYSTEM, comment_id=fact.comment_id, parent_id=fact.parent_id)


def tell_about_comment_edit(delivery: Delivery) -> None:
    fact = delivery.fact
    actions.tell_mentioned(
        SYSTEM, post_id=fact.post_id, member_ids=fact.mentioned_ids, comment_id=fact.comment_id
    )


def tell_about_reaction(delivery: Delivery) -> None:
    fact = delivery.fact
    if fact.is_new:
        actions.tell_about_reaction(SYSTEM, post_id=fact.post_id, member_id=fact.member_id)


def tell_about_repost(delivery: Delivery) -> None:
    actions.tell_about_repost(SYSTEM, post_id=delivery.fact.post_id)


def tell_about_refusal(delivery: Delivery) -> None:
    actions.tell_about_refusal(SYSTEM, draft_id=delivery.fact.draft_id)
