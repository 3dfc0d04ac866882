"""Addresses of the Timeline."""

from django.urls import path

from guildry.community.timeline.views import composing, lists, posts

app_name = "timeline"
urlpatterns = [
    path("", lists.home, name="home"),
    path("new/", lists.new, name="new"),
    path("saved/", lists.saved, name="saved"),
    path("hashtags/<str:tag>/", lists.hashtag, name="hashtag"),
    path("hashtags/<str:tag>/rss/", lists.hashtag_rss, name="hashtag_rss"),
    path("hashtags/<str:tag>/follow/", lists.hashtag_follow, name="hashtag_follow"),
    path("members/<str:handle>/", lists.by_member, name="by_member"),
    path("organisations/<str:handle>/", lists.in_organisation, name="in_organisation"),
    path("compose/", composing.compose, name="compose"),
    path("preview/", composing.preview, name="preview"),
    path("drafts/", composing.drafts, name="drafts"),
    path("drafts/<int:draft_id>/", composing.draft, name="draft"),
    path("drafts/<int:draft_id>/deletion/", composing.draft_deletion, name="draft_deletion"),
    path("posts/<int:post_id>/", posts.post, name="post"),
    path("posts/<int:post_id>/edit/", posts.edit, name="edit"),
    path("posts/<int:post_id>/history/", posts.history, name="history"),
    path("posts/<int:post_id>/deletion/", posts.deletion, name="deletion"),
    path("posts/<int:post_id>/restoration/", posts.restoration, name="restoration"),
    path("posts/<int:post_id>/withdrawal/", posts.withdrawal, name="withdrawal"),
    path("posts/<int:post_id>/menu/", posts.menu, name="menu"),
    path("posts/<int:post_id>/reaction/", posts.reaction, name="reaction"),
    path("posts/<int:post_id>/reactions/", posts.reactions, name="reactions"),
    path("posts/<int:post_id>/comments/", posts.comments, name="comments"),
    path("posts/<int:post_id>/reposts/", posts.reposts, name="reposts"),
    path("posts/<int:post_id>/reposts/withdrawal/", posts.repost_withdrawal, name="repost_withdrawal"),
    path("posts/<int:post_id>/saving/", posts.saving, name="saving"),
    path("posts/<int:post_id>/dismissal/", posts.dismissal, name="dismissal"),
    path("posts/<int:post_id>/votes/", posts.votes, name="votes"),
    path("comments/<int:comment_id>/edit/", posts.comment_edit, name="comment_edit"),
    path("comments/<int:comment_id>/deletion/", posts.comment_deletion, name="comment_deletion"),
]
