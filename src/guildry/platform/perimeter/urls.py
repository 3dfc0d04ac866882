"""Addresses of perimeter."""

from django.urls import URLPattern, URLResolver

app_name = "perimeter"
urlpatterns: list[URLPattern | URLResolver] = []
