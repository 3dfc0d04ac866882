"""Addresses of whole-product pages."""

from django.urls import path

from guildry.site import views

app_name = "site"
urlpatterns = [path("", views.home, name="home")]
