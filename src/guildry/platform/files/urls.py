"""Addresses of files."""

from django.urls import path

from guildry.platform.files import views

app_name = "files"
urlpatterns = [path("<slug:key>/<str:name>", views.serve, name="serve")]
