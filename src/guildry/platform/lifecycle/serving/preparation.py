"""What has to be true before the site may answer: schema, static files, a community."""

import argparse

import structlog

from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import COMMANDS
from guildry.platform.lifecycle import actions, queries
from guildry.platform.upgrades import actions as upgrades
from guildry.platform.upgrades import queries as queries_of_upgrades

log = structlog.get_logger("guildry.lifecycle")
DEMO_DECIDED = "demo decided"
DEMO_LOADED = "demo loaded"


def migrate() -> None:
    """Bring the schema up to date; of several processes that start together, one does it and the others wait."""
    outcome = upgrades.bring_up_to_date(SYSTEM)
    for migration, reason in outcome.waiting.items():
        log.info("a change of the schema waits", migration=migration, reason=reason)
    if outcome.waiting or outcome.is_laid_out:
        return
    for difference in queries_of_upgrades.drift_of_code():
        log.warning("the schema drifted; see guildry schema drift", found=str(difference))


def settle_demo(*, wanted: bool) -> None:
    """Load the demo community if this first start wants it; the decision is made once in an installation's life."""
    if queries.has_happened(DEMO_DECIDED):
        return
    if wanted:
        _run_verb("seed", "open")
        actions.mark_occasion(SYSTEM, name=DEMO_LOADED)
    actions.mark_occasion(SYSTEM, name=DEMO_DECIDED)


def has_demo() -> bool:
    return queries.has_happened(DEMO_LOADED)


def _run_verb(name: str, *words: str) -> None:
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"guildry {name}")
    if command.arguments:
        command.arguments(parser)
    if code := command.run(parser.parse_args(words)):
        raise RuntimeError(f"guildry {name} ended with exit code {code}.")
