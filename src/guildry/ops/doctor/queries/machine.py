"""The machine: Python, packages, the data folder, its secrets, and the port."""

import errno
import fcntl
import os
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from django.conf import settings

from guildry.ops.doctor import rules
from guildry.ops.doctor.rules import Cause, Finding, Grade, good

NEEDED = (3, 11)
# Where a checkout keeps the lock file; an installed package has none beside it.
LOCK = Path(__file__).parents[5] / "requirements" / "run.lock"


def python() -> Iterator[Finding]:
    version = sys.version.split()[0]
    if sys.version_info >= NEEDED:
        yield good("python", f"{version} at {sys.executable}")
        return
    yield Finding(
        "python", Grade.FAULT, f"This is Python {version}.", "Guildry is written for 3.11 and newer.",
        "Install a newer Python and make the environment again with it.",
    )  # fmt: skip


def packages() -> Iterator[Finding]:
    present = {found.name.lower().replace("_", "-"): found.version for found in metadata.distributions()}
    wanted = [line for line in metadata.requires("guildry") or [] if "extra ==" not in line]
    problems = []
    for name, least in map(rules.least_version, wanted):
        version = present.get(name.lower(), "")
        if not version:
            problems.append(f"{name} is missing")
        elif rules.version_in(version) < least:
            problems.append(f"{name} is {version}, older than this release needs")
    if problems:
        yield Finding(
            "packages", Grade.FAULT, f"{'; '.join(problems)}.",
            "The site may start and fail on the first page that needs them.",
            "pip install --no-deps --require-hashes -r requirements/production.lock",
        )  # fmt: skip
        return
    drift = rules.drifted(rules.locked_versions(LOCK.read_text()), present) if LOCK.exists() else []
    if drift:
        yield Finding(
            "packages", Grade.ADVICE, f"{len(drift)} differ from the lock file: {'; '.join(drift[:5])}.",
            "This combination is not the one that was tested.",
            "pip install --no-deps --require-hashes -r requirements/production.lock",
        )  # fmt: skip
        return
    yield good("packages", f"{len(wanted)} that this release needs are here")


def folder() -> Iterator[Finding]:
    where = Path(settings.DATA_DIR)
    try:
        with tempfile.NamedTemporaryFile(dir=where):
            pass
    except OSError as error:
        yield _unwritable(where, error)
    else:
        yield good("data folder", f"{where} can be written")
    if where.exists():
        yield rules.room_finding(shutil.disk_usage(where).free)


def _unwritable(where: Path, error: OSError) -> Finding:
    reasons = {
        errno.ENOENT: "It does not exist.",
        errno.EROFS: "Its file system is mounted for reading only.",
        errno.ENOSPC: "There is no room left.",
    }
    owner = f" --owner={os.geteuid()}" if os.geteuid() == 0 else ""
    return Finding(
        "data folder", Grade.FAULT, f"Nothing can be written in {where}. {reasons.get(error.errno or 0, error.strerror)}",
        "Database, uploads and keys live there.",
        f"install -d -m 700{owner} {where}, or name another folder in GUILDRY_DATA_DIR.", "disk-full",
    )  # fmt: skip


def secret_key() -> Iterator[Finding]:
    kept = Path(settings.DATA_DIR, "secret_key")
    if not kept.exists():
        yield good("secret key", "comes from the environment")
        return
    if stat.S_IMODE(kept.stat().st_mode) & 0o077:
        yield Finding(
            "secret key", Grade.FAULT, f"Others on this machine can read {kept}.",
            "Whoever knows the key can sign in as anybody.", f"chmod 600 {kept}, then replace the key.", "rotate-secrets",
        )  # fmt: skip
        return
    if kept.read_text() != settings.SECRET_KEY:
        yield Finding(
            "secret key", Grade.ADVICE, f"GUILDRY_SECRET_KEY is in force, and {kept} holds another key.",
            "Started without the variable, the site would sign everybody out.", f"Remove {kept}.", "rotate-secrets",
        )  # fmt: skip
        return
    yield good("secret key", f"kept in {kept}, readable by its owner alone")


def static_files() -> Iterator[Finding]:
    root = Path(settings.STATIC_ROOT)
    if settings.DEBUG or (root / "staticfiles.json").exists():
        yield good("static files", "collected" if not settings.DEBUG else "answered from their sources")
        return
    is_begun = root.exists() and any(root.iterdir())
    yield Finding(
        "static files", Grade.FAULT if is_begun else Grade.ADVICE,
        f"{root} is {'incomplete' if is_begun else 'empty'}.",
        "Pages would come without their looks." if is_begun else "They are collected by the first start.",
        f"rm -r {root}, then start the site." if is_begun else "Start the site.",
    )  # fmt: skip


def port(number: int) -> Iterator[Finding]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            yield _taken(number, error)
        else:
            yield good("port", f"{number} is free")


def _taken(number: int, error: OSError) -> Finding:
    if error.errno == errno.EADDRINUSE and (holder := _holder()):
        return good("port", f"{number} is in use while process {holder} of this site runs")
    words = (
        "is in use by another program"
        if error.errno == errno.EADDRINUSE
        else f"cannot be used: {error.strerror}"
    )
    return Finding(
        "port", Grade.FAULT, f"Port {number} {words}.", "The site cannot start there.",
        f"See who has it: ss -ltnp 'sport = :{number}'. Stop that, or choose another --port.", "start", Cause.DEPENDENCY,
    )  # fmt: skip


def _holder() -> str:
    """Return the process that holds the data folder, or nothing."""
    path = Path(settings.DATA_DIR, "guildry.pid")
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return path.read_text().strip() or "unknown"
    except OSError:
        return ""
    return ""
