"""Addresses of the runbooks."""

from django.urls import path

from guildry.ops.runbooks import views

app_name = "runbooks"
urlpatterns = [
    path("ops/runbooks/", views.library, name="library"),
    path("ops/runbooks/<slug:slug>/", views.runbook, name="runbook"),
]
