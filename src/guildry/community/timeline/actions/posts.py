"""Publishing a post, changing it, taking it away and bringing it back."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from guildry.community.timeline import rules
from guildry.community.timeline.actions.writing import (
    ChangedMeanwhile,
    check,
    keep_pace,
    lock,
    record_hashtags,
    record_mentions,
)
from guildry.community.timeline.events import PostDeleted, PostEdited, PostPublished, PostRestored
from guildry.community.timeline.models import (
    Comment,
    Draft,
    LinkPreview,
    Mention,
    Poll,
    PollOption,
    Post,
    PostHashtag,
    PostImage,
    PostRevision,
    Reaction,
    Save,
)
from guildry.community.timeline.models.posts import counted
from guildry.community.timeline.queries import PostNotFound, draft_for, post_for, require_visible
from guildry.community.timeline.queries.writing import Rendered, rendered
from guildry.community.timeline.rules import Audience, Composition, Picture
from guildry.kernel import bus, clock, errors, validation
from guildry.kernel.permissions import Actor
from guildry.people.organisations.queries import is_member
from guildry.platform.files.models import StoredFile
from guildry.platform.files.queries import files_by_key

IMAGE_USE = "timeline.image"


class NotYourPost(errors.Forbidden):
    problem = errors.problem("timeline-not-your-post", 403, "This is somebody else's post")
    detail = "Only the member who published this post can do that."


class NotInOrganisation(errors.Forbidden):
    problem = errors.problem("timeline-not-in-organisation", 403, "You do not belong to that organisation")
    detail = "You can write for organisations you belong to. Choose other readers."


class EditWindowClosed(errors.DomainError):
    problem = errors.problem("timeline-edit-window-closed", 409, "It is too late to edit this")
    detail = "Posts and comments can be edited for 60 minutes. Write a comment to add something now."


class UndoWindowClosed(errors.Gone):
    problem = errors.problem("timeline-undo-window-closed", 410, "It is too late to undo that")
    detail = "Undo works for 60 seconds."


class AlreadyReposted(errors.DomainError):
    problem = errors.problem("timeline-already-reposted", 409, "You have already passed this on")
    detail = "You have already passed this on. Add a note to do it again."


class PictureMissing(errors.Invalid):
    problem = errors.problem("timeline-picture-missing", 422, "A picture is not there")


def publish_post(actor: Any, *, composition: Composition, draft_id: int | None = None) -> Post:
    """Publish a composition and drop the draft it comes from.

    Raises Invalid, NotInOrganisation, PictureMissing, DraftNotFound and TooFast.
    """
    check(actor, problems=rules.problems_of(composition))
    check_readers(actor, composition=composition)
    files = _files_of(actor, composition)
    keep_pace(actor, doing="post")
    text = rendered(composition.body)
    with transaction.atomic():
        if draft_id:
            draft_for(actor, draft_id).delete()
        post = _create(actor, composition, text)
        _attach_images(post, composition, files)
        _attach_poll(post, composition)
        record_hashtags(actor, post=post, rendered=text, is_new=True)
        record_mentions(actor, post=post, rendered=text, is_new=True)
        bus.publish(PostPublished(post.pk, post.author_id, post.audience, post.organisation_id), actor=actor)
    return post


def edit_post(actor: Actor, *, post_id: int, body: str, expected_version: int | None = None) -> Post:
    """Change the text of a post within the edit window and keep what it said.

    Raises PostNotFound, NotYourPost, EditWindowClosed, Invalid, and ChangedMeanwhile when the post is no longer at
    the expected version.
    """
    text = rendered(body)
    require_visible(actor, post_id)
    with transaction.atomic():
        post = lock(actor, post_ids=[post_id])[post_id]
        _check_edit(actor, post, text, expected_version)
        if text.body == post.body:
            return post
        _keep_revision(post)
        is_new_link = rules.first_link(text.body) != rules.first_link(post.body)
        post.body, post.html, post.version, post.edited_at = (
            text.body,
            text.html,
            post.version + 1,
            clock.now(),
        )
        post.save(update_fields=["body", "html", "version", "edited_at"])
        if is_new_link:
            LinkPreview.objects.filter(post=post).delete()
        record_hashtags(actor, post=post, rendered=text)
        fresh = record_mentions(actor, post=post, rendered=text)
        bus.publish(PostEdited(post.pk, post.author_id, post.version, fresh), actor=actor)
    return post


def delete_post(actor: Actor, *, post_id: int) -> Post:
    """Take a post away; it can be restored for a minute. Raises PostNotFound and NotYourPost."""
    found = post_for(actor, post_id)
    if found.author_id != actor.pk:
        raise NotYourPost
    with transaction.atomic():
        post = _hold(actor, found)
        if post.deleted_at is None:
            _set_deleted(post, is_deleted=True)
            bus.publish(PostDeleted(post.pk, post.author_id), actor=actor)
    return post


def restore_post(actor: Actor, *, post_id: int) -> Post:
    """Bring back a post deleted less than a minute ago.

    Raises PostNotFound, UndoWindowClosed, and AlreadyReposted when the same was passed on again meanwhile.
    """
    found = Post.objects.filter(pk=post_id, author_id=actor.pk, deleted_at__isnull=False).first()
    if found is None:
        raise PostNotFound
    with transaction.atomic():
        post = _hold(actor, found)
        if not rules.may_undo(post.deleted_at or clock.now(), clock.now()):
            raise UndoWindowClosed
        if post.deleted_at:
            if post.is_repost and not post.body:
                refuse_second(actor, original_id=post.repost_of_id)
            _set_deleted(post, is_deleted=False)
            bus.publish(PostRestored(post.pk, post.author_id), actor=actor)
    return post


def withdraw_post(actor: Actor, *, post_id: int) -> Draft:
    """Undo a publication less than a minute old: the post goes, its composition is a draft again.

    Raises PostNotFound, NotYourPost and UndoWindowClosed.
    """
    found = post_for(actor, post_id)
    if found.author_id != actor.pk:
        raise NotYourPost
    with transaction.atomic():
        post = _hold(actor, found)
        if not rules.may_undo(post.published_at, clock.now()):
            raise UndoWindowClosed
        draft = Draft(author_id=post.author_id, created_at=clock.now())
        draft.hold(_composition_of(post), now=clock.now()).save()
        _set_deleted(post, is_deleted=True)
        bus.publish(PostDeleted(post.pk, post.author_id), actor=actor)
    return draft


def forget_deleted_posts(actor: Actor, *, most: int = 200) -> int:
    """Empty posts whose deletion can no longer be undone, with all that hangs on them; returns how many."""
    over = Post.objects.filter(deleted_at__lte=clock.now() - rules.UNDO_WINDOW, is_forgotten=False)
    post_ids = list(over.order_by("pk").values_list("pk", flat=True)[:most])
    for model in (PostImage, PostRevision, LinkPreview, Poll, PostHashtag, Mention, Comment, Reaction, Save):
        model.objects.filter(post__in=post_ids).delete()
    Post.objects.filter(pk__in=post_ids).update(body="", html="", is_forgotten=True)
    return len(post_ids)


def check_readers(actor: Any, *, composition: Composition) -> None:
    """Raise NotInOrganisation when it is for an organisation the actor does not belong to."""
    if composition.organisation_id and not is_member(composition.organisation_id, actor.pk):
        raise NotInOrganisation(field="audience")


def _files_of(actor: Any, composition: Composition) -> list[StoredFile]:
    """Return the stored files of the pictures; raises PictureMissing unless all are the actor's and clean."""
    stored = files_by_key(picture.key for picture in composition.pictures) if composition.pictures else {}
    for number, picture in enumerate(composition.pictures, 1):
        file = stored.get(picture.key)
        if file is None or file.owner_id != actor.pk or file.use != IMAGE_USE:
            raise PictureMissing(f"Picture {number} is still being checked, or it is gone.", field="pictures")
    return [stored[picture.key] for picture in composition.pictures]


