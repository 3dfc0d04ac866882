"""Registration of the site app."""

from django.apps import AppConfig

from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import MODULES, Module

ENTER = Permission(
    "console.enter",
    "Open the console of those who run the site",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
CONSOLE = Module(
    key="console",
    label="Console",
    icon="terminal",
    group="Staff",
    url_name="site:console",
    description="Health, configuration, security and help for those who run the site",
    placement=frozenset({"rail", "account"}),
    permission="console.enter",
    order=80,
    keywords=("operator", "ops", "admin", "health", "configuration"),
)


class SiteConfig(AppConfig):
    name = "guildry.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        PERMISSIONS.register(ENTER)
        MODULES.register(CONSOLE)
