"""Every address of the site, by the app that answers it."""

from typing import Any

from django.urls import include, path
from django.urls.resolvers import RoutePattern, URLResolver

from guildry.config import views


class LateResolver(URLResolver):
    """Addresses with a namespace of their own, brought in when one of them is asked for."""

    def _populate(self) -> Any:
        """Leave the index of names to whoever looks into the namespace."""


# The busiest first: an address is compared with one after the other.
urlpatterns = [
    path("timeline/", include("guildry.community.timeline.urls")),
    path("api/v1/openapi.json", views.document, name="api_document"),
    LateResolver(RoutePattern("api/v1/"), "guildry.config.api.urls", app_name="ninja", namespace="api-1.0.0"),
    path("", include("guildry.site.urls")),
    path("", include("guildry.platform.health.urls")),
    path("", include("guildry.platform.perimeter.urls")),
    path("ops/migrations/", include("guildry.platform.upgrades.urls")),
    path("ops/audit/", include("guildry.platform.audit.urls")),
    path("ops/configuration/", include("guildry.platform.runtime.urls")),
    path("ui/", include("guildry.ui.urls")),
    path("files/", include("guildry.platform.files.urls")),
    path("mailbox/", include("guildry.platform.mail.urls")),
    path("", include("guildry.people.accounts.urls")),
    path("organisations/", include("guildry.people.organisations.urls")),
    path("people/", include("guildry.people.profiles.urls")),
    path("network/", include("guildry.people.network.urls")),
    path("notifications/", include("guildry.people.notifications.urls")),
    path("", include("guildry.ops.schemas.urls")),
    path("", include("guildry.ops.blueprint.urls")),
    path("", include("guildry.ops.runbooks.urls")),
    path("", include("guildry.ops.alerts.urls")),
    path("", include("guildry.ops.backups.urls")),
    path("", include("guildry.ops.governance.urls")),
    path("api/", views.overview, name="api_reference"),
    path("api/<slug:group>/", views.group_page, name="api_group"),
]

handler400 = "guildry.platform.perimeter.views.bad_request"
handler403 = "guildry.platform.perimeter.views.forbidden"
handler404 = "guildry.platform.perimeter.views.not_found"
handler500 = "guildry.platform.perimeter.views.server_error"
