"""Addresses of health."""

from django.urls import path

from guildry.platform.health import views

app_name = "health"
urlpatterns = [
    path("healthz", views.liveness, name="liveness"),
    path("startupz", views.startup, name="startup"),
    path("readyz", views.readiness, name="readiness"),
    path("ops/health/", views.board, name="board"),
]
