"""Addresses of notifications."""

from django.urls import path

from guildry.people.notifications.views import news, wishes

app_name = "notifications"
urlpatterns = [
    path("", news.home, name="home"),
    path("reading/", news.reading_all, name="reading_all"),
    path("seen/", news.seen, name="seen"),
    path("<int:notification_id>/reading/", news.reading, name="reading"),
    path("preferences/", wishes.preferences, name="preferences"),
    path("preferences/pause/", wishes.pause, name="pause"),
    path("unsubscribe/<str:token>/", wishes.unsubscribe, name="unsubscribe"),
]
