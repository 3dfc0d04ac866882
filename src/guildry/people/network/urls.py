"""Addresses of network: lists of people, and what one does about a member."""

from django.urls import path

from guildry.people.network.views import acts, pages

app_name = "network"
urlpatterns = [
    path("", pages.home, name="home"),
    path("connections/", pages.connections, name="connections"),
    path("requests/", pages.received, name="received"),
    path("requests/sent/", pages.sent, name="sent"),
    path("followers/", pages.followers, name="followers"),
    path("following/", pages.following, name="following"),
    path("nearby/", pages.nearby, name="nearby"),
    path("shields/", pages.shields, name="shields"),
    path("members/<int:member_id>/follow/", acts.follow, name="follow"),
    path("members/<int:member_id>/follow/end/", acts.follow_end, name="follow_end"),
    path("members/<int:member_id>/connection/", acts.connection, name="connection"),
    path("members/<int:member_id>/connection/acceptance/", acts.acceptance, name="acceptance"),
    path("members/<int:member_id>/connection/refusal/", acts.refusal, name="refusal"),
    path("members/<int:member_id>/connection/end/", acts.connection_end, name="connection_end"),
    path("members/<int:member_id>/mute/", acts.mute, name="mute"),
    path("members/<int:member_id>/mute/end/", acts.mute_end, name="mute_end"),
    path("members/<int:member_id>/block/", acts.block, name="block"),
    path("members/<int:member_id>/block/end/", acts.block_end, name="block_end"),
]
