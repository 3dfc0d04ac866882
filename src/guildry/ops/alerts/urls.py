"""Addresses of alerts."""

from django.urls import path

from guildry.ops.alerts import views

app_name = "alerts"
urlpatterns = [
    path("ops/alerts/", views.board, name="board"),
    path("ops/alerts/history/", views.history, name="history"),
    path("ops/alerts/rules/", views.thresholds, name="thresholds"),
    path("ops/alerts/<int:alert_id>/acknowledgement/", views.acknowledgement, name="acknowledgement"),
    path("ops/alerts/<int:alert_id>/silence/", views.silence, name="silence"),
    path("ops/alerts/silences/<int:silence_id>/lifting/", views.lifting, name="lifting"),
    path("ops/alerts/test/", views.test_delivery, name="test"),
    path("ops/alerts/devices/", views.devices, name="devices"),
    path("ops/alerts/devices/removal/", views.device_removal, name="device_removal"),
    path("ops/alerts/worker.js", views.worker, name="worker"),
]
