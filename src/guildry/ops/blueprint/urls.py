"""Addresses of the schema."""

from django.urls import path

from guildry.ops.blueprint import views

app_name = "blueprint"
urlpatterns = [
    path("ops/schema/", views.schema, name="schema"),
    path("ops/schema/areas/<slug:key>/", views.area, name="area"),
    path("ops/schema/tables/<slug:called>/", views.table, name="table"),
]
