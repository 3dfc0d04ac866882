"""Addresses of the configuration in the console."""

from django.urls import path

from guildry.platform.runtime import views

app_name = "runtime"
urlpatterns = [
    path("", views.keys, name="keys"),
    path("convergence/", views.convergence, name="convergence"),
    path("waiting/", views.waiting, name="waiting"),
    path("overrides/", views.overrides, name="overrides"),
    path("overrides/<int:override_id>/end/", views.end_override, name="end_override"),
    path("history/", views.history, name="history"),
    path("history/<int:change_set_id>/", views.change_set, name="change_set"),
    path("history/<int:change_set_id>/approve/", views.approve, name="approve"),
    path("history/<int:change_set_id>/decline/", views.decline, name="decline"),
    path("history/<int:change_set_id>/withdraw/", views.withdraw, name="withdraw"),
    path("versions/<int:version>/restore/", views.restore, name="restore"),
    path("secrets/", views.secrets, name="secrets"),
    path("secrets/<str:key>/rotate/", views.rotate, name="rotate"),
    path("keys/<str:key>/", views.key, name="key"),
    path("keys/<str:key>/review/", views.review, name="review"),
    path("keys/<str:key>/override/", views.override, name="override"),
]
