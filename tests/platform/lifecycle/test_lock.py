"""A data folder has one owner, or several that share it."""

import os
from pathlib import Path

import pytest

from guildry.platform.lifecycle.serving.lock import FolderLock, Taken


def test_a_folder_is_made_and_names_its_owner(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "new")

    lock.take(shared=False)

    assert (tmp_path / "new" / "guildry.pid").read_text() == str(os.getpid())
    lock.release()
    lock.release()


def test_a_second_owner_is_refused_with_the_first_ones_id(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.take(shared=False)

    for shared in (True, False):
        with pytest.raises(Taken, match=f"{tmp_path} is in use by process {os.getpid()}") as refusal:
            second.take(shared=shared)
        assert refusal.value.pid == os.getpid()

    first.release()
    second.take(shared=False)
    second.release()


def test_an_owner_without_a_readable_id_is_another_process(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    first.take(shared=False)
    (tmp_path / "guildry.pid").write_text("?")

    with pytest.raises(Taken, match="in use by another process"):
        FolderLock(tmp_path).take(shared=False)

    first.release()


def test_processes_of_one_community_share_a_folder(tmp_path: Path) -> None:
    first, second, alone = (FolderLock(tmp_path) for _ in range(3))

    first.take(shared=True)
    second.take(shared=True)

    with pytest.raises(Taken):
        alone.take(shared=False)
    first.release()
    second.release()
