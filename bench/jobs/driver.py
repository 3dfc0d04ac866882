"""A worker without a product: the same statements, sent by the driver, in one thread."""

import json
from datetime import UTC, datetime, timedelta

from django.db import connection

from guildry.platform.jobs import rules
from guildry.platform.jobs.models import Job

BATCH = 100
TABLE = Job._meta.db_table


def work_off(jobs: int) -> None:
    """Claim in batches, call a function for each job, record in batches, until nothing is left."""
    connection.ensure_connection()
    raw = connection.connection
    mark = "?" if connection.vendor == "sqlite" else "%s"
    locking = "" if connection.vendor == "sqlite" else " FOR UPDATE SKIP LOCKED"
    moment = (lambda at: at.isoformat(" ")) if connection.vendor == "sqlite" else (lambda at: at)
    cursor = raw.cursor()
    while True:
        now = datetime.now(UTC).replace(tzinfo=None)
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        cursor.execute(
            f"SELECT * FROM {TABLE} WHERE state = 'ready' AND run_at <= {mark} "
            f"ORDER BY `rank`, run_at, id LIMIT {BATCH}{locking}",
            [moment(now)],
        )
        rows = cursor.fetchall()
        if not rows:
            cursor.execute("COMMIT")
            return
        names = [column[0] for column in cursor.description]
        keys = [row[names.index("id")] for row in rows]
        places = ", ".join([mark] * len(keys))
        cursor.execute(
            f"UPDATE {TABLE} SET state = 'running', worker = 'driver', lease_until = {mark}, "
            f"started_at = {mark}, attempts = attempts + 1, unique_key = NULL WHERE id IN ({places})",
            [moment(now + rules.LEASE), moment(now), *keys],
        )
        cursor.execute("COMMIT")
        for row in rows:
            args, _ = json.loads(row[names.index("arguments")])
            nothing(*args)
        cursor.execute(
            f"UPDATE {TABLE} SET state = 'done', result = 'null', error = '', finished_at = {mark}, "
            f"lease_until = {mark} WHERE id IN ({places}) AND worker = 'driver' AND state = 'running'",
            [moment(now), moment(now + timedelta(days=2)), *keys],
        )
        if connection.vendor != "sqlite":
            raw.commit()


def nothing(number: int) -> None:
    pass
