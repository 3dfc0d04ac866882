"""Addresses of health: the board at `/ops/health/`, and for programs the same without the last stroke."""

from django.urls import path

from guildry.platform.health import views

app_name = "health"
urlpatterns = [
    path("healthz", views.liveness, name="liveness"),
    path("startupz", views.startup, name="startup"),
    path("readyz", views.readiness, name="readiness"),
    path("ops/health/", views.board, name="board"),
    path("ops/health", views.health, name="health"),
    path("ops/health/dependencies", views.dependencies, name="dependencies"),
    path("ops/health/transitions", views.transitions, name="transitions"),
    path("ops/queues", views.queue_depths, name="queues"),
    path("ops/metrics", views.metrics, name="metrics"),
]
