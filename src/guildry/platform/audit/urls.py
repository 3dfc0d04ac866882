"""Addresses of the audit trail."""

from django.urls import path

from guildry.platform.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("proofs/", views.proof, name="proof"),
    path("export/", views.export, name="export"),
    path("<int:seq>/", views.entry, name="entry"),
]
