"""Addresses of mail."""

from django.urls import path

from guildry.platform.mail import views

app_name = "mail"
urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:mail_id>/", views.message, name="message"),
    path("<int:mail_id>/html/", views.message_html, name="message_html"),
]
