"""Addresses of migrations."""

from django.urls import path

from guildry.platform.upgrades import views

app_name = "upgrades"
urlpatterns = [
    path("", views.board, name="board"),
    path("changes/<int:change_id>/", views.change, name="change"),
    path("rest/", views.rest, name="rest"),
    path("rest/end/", views.rest_end, name="rest_end"),
]
