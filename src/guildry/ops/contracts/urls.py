"""Addresses of the contracts in the console."""

from django.urls import path

from guildry.ops.contracts import views

app_name = "contracts"
urlpatterns = [path("ops/contracts/", views.overview, name="overview")]
