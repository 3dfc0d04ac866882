"""Registration of the Timeline."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.community.timeline import rules
from guildry.kernel import bus, points
from guildry.kernel.points import (
    RUNTIME_SETTINGS,
    Asset,
    Card,
    FileUse,
    Module,
    NotificationKind,
    PaletteSource,
    ScheduledJob,
    SeedPack,
)
from guildry.kernel.runtime import Setting

LIVE = (
    Setting("timeline.post_hourly", int, rules.SETTLED["post"].per_hour, "timeline", "How many posts a member may publish; new members at most 5.", label="Posts", unit="an hour",
            minimum=1, maximum=500),
    Setting("timeline.comment_hourly", int, rules.SETTLED["comment"].per_hour, "timeline", "How many comments a member may write; new members at most 30.", label="Comments", unit="an hour",
            minimum=1, maximum=2000),
    Setting("timeline.react_hourly", int, rules.SETTLED["react"].per_hour, "timeline", "How many reactions a member may give; new members at most 120.", label="Reactions", unit="an hour",
            minimum=1, maximum=10000),
    Setting("timeline.drafts_most", int, rules.DRAFTS_PER_MEMBER, "timeline", "How many drafts a member may keep.", label="Drafts", unit="drafts",
            minimum=1, maximum=1000),
    Setting("timeline.rss", bool, True, "timeline", "Whether anybody can read what is public about a hashtag in a program of their own.", label="RSS of hashtags",
            keywords=("feed", "syndication", "switch")),
    Setting("timeline.link_previews", bool, True, "timeline", "Whether the site fetches title and picture of pages that posts link to.", label="Previews of links",
            keywords=("outbound", "fetch", "switch")),
)  # fmt: skip


class TimelineConfig(AppConfig):
    name = "guildry.community.timeline"
    label = "timeline"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "moderator"

    def ready(self) -> None:
        from guildry.community.timeline import realtime, seeds
        from guildry.community.timeline.queries import offline
        from guildry.community.timeline.views import cards, palette

        RUNTIME_SETTINGS.register(*LIVE)
        points.MODULES.register(*MODULES)
        points.STYLESHEETS.register(Asset("timeline/timeline.css"))
        points.SCRIPTS.register(Asset("timeline/feed.js"), Asset("timeline/composer.js"))
        points.FILE_USES.register(IMAGE)
        points.CARDS.register(
            Card("timeline.by_member", "profile.main", cards.posts_of_member, order=50),
            Card("timeline.in_organisation", "organisation.main", cards.posts_in_organisation, order=50),
        )
        points.PALETTE_SOURCES.register(
            PaletteSource("hashtags", "Hashtags", palette.hashtags, order=40),
            PaletteSource("posts", "Posts", palette.posts, order=50),
        )
        points.NOTIFICATION_KINDS.register(*NOTIFICATIONS)
        points.SCHEDULED_JOBS.register(*JOBS)
        points.NAMESPACES.register(realtime.NAMESPACE)
        points.OFFLINE_ENTITIES.register(*offline.ENTITIES)
        points.SEED_PACKS.register(
            SeedPack("timeline", 50, seeds.steps),
            SeedPack("timeline.later", 90, seeds.later_steps, after_opening=True, totals=seeds.totals),
        )
        _subscribe()


def _subscribe() -> None:
    from guildry.community.timeline import events, tasks

    bus.subscribe(events.PostPublished, tasks.ask_for_preview, name="timeline.preview")
    bus.subscribe(events.PostEdited, tasks.ask_for_preview, name="timeline.preview_again")
    bus.subscribe(events.PostPublished, tasks.tell_about_post, name="timeline.tell_post")
    bus.subscribe(events.PostEdited, tasks.tell_about_edit, name="timeline.tell_edit")
    bus.subscribe(events.CommentPosted, tasks.tell_about_comment, name="timeline.tell_comment")
    bus.subscribe(events.CommentEdited, tasks.tell_about_comment_edit, name="timeline.tell_comment_edit")
    bus.subscribe(events.PostReacted, tasks.tell_about_reaction, name="timeline.tell_reaction")
    bus.subscribe(events.PostReposted, tasks.tell_about_repost, name="timeline.tell_repost")
    bus.subscribe(events.PublicationRefused, tasks.tell_about_refusal, name="timeline.tell_refusal")


MODULES = (
    Module(
        key="timeline",
        label="Timeline",
        icon="house",
        group="Community",
        url_name="timeline:home",
        description="What people here are working on",
        placement=frozenset({"bar", "rail", "tabs", "footer"}),
        public=True,
        order=10,
        keywords=("posts", "home", "latest"),
    ),
    Module(
        key="timeline.saved",
        label="Saved",
        icon="bookmark",
        group="Community",
        url_name="timeline:saved",
        description="Posts you keep for later",
        placement=frozenset({"rail"}),
        order=60,
    ),
    Module(
        key="timeline.drafts",
        label="Drafts",
        icon="file-text",
        group="Community",
        url_name="timeline:drafts",
        description="What you are writing, and what is scheduled",
        placement=frozenset({"rail"}),
        order=61,
        keywords=("scheduled",),
    ),
    Module(
        key="timeline.compose",
        label="Post",
        icon="square-pen",
        group="Create",
        url_name="timeline:compose",
        description="Share something with the community",
        placement=frozenset({"create"}),
        order=10,
        keywords=("write", "new", "share"),
    ),
)

IMAGE = FileUse(
    key="timeline.image",
    media_types=frozenset({"image/jpeg", "image/png", "image/webp"}),
    max_bytes=15_000_000,
    image_widths=(640, 1280),
)

NOTIFICATIONS = (
    NotificationKind(
        key="timeline.mention",
        label="Mentions",
        description="Somebody mentions you in a post or comment",
        group="Timeline",
        icon="user-round",
        mail=True,
    ),
    NotificationKind(
        key="timeline.comment",
        label="Comments",
        description="Somebody comments on your post",
        group="Timeline",
        icon="message-circle",
        mail=True,
    ),
    NotificationKind(
        key="timeline.reply",
        label="Answers",
        description="Somebody answers your comment",
        group="Timeline",
        icon="message-circle",
        mail=True,
    ),
    NotificationKind(
        key="timeline.reaction",
        label="Reactions",
        description="Somebody reacts to your post",
        group="Timeline",
        icon="heart",
        folds=True,
    ),
    NotificationKind(
        key="timeline.repost",
        label="Reposts",
        description="Somebody passes your post on",
        group="Timeline",
        icon="repeat-2",
    ),
    NotificationKind(
        key="timeline.refused",
        label="Scheduled posts",
        description="A post you scheduled could not be published",
        group="Timeline",
        icon="clock",
        mail=True,
    ),
)

JOBS = (
    ScheduledJob(
        "timeline.publish_scheduled",
        "guildry.community.timeline.tasks.publish_scheduled",
        timedelta(seconds=30),
    ),
    ScheduledJob(
        "timeline.forget_deleted", "guildry.community.timeline.tasks.forget_deleted", timedelta(minutes=5)
    ),
)
