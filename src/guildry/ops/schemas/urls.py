"""Addresses of contracts."""

from django.urls import path

from guildry.ops.schemas import views

app_name = "schemas"
urlpatterns = [path("ops/contracts/hive/", views.hive, name="hive")]
