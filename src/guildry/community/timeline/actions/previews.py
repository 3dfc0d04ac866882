"""Showing where the link of a post leads, once the post is out."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from guildry.community.timeline import rules
from guildry.community.timeline.actions.posts import IMAGE_USE
from guildry.community.timeline.events import PreviewAttached
from guildry.community.timeline.models import LinkPreview, Post
from guildry.kernel import bus, errors, runtime
from guildry.kernel.permissions import Actor
from guildry.platform.files.actions import receive_upload
from guildry.platform.outbound.queries import Preview, fetch, fetch_preview

_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
_IMAGE_BYTES = 5_000_000


def attach_preview(actor: Actor, *, post_id: int) -> LinkPreview | None:
    """Fetch the first link of a live post and keep what it shows; a page that refuses leaves the post as it is."""
    if not runtime.value("timeline.link_previews"):
        return None
    post = Post.objects.live().select_related("author").filter(pk=post_id).first()
    link = rules.first_link(post.body) if post else ""
    if post is None or not link or LinkPreview.objects.filter(post_id=post_id).exists():
        return None
    try:
        page = fetch_preview(link)
    except errors.DomainError:
        return None
    if not page.title:
        return None
    image = _copy_of_image(post, page)
    with transaction.atomic():
        # The text may have changed while the page was fetched.
        current = Post.objects.select_for_update().get(pk=post_id)
        if rules.first_link(current.body) != link:
            return None
        preview, is_new = LinkPreview.objects.get_or_create(
            post=current,
            defaults={
                "url": page.url[:2000],
                "title": page.title[:200],
                "description": page.description[:400],
                "site": page.site[:100],
                "image": image,
            },
        )
        if is_new:
            bus.publish(PreviewAttached(post_id), actor=actor)
    return preview


def _copy_of_image(post: Post, page: Preview) -> str:
    """Store a copy of the page's picture, so that readers ask nobody else for it; return its key, or nothing."""
    if not page.image_url:
        return ""
    try:
        fetched = fetch(page.image_url, max_bytes=_IMAGE_BYTES, media_types=frozenset(_SUFFIXES))
        name = f"preview.{_SUFFIXES[fetched.media_type]}"
        file = SimpleUploadedFile(name, fetched.content, fetched.media_type)
        return receive_upload(post.author, use=IMAGE_USE, file=file).key
    except errors.DomainError:
        return ""
