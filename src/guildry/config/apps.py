"""The last app to get ready: it closes the extension points and refuses a configuration that is wrong."""

import sys
from typing import Any

from django.apps import AppConfig

from guildry.config import environment, keys
from guildry.kernel import points


class CompositionConfig(AppConfig):
    name = "guildry.config"
    label = "config"

    def ready(self) -> None:
        points.MODULES.register(API)
        points.STYLESHEETS.register(points.Asset("config/api.css"))
        points.CONTRACT_DOCUMENTS.register(points.ContractDocument("openapi", "JSON API", openapi))
        points.RUNTIME_SETTINGS.register(*keys.KEYS)
        points.SETTING_RULES.register(*keys.RULES)
        points.close_all()
        for advice in environment.settle():
            sys.stderr.write(f"{advice}\n")


def openapi() -> dict[str, Any]:
    """Return the API's document as it is on every site: the name of the cookie is left to how one is served."""
    from guildry.config.api import api

    components = api.document["components"]
    schemes = components["securitySchemes"]
    session = {**schemes["session"], "name": "guildry"}
    return {**api.document, "components": {**components, "securitySchemes": {**schemes, "session": session}}}


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
