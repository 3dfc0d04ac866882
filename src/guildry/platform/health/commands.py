"""The verb `guildry health`, and the probes of what every process needs."""

import argparse
import copy
import shutil
import sys
import threading
import uuid
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import load_backend

from guildry.kernel.observing import Observation
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import HEALTH_CHECKS
from guildry.platform.health.queries.documents import release
from guildry.platform.health.sampler import take
from guildry.platform.lifecycle import actions as lifecycle
from guildry.platform.lifecycle.queries import own_name
from guildry.platform.upgrades import queries as upgrades

DEPENDENCY = 69
LEAST_FREE = 200 * 1024 * 1024
CONNECT_EVERY = 8


def health_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def health(arguments: argparse.Namespace) -> int:
    """Probe everything once and print a line for each check; fails with a critical one."""
    samples = [take(check) for check in HEALTH_CHECKS]
    if arguments.json:
        found = {
            sample.name: {"status": sample.level.word, "output": sample.detail, "critical": sample.critical}
            for sample in samples
        }
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        for sample in samples:
            verdict = "pass" if sample.passes else "FAIL" if sample.critical else "warn"
            sys.stdout.write(f"{verdict}  {sample.name:<12} {sample.detail}\n")
    return DEPENDENCY if any(s.critical and not s.passes for s in samples) else 0


class DatabaseProbe:
    """Asks the database over a connection of its own, which waits a second at most and is made anew now and then."""

    def __init__(self) -> None:
        self._here = threading.local()

    def __call__(self) -> Observation:
        if connection.vendor == "sqlite":
            return self._ask(connection)
        own: Any = getattr(self._here, "connection", None)
        asked = getattr(self._here, "asked", 0)
        if own is None or asked >= CONNECT_EVERY:
            if own is not None:
                own.close()
            own, asked = self._here.connection, self._here.asked = _impatient_connection(), 0
        self._here.asked = asked + 1
        try:
            return self._ask(own)
        except BaseException:
            self._here.connection = None
            own.close()
            raise

    def _ask(self, database: BaseDatabaseWrapper) -> Observation:
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return Observation(f"{database.display_name} answers")


def _impatient_connection() -> BaseDatabaseWrapper:
    terms = copy.deepcopy(connection.settings_dict)
    terms["OPTIONS"] |= {"connect_timeout": 1, "read_timeout": 1, "write_timeout": 1}
    return load_backend(terms["ENGINE"]).DatabaseWrapper(terms, "probe")


database = DatabaseProbe()


def writes() -> str:
    """Write one row, as every action has to: a full disk, a lock that stays and a read-only server all show here.

    A process of the site writes that it runs.
    """
    if not lifecycle.note_presence(SYSTEM, release=release()):
        lifecycle.hold_lease(SYSTEM, name="health probe", holder=own_name(), seconds=0)
    return "a row was written"


def schema() -> Observation:
    """Compare the tables with what this release knows; raises RuntimeError when migrations wait or something is missing."""
    split = upgrades.split(MigrationExecutor(connection))
    if split.due:
        raise RuntimeError(f"{len(split.due)} migrations wait, the first is {split.due[0]}")
    if split.waiting:
        migration, reason = split.waiting[0]
        return Observation(f"every migration that is due was carried out; {migration} waits: {reason}")
    drift = upgrades.drift_of_code()
    harmful = [difference for difference in drift if difference.is_harmful]
    if harmful:
        raise RuntimeError(f"{len(harmful)} things of the tables are otherwise, the first: {harmful[0]}")
    if drift:
        return Observation(f"every migration of this release was carried out; besides, {drift[0]}")
    return Observation("every migration of this release was carried out, and the tables are as it wants them")


def disk() -> Observation:
    """Say how much room the data folder has; raises OSError below 200 MB."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE:
        raise OSError(f"only {free // 1024**2} MB are free")
    return Observation(f"{free // 1024**2} MB free", float(free), "bytes")


def storage() -> str:
    """Write a small file where uploads are kept, read it again and delete it; raises OSError when that fails."""
    settings.FILES_ROOT.mkdir(parents=True, exist_ok=True)
    path, content = settings.FILES_ROOT / f".probe-{uuid.uuid4().hex}", b"guildry"
    try:
        path.write_bytes(content)
        if path.read_bytes() != content:
            raise OSError("a file came back with other content")
    finally:
        path.unlink(missing_ok=True)
    return "a file was written and read"


def redis() -> str:
    """Ask Redis, or say that one process does without."""
    if not settings.REDIS_URL:
        return "not configured; one process needs none"
    from redis import Redis

    with Redis.from_url(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3) as client:
        client.ping()
    return "answers"
