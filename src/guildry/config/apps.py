"""The last app to get ready: it closes the extension points and refuses a configuration that is wrong."""

import sys

from django.apps import AppConfig

from guildry.config import environment, keys
from guildry.kernel import points


class CompositionConfig(AppConfig):
    name = "guildry.config"
    label = "config"

    def ready(self) -> None:
        points.MODULES.register(API)
        points.STYLESHEETS.register(points.Asset("config/api.css"))
        points.RUNTIME_SETTINGS.register(*keys.KEYS)
        points.SETTING_RULES.register(*keys.RULES)
        points.close_all()
        for advice in environment.settle():
            sys.stderr.write(f"{advice}\n")


API = points.Module(
    key="api",
    label="API",
    icon="code",
    group="For programs",
    url_name="api_reference",
    description="Everything a member can do here, for programs",
    placement=frozenset({"footer"}),
    public=True,
    order=900,
    keywords=("openapi", "developer", "token", "json"),
)
