"""A place for backups, a backup that was made once for all tests, and a community that can be copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from guildry.kernel import clock
from guildry.ops.backups import queries
from guildry.ops.backups.actions.making import _written
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import State
from guildry.people.accounts.models import Member
from tests.factories.backups import KEYS, put_on_record, set_up

NAME = "20260721T080000Z-abcdef"


def lay_out(data: Path) -> dict[str, Path]:
    """Lay out a data folder that holds two uploads and a secret, and return the settings that name it."""
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "whole").write_bytes(b"a picture of a bench" * 500)
    (data / "files" / "note").write_bytes(b"")
    (data / "metrics_token").write_text("a token that collects figures")
    return {"DATA_DIR": data, "FILES_ROOT": data / "files", "STATIC_ROOT": data / "static"}


@pytest.fixture(scope="session")
def sealed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an empty community, written once; making it changes nothing in the database."""
    folder = tmp_path_factory.mktemp("sealed")
    backup = Backup(name=NAME, ordered_at=clock.now())
    with (
        django_db_blocker.unblock(),
        override_settings(**lay_out(folder / "data")),
        set_up(folder / "backups"),
    ):
        (folder / "backups").mkdir()
        _written(backup, KEYS[:1])
    return folder / "backups" / f"{NAME}.gbk"


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The folder of backups of a community, which is not there yet."""
    for name, path in lay_out(tmp_path / "data").items():
        setattr(settings, name, path)
    with set_up(tmp_path / "backups"):
        yield tmp_path / "backups"


@pytest.fixture
def backups(place: Path, db: None) -> Path:
    """The folder of backups, while nothing needs to be copied."""
    return place


@pytest.fixture
def made(sealed: Path, backups: Path) -> Backup:
    """A backup that lies in the folder and was verified."""
    backups.mkdir(mode=0o700)
    shutil.copytree(sealed, queries.path_of(NAME))
    return put_on_record(NAME, state=State.VERIFIED)


@pytest.fixture
def living(transactional_db: None, place: Path, ada: Member) -> Path:
    """The folder of backups of a community that is copied for real, for which its rows have to be committed."""
    return place
