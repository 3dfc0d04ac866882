"""Addresses of the configuration in the console."""

from django.urls import path

from guildry.platform.runtime.views import basket, keys, secrets, sets

app_name = "runtime"
urlpatterns = [
    path("", keys.keys, name="keys"),
    path("convergence/", keys.convergence, name="convergence"),
    path("basket/", basket.basket, name="basket"),
    path("waiting/", sets.waiting, name="waiting"),
    path("overrides/", sets.overrides, name="overrides"),
    path("overrides/<int:override_id>/end/", sets.end_override, name="end_override"),
    path("history/", sets.history, name="history"),
    path("history/<int:change_set_id>/", sets.change_set, name="change_set"),
    path("history/<int:change_set_id>/approve/", sets.approve, name="approve"),
    path("history/<int:change_set_id>/decline/", sets.decline, name="decline"),
    path("history/<int:change_set_id>/withdraw/", sets.withdraw, name="withdraw"),
    path("versions/<int:version>/restore/", sets.restore, name="restore"),
    path("secrets/", secrets.secrets, name="secrets"),
    path("secrets/<str:key>/rotate/", secrets.rotate, name="rotate"),
    path("keys/<str:key>/", keys.key, name="key"),
    path("keys/<str:key>/review/", keys.review, name="review"),
    path("keys/<str:key>/collect/", basket.collect, name="collect"),
    path("keys/<str:key>/leave-out/", basket.leave_out, name="leave_out"),
    path("keys/<str:key>/override/", keys.override, name="override"),
]
