"""Addresses of backups."""

from django.urls import path

from guildry.ops.backups import views

app_name = "backups"
urlpatterns = [
    path("ops/backups/", views.timeline, name="timeline"),
    path("ops/backups/<str:called>/", views.backup, name="backup"),
    path("ops/backups/<str:called>/hold/", views.hold, name="hold"),
    path("ops/backups/<str:called>/hold/end/", views.hold_end, name="hold_end"),
]
