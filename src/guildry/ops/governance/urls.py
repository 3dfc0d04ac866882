"""Addresses of governance."""

from django.urls import path

from guildry.ops.governance import views

app_name = "governance"
urlpatterns = [
    path("ops/governance/", views.record, name="record"),
    path("ops/governance/data/", views.data, name="data"),
    path("ops/governance/data/<slug:app>/", views.charter, name="charter"),
    path("ops/governance/retention/", views.retention, name="retention"),
    path("ops/governance/holds/", views.holds, name="holds"),
    path("ops/governance/holds/<int:hold_id>/end/", views.hold_end, name="hold_end"),
    path("ops/governance/requests/", views.requests, name="requests"),
    path("ops/governance/requests/<str:reference>/", views.request, name="request"),
    path("ops/governance/requests/<str:reference>/plan/", views.plan, name="plan"),
    path("ops/governance/requests/<str:reference>/approval/", views.approval, name="approval"),
    path("ops/governance/requests/<str:reference>/refusal/", views.refusal, name="refusal"),
    path("settings/privacy/erasure/", views.erasure, name="erasure"),
    path("settings/privacy/erasure/end/", views.erasure_end, name="erasure_end"),
    path("settings/privacy/", views.privacy, name="privacy"),
    path("settings/privacy/copies/", views.copy_order, name="copies"),
    path("settings/privacy/copies/collection/", views.copy_collect, name="copy_collect"),
    path("settings/privacy/copies/<str:token>/", views.copy, name="copy"),
]
