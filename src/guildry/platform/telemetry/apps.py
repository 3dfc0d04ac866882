"""Registration of the telemetry app."""

from django.apps import AppConfig
from django.conf import settings

from guildry.kernel.observing import Metric
from guildry.kernel.points import COMMANDS, COMPONENTS, METRICS, Command, Component

RECORDING = "telemetry.recorder"


class TelemetryConfig(AppConfig):
    name = "guildry.platform.telemetry"
    label = "telemetry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.telemetry import commands
        from guildry.platform.telemetry.recorder import RECORDER

        needs = frozenset({_exporter().name}) if settings.OTLP_ENDPOINT else frozenset[str]()
        COMPONENTS.register(
            Component(RECORDING, RECORDER.start, RECORDER.stop, needs, probe=RECORDER.probe, critical=False)
        )
        COMMANDS.register(
            Command("trace", "Show everything one request caused", commands.trace, commands.trace_arguments)
        )


def _exporter() -> Component:
    """Register what sends spans to a collector; without one nothing of it is imported."""
    from guildry.platform.telemetry.exporter import Exporter
    from guildry.platform.telemetry.recorder import RECORDER
    from guildry.platform.telemetry.rules import headers_in

    exporter = Exporter(settings.OTLP_ENDPOINT, headers_in(settings.OTLP_HEADERS))
    RECORDER.export = exporter.offer
    sending = Component(
        "telemetry.exporter", exporter.start, exporter.stop, probe=exporter.probe, critical=False
    )
    COMPONENTS.register(sending)
    METRICS.register(
        Metric(
            "guildry_exported_spans", "Spans for the collector, by what became of them.", "counter",
            exporter.figures,
        )
    )  # fmt: skip
    return sending
