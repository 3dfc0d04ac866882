"""Registration of the facts app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus
from guildry.kernel.observing import Queue
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import (
    COMMANDS,
    COMPONENTS,
    QUEUES,
    RUNTIME_SETTINGS,
    SCHEDULED_JOBS,
    Command,
    Component,
    ScheduledJob,
)
from guildry.kernel.runtime import Setting
from guildry.platform.facts import rules

WORKER = frozenset({"worker"})


LIVE = (
    Setting("retention.receipts", timedelta, rules.KEEP_RECEIPTS, "retention", "How long it is remembered that a delivery of a fact was done.", label="Deliveries of facts",
            minimum=timedelta(days=1), maximum=timedelta(days=365), risk="confirm", owner="operations"),
)  # fmt: skip


class FactsConfig(AppConfig):
    name = "guildry.platform.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.platform.facts import actions, commands

        RUNTIME_SETTINGS.register(*LIVE)
        bus.use_outbox(lambda fact, actor, act: actions.store_fact(actor, fact=fact, act=act))
        COMPONENTS.register(*_components())
        SCHEDULED_JOBS.register(
            ScheduledJob(
                "facts.forget", "guildry.platform.facts.tasks.forget_old_receipts", every=timedelta(hours=6)
            )
        )
        QUEUES.register(Queue("facts", "Facts", commands.depth, patience=timedelta(seconds=60)))
        COMMANDS.register(
            Command(
                "facts",
                "Show or retry deliveries that were given up",
                commands.facts,
                commands.facts_arguments,
            ),
        )


def _components() -> list[Component]:
    from guildry.kernel.loops import Loop
    from guildry.platform.facts import actions

    relay = Loop("facts relay", lambda: actions.relay_facts(SYSTEM), every=0.5, topics=(actions.DUE,))
    sealer = Loop(
        "facts sealer",
        lambda: actions.seal_stored(SYSTEM),
        every=0.5,
        topics=(actions.STORED,),
        is_prompt=True,
    )

    def end() -> None:
        """End after everything that was stored here has its place and its seal, so that the trail is whole."""
        relay.stop()
        actions.seal_the_rest(SYSTEM)
        actions.resign_relay(SYSTEM)

    first, then = frozenset({"lifecycle.hints"}), frozenset({"facts.relay"})
    return [
        Component("facts.relay", relay.start, end, first, WORKER, probe=relay.probe, critical=False),
        Component(
            "facts.sealer", sealer.start, sealer.stop, then, WORKER, probe=sealer.probe, critical=False
        ),
    ]
