"""A place for backups, and a backup made for real."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guildry.ops.backups.models import Backup
from guildry.people.accounts.models import Member
from tests.factories.backups import make_backup, set_up


@pytest.fixture
def backups(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Path]:
    """The folder of backups of a community whose data folder holds an upload and a secret."""
    data = tmp_path / "data"
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "whole").write_bytes(b"a picture of a bench" * 500)
    (data / "files" / "note").write_bytes(b"")
    (data / "metrics_token").write_text("a token that collects figures")
    settings.DATA_DIR, settings.FILES_ROOT = data, data / "files"
    settings.STATIC_ROOT = data / "static"
    with set_up(tmp_path / "backups"):
        yield tmp_path / "backups"


@pytest.fixture
def made(backups: Path, ada: Member) -> Backup:
    return make_backup()
