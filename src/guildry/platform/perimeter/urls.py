"""Addresses of the edge."""

from django.urls import path

from guildry.platform.perimeter import views

app_name = "perimeter"
urlpatterns = [
    path("problems/", views.problem_list, name="problems"),
    path("problems/<slug:slug>", views.problem),
    path("problems/<slug:slug>/", views.problem, name="problem"),
    path("csp-report", views.csp_report, name="csp_report"),
]
