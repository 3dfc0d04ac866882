"""What is wrong with a migration before anybody runs it: the rules M01 to M18."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from guildry.platform.upgrades.queries.linting import code, decisions, people, tables
from guildry.platform.upgrades.queries.linting.subjects import Subject, subject_of

OWN = Path(__file__).resolve().parents[4]
RULES: dict[str, Callable[[Subject], Iterator[str]]] = {
    "M01": tables.not_null_without_default,
    "M02": tables.renamed_in_one_step,
    "M03": tables.dropped_without_warning,
    "M04": tables.copies_a_growing_table,
    "M05": code.code_beside_tables,
    "M06": code.cannot_be_undone,
    "M07": code.one_dialect,
    "M08": tables.unsteady_default,
    "M09": tables.unwieldy_index,
    "M10": tables.undecided_deletion,
    "M11": people.money_as_float,
    "M12": people.bare_secret,
    "M13": people.unclassified,
    "M14": tables.other_collation,
    "M15": decisions.stale_snapshot,
    "M16": tables.value_removed,
    "M17": decisions.undecided_contract,
    "M18": code.unbounded,
}


@dataclass(frozen=True)
class Problem:
    """A rule that a migration breaks; `waived` is its reason to do so on purpose."""

    rule: str
    migration: str
    text: str
    waived: str = ""


def problems_of(migration: Any, state: Any) -> list[Problem]:
    """Hold one migration against every rule; `state` is the one before it and stays as it is."""
    subject = subject_of(migration, state)
    return [
        Problem(rule, str(migration), text, subject.said.waived.get(rule, ""))
        for rule, look in RULES.items()
        for text in look(subject)
    ]


def lint() -> list[Problem]:
    """Hold every migration of the project, not of its libraries, against every rule."""
    loader = MigrationLoader(None)
    own = {
        config.label for config in apps.get_app_configs() if Path(config.path).resolve().is_relative_to(OWN)
    }
    found: list[Problem] = []
    state: Any = loader.project_state([])
    done: set[Any] = set()
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key in done:
                continue
            done.add(key)
            migration: Any = loader.graph.nodes[key]
            if key[0] in own:
                found += problems_of(migration, state)
            state = migration.mutate_state(state, preserve=False)
    return found
