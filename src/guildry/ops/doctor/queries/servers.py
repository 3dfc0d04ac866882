"""What the site keeps its data in: the database and its schema, Redis, and clocks that agree."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from guildry.kernel import clock as clocks
from guildry.ops.doctor import rules
from guildry.ops.doctor.rules import Cause, Finding, Grade, good
from guildry.platform.upgrades import queries as upgrades

# What MariaDB and MySQL answer, by number, in the words of whoever has to mend it.
REASONS = {
    1040: ("has no connection left to give", "Raise max_connections, or find who holds them."),
    1044: (
        "does not let this user into the database",
        "GRANT ALL ON the database TO the user of GUILDRY_DATABASE.",
    ),
    1045: ("refuses the user or the password", "Correct them in GUILDRY_DATABASE."),
    1049: (
        "has no database of that name",
        "CREATE DATABASE it with CHARACTER SET utf8mb4, or correct the name.",
    ),
    2002: ("does not answer", "Start it, or correct host and port in GUILDRY_DATABASE."),
    2003: ("does not answer", "Start it, or correct host and port in GUILDRY_DATABASE."),
    2005: ("is at a host whose name means nothing here", "Correct the host in GUILDRY_DATABASE."),
    2013: (
        "hung up in the middle of a word",
        "Look into its own log; something between you and it may also cut lines.",
    ),
}


def database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        yield _unreachable(error)
        return
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _mariadb()


def _unreachable(error: OperationalError) -> Finding:
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if connection.vendor == "sqlite":
        what, fix = (
            f"{connection.settings_dict['NAME']} cannot be opened: {error}.",
            "See who owns the file and its folder.",
        )
    else:
        known = connection.settings_dict
        said, fix = REASONS.get(number, (f"answered: {error}", "Look into its own log."))
        what = f"The server at {known['HOST']}:{known['PORT']} {said} (user {known['USER']}, database {known['NAME']})."
    return Finding(
        "database", Grade.FAULT, what, "No page that shows anything of members works without it.", fix,
        "database-down", Cause.DEPENDENCY,
    )  # fmt: skip


def _sqlite() -> Iterator[Finding]:
    version = str(_one("SELECT sqlite_version()"))
    yield from _age("sqlite", "SQLite", version)
    verdict = str(_one("PRAGMA quick_check(1)"))
    if verdict == "ok":
        yield good("database", f"SQLite {version}, whole")
        return
    yield Finding(
        "database", Grade.FAULT, f"The file is damaged: {verdict}.", "Some of it cannot be read any more, and more may follow.",
        "Stop the site and restore the last copy.", "restore", Cause.DEPENDENCY,
    )  # fmt: skip


def _mariadb() -> Iterator[Finding]:
    version = str(_one("SELECT VERSION()"))
    kind = "mariadb" if "mariadb" in version.lower() else "mysql"
    yield from _age(kind, "MariaDB" if kind == "mariadb" else "MySQL", version)
    charset = str(_one("SELECT @@character_set_database"))
    if charset != "utf8mb4":
        yield Finding(
            "database", Grade.FAULT, f"The database stores {charset}.", "Most of the world's writing and every emoji is refused.",
            f"ALTER DATABASE {connection.settings_dict['NAME']} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci, "
            "before the first start.", "database-down",
        )  # fmt: skip
    if _one("SELECT @@read_only") and not _is_privileged():
        yield Finding(
            "database", Grade.FAULT, "The server is read-only.", "Members can read and do nothing.",
            "Find out who made it so before you SET GLOBAL read_only = 0.", "database-down", Cause.DEPENDENCY,
        )  # fmt: skip
    yield good("database", f"{version} answers with {charset}")


def _is_privileged() -> bool:
    """Tell whether read-only does not hold for this user."""
    grants = " ".join(str(row[0]) for row in _all("SHOW GRANTS")).upper()
    return (
        "READ_ONLY ADMIN" in grants or "READ ONLY ADMIN" in grants or "GRANT ALL PRIVILEGES ON *.*" in grants
    )


def _age(kind: str, name: str, version: str) -> Iterator[Finding]:
    if rules.is_too_old(kind, version):
        least = ".".join(map(str, rules.OLDEST[kind]))
        yield Finding(
            "database", Grade.FAULT, f"{name} {version} is too old.", f"This release is tested with {least} and newer.",
            f"Upgrade it to {least} or newer.", "database-down", Cause.DEPENDENCY,
        )  # fmt: skip


def schema() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    ahead = sorted(f"{app}.{name}" for app, name in set(executor.loader.applied_migrations) - known)
    waiting = upgrades.split(executor).due
    if ahead:
        yield Finding(
            "schema", Grade.FAULT, f"The database knows changes that this release does not: {', '.join(ahead[:3])}.",
            "A newer release was here. What this one writes may not fit.",
            "Install the newer release again, or restore the copy made before it.", "upgrade",
        )  # fmt: skip
    if waiting:
        yield Finding(
            "schema", Grade.ADVICE, f"{len(waiting)} changes wait, the first of them in {waiting[0].app_label}.",
            "The next start makes them before it answers.", "Make a copy, then start the site.", "upgrade",
        )  # fmt: skip
    if not (ahead or waiting):
        yield good("schema", f"{len(known)} changes, all made")


def clock() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        probe = Path(settings.DATA_DIR, "guildry.db").parent / ".clock"
        probe.touch()
        yield rules.skew_finding("the disk", probe.stat().st_mtime - time.time())
        probe.unlink()
        return
    there = datetime.fromtimestamp(float(str(_one("SELECT UNIX_TIMESTAMP(NOW(3))"))), UTC)
    yield rules.skew_finding("the database", (there - clocks.now()).total_seconds())


def redis() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield good("redis", "not configured; one process needs none")
        return
    from redis import Redis, exceptions

    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            about = client.info()
    except exceptions.AuthenticationError as error:
        yield _without_redis(f"It refuses the password: {error}.", "Correct it in GUILDRY_REDIS.")
    except exceptions.RedisError as error:
        yield _without_redis(f"It does not answer: {error}.", "Start it, or correct GUILDRY_REDIS.")
    else:
        yield from _redis_of(
            str(about["redis_version"]), int(about["maxmemory"]), str(about["maxmemory_policy"])
        )


def _without_redis(what: str, fix: str) -> Finding:
    why = "News reach members a second late, and each process counts limits alone."
    return Finding("redis", Grade.FAULT, what, why, fix, "redis-down", Cause.DEPENDENCY)


def _redis_of(version: str, most: int, policy: str) -> Iterator[Finding]:
    if rules.is_too_old("redis", version):
        yield _without_redis(f"Redis {version} is too old.", "Upgrade it to 6.2 or newer.")
    elif most and policy == "noeviction":
        yield Finding(
            "redis", Grade.ADVICE, "It refuses to write once its memory is full.", "Limits would stop counting then.",
            "redis-cli config set maxmemory-policy allkeys-lru", "redis-down",
        )  # fmt: skip
    else:
        yield good("redis", f"Redis {version} answers")


def _one(statement: str) -> object:
    return _all(statement)[0][0]


def _all(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