def _create(actor: Any, composition: Composition, text: Rendered) -> Post:
    post = Post(
        author_id=actor.pk,
        body=text.body,
        html=text.html,
        audience=composition.audience,
        organisation_id=composition.organisation_id,
        published_at=clock.now(),
        image_count=len(composition.pictures),
        has_poll=composition.poll is not None,
    )
    validation.check(post, exclude={"author", "organisation"})
    post.save()
    return post


def _attach_images(post: Post, composition: Composition, files: list[StoredFile]) -> None:
    PostImage.objects.bulk_create(
        PostImage(
            post=post,
            key=picture.key,
            description=picture.description.strip(),
            focus_x=picture.focus_x,
            focus_y=picture.focus_y,
            width=file.width or 0,
            height=file.height or 0,
            position=position,
        )
        for position, (picture, file) in enumerate(zip(composition.pictures, files, strict=True))
    )


def _attach_poll(post: Post, composition: Composition) -> None:
    if plan := composition.poll:
        closes_at = post.published_at + timedelta(days=plan.days)
        poll = Poll.objects.create(post=post, question=plan.question.strip(), closes_at=closes_at)
        PollOption.objects.bulk_create(
            PollOption(poll=poll, position=position, text=option.strip())
            for position, option in enumerate(plan.options)
        )


def _composition_of(post: Post) -> Composition:
    poll = Poll.objects.filter(post=post).prefetch_related("options").first()
    return Composition(
        body=post.body,
        audience=Audience(post.audience),
        organisation_id=post.organisation_id,
        pictures=tuple(
            Picture(image.key, image.description, image.focus_x, image.focus_y)
            for image in post.images.order_by("position")
        ),
        poll=poll.plan if poll else None,
    )


def _check_edit(actor: Actor, post: Post, text: Rendered, expected_version: int | None) -> None:
    if post.author_id != actor.pk:
        raise NotYourPost
    if not rules.may_edit(is_author=True, published_at=post.published_at, now=clock.now()):
        raise EditWindowClosed
    if expected_version is not None and expected_version != post.version:
        raise ChangedMeanwhile
    stands_alone = not (post.image_count or post.has_poll or post.is_bare)
    check(actor, problems=rules.problems_of_body(text.body, stands_alone=stands_alone))


def _keep_revision(post: Post) -> None:
    PostRevision.objects.create(
        post=post,
        version=post.version,
        body=post.body,
        html=post.html,
        written_at=post.edited_at or post.published_at,
    )


def refuse_second(actor: Actor, *, original_id: int | None) -> None:
    """Raise AlreadyReposted when the actor's bare repost of a post is there already."""
    if Post.objects.filter(author_id=actor.pk, repost_of_id=original_id, is_bare=True).exists():
        raise AlreadyReposted


def _hold(actor: Actor, post: Post) -> Post:
    """Lock a post, and with it the post whose reposts it is counted among."""
    return lock(actor, post_ids=[key for key in (post.pk, post.repost_of_id) if key])[post.pk]


def _set_deleted(post: Post, *, is_deleted: bool) -> None:
    post.deleted_at = clock.now() if is_deleted else None
    post.is_bare = True if post.is_repost and not post.body and not is_deleted else None
    post.save(update_fields=["deleted_at", "is_bare"])
    if post.repost_of_id:
        Post.objects.filter(pk=post.repost_of_id).update(**counted("repost_count", -1 if is_deleted else 1))
