"""The verb `guildry health`, and the probes of what every process needs."""

import argparse
import shutil
import sys

from django.conf import settings
from django.db import connection

from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import HEALTH_CHECKS
from guildry.platform.health.sampler import take
from guildry.platform.lifecycle import actions as lifecycle
from guildry.platform.lifecycle.queries import own_name

DEPENDENCY = 69
LEAST_FREE = 200 * 1024 * 1024


def health(arguments: argparse.Namespace) -> int:
    """Probe everything once and print a line for each check."""
    samples = [take(check) for check in HEALTH_CHECKS]
    for sample in samples:
        verdict = "pass" if sample.passes else "FAIL" if sample.critical else "warn"
        sys.stdout.write(f"{verdict}  {sample.name:<12} {sample.detail}\n")
    return DEPENDENCY if any(s.critical and not s.passes for s in samples) else 0


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return f"{connection.vendor} answers"


def writes() -> str:
    """Write one row, as every action has to: a full disk, a lock that stays and a read-only server all show here."""
    lifecycle.hold_lease(SYSTEM, name="health probe", holder=own_name(), seconds=0)
    return "a row was written"


def disk() -> str:
    """Say how much room the data folder has; raises OSError below 200 MB."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE:
        raise OSError(f"only {free // 1024**2} MB are free")
    return f"{free // 1024**2} MB free"


def redis() -> str:
    """Ask Redis, or say that one process does without."""
    if not settings.REDIS_URL:
        return "not configured; one process needs none"
    from redis import Redis

    with Redis.from_url(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3) as client:
        client.ping()
    return "answers"
