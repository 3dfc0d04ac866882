"""Every address of the API."""

from guildry.config.api import api

urlpatterns, app_name, namespace = api.urls
