"""Addresses of whole-product pages."""

from django.urls import path

from guildry.site import views

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("ops/", views.console, name="console"),
    path("licences/", views.licences, name="licences"),
    path("offline/", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path(".well-known/security.txt", views.security_contact, name="security_contact"),
    path("favicon.ico", views.favicon, name="favicon"),
]
