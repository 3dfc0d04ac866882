"""Addresses of the edge."""

from django.urls import path

from guildry.platform.perimeter import views

app_name = "perimeter"
urlpatterns = [
    path("problems/", views.problem_list, name="problems"),
    path("problems/<slug:slug>", views.problem),
    path("problems/<slug:slug>/", views.problem, name="problem"),
    path("ops/security/", views.security, name="security"),
    path("ops/security/violations/<int:violation_id>/", views.violation, name="violation"),
    path("ops/security/violations/<int:violation_id>/dismissal/", views.dismissal, name="dismissal"),
    path("ops/security/violations/<int:violation_id>/reopening/", views.reopening, name="reopening"),
    path("csp-report", views.csp_report, name="csp_report"),
]
