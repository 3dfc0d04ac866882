"""Addresses of the design system."""

from django.urls import URLPattern, URLResolver, path

from guildry.ui import views

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.components, name="gallery"),
    path("style-<slug:digest>.css", views.stylesheet, name="stylesheet"),
    path("<slug:frame>/style-<slug:digest>.css", views.frame_stylesheet, name="frame_stylesheet"),
    path("script-<slug:digest>.js", views.script, name="script"),
    path("script-<slug:digest>/<slug:name>.js", views.island, name="island"),
    path("portraits/<str:seed>.svg", views.portrait, name="portrait"),
    path("marks/<str:seed>.svg", views.mark, name="mark"),
    path("covers/<str:seed>.svg", views.cover, name="cover"),
    path("palette/", views.search, name="palette"),
    path("menus/<slug:key>/", views.menu, name="menu"),
    path("badges/<str:key>/", views.badge, name="badge"),
    path("appearance/", views.appearance, name="appearance"),
    path("keyboard/", views.keyboard, name="keyboard"),
    path("preview/", views.preview, name="preview"),
]
