"""Registration of the hall."""

from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "bench.fanout.hall"
    label = "hall"

    def ready(self) -> None:
        from bench.fanout.hall.realtime import NAMESPACE
        from guildry.kernel.points import NAMESPACES

        NAMESPACES.register(NAMESPACE)
