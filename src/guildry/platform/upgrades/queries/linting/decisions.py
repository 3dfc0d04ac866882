"""Rules of the lint about what has to be decided and written down beside a change."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

from guildry.platform.upgrades.queries import snapshots
from guildry.platform.upgrades.queries.linting.subjects import Subject

OF_MODELS = (
    migrations.AddField, migrations.AlterField, migrations.RemoveField, migrations.RenameField,
    migrations.DeleteModel, migrations.RenameModel,
)  # fmt: skip


def stale_snapshot(subject: Subject) -> Iterator[str]:
    if not snapshots.knows(subject.app, subject.migration.name):
        yield "The snapshot of the schema is of before this migration; run guildry schema snapshot --write."


def undecided_contract(subject: Subject) -> Iterator[str]:
    if subject.said.contract:
        return
    if any(subject.had(_model_of(move.operation)) for move in subject.is_about(*OF_MODELS)):
        yield "Fields change; say in `contract` what that means for those who read the API."


def _model_of(operation: Any) -> str:
    named = ("model_name", "old_name", "name")
    return str(next(getattr(operation, name) for name in named if hasattr(operation, name)))
