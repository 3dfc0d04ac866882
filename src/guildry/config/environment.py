"""The only reader of the process environment and of the files it names; what is wrong is refused all at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from guildry.config import keys, providers
from guildry.kernel.configuration import (
    Code,
    Examination,
    Finding,
    Layer,
    Outside,
    Source,
    dotenv,
    examine,
    toml,
)
from guildry.kernel.configuration.dotenv import Entry
from guildry.kernel.configuration.examination import PREFIX
from guildry.kernel.configuration.findings import PROCESS
from guildry.kernel.configuration.keeping import Keeper

ENV_FILE, CONFIG_FILE = "GUILDRY_ENV_FILE", "GUILDRY_CONFIG_FILE"
TEST_VARIABLES = frozenset({"GUILDRY_TEST_DATABASE", "GUILDRY_TEST_REDIS"})


class Misconfigured(ImproperlyConfigured):
    """What files and environment say cannot be used; holds every finding."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(map(str, findings)))


@dataclass(frozen=True)
class Environment:
    """What the process was told from outside; `data` is where everything it keeps lives.

    `secrets` are the keys that seal, newest first, and empty before the first start.
    """

    data: Path
    debug: bool
    secrets: tuple[str, ...]
    origin: SplitResult
    database: str
    redis: str
    hosts: tuple[str, ...]
    mail: str
    mail_from: str
    clamd: str
    collector: str
    collector_headers: str
    sign_in: dict[str, Any]
    findings: tuple[Finding, ...]


def outside() -> Outside:
    """Read the files and the environment as they are now."""
    environment = {name: value for name, value in os.environ.items() if value.strip()}
    env_file = _file(environment, ENV_FILE, ".env", Layer.DOTENV)
    named = {entry.name: entry.text for entry in env_file.entries if entry.text.strip()}
    config_file = _file({**named, **environment}, CONFIG_FILE, "guildry.toml", Layer.FILE)
    ours = [
        Entry(name, value)
        for name, value in sorted(environment.items())
        if name.startswith(PREFIX) and name not in TEST_VARIABLES
    ]
    process = Source(Layer.ENVIRONMENT, PROCESS, tuple(ours))
    return Outside((config_file, env_file, process), environment)


def read() -> Environment:
    """Return what the start needs; a wrong value gives way to the next layer and is among the findings."""
    found = examine(keys.KEYS, outside(), rules=keys.RULES, is_complete=False)
    values = found.values
    data = Path(values["data.folder"]).absolute()
    origin = urlsplit(values["site.origin"])
    return Environment(
        data=data,
        debug=values["site.debug"],
        secrets=secrets_in(found, data)["secret.key"],
        origin=origin,
        database=values["services.database"] or "sqlite",
        redis=values["services.redis"],
        hosts=values["site.hosts"],
        mail=values["services.mail"] or "mailbox",
        mail_from=values["services.mail_from"] or f"guildry@{origin.hostname}",
        clamd=values["services.clamd"],
        collector=values["telemetry.endpoint"],
        collector_headers=values["telemetry.headers"],
        sign_in=providers.table_of(_sign_in(values)),
        findings=(*found.findings, *_folder_findings(data)),
    )


def data_folder() -> Path:
    """Return where everything lives, for a process that needs to know nothing else."""
    keeping = [setting for setting in keys.KEYS if setting.key == "data.folder"]
    found = examine(keeping, outside(), is_complete=False)
    return Path(found.values["data.folder"]).absolute()


def take_notify_socket() -> tuple[str, float]:
    """Return where systemd listens, empty when it does not, and its watchdog's seconds; no child inherits them."""
    address = os.environ.pop("NOTIFY_SOCKET", "")
    microseconds, pid = os.environ.pop("WATCHDOG_USEC", ""), os.environ.pop("WATCHDOG_PID", "")
    is_meant = microseconds.isdigit() and pid in ("", str(os.getpid()))
    return address, int(microseconds) / 1_000_000 if is_meant else 0.0


def examination() -> Examination:
    """Look at everything outside with every declared key in view."""
    from guildry.kernel import points

    found = examine(points.RUNTIME_SETTINGS, outside(), rules=points.SETTING_RULES)
    folder = _folder_findings(Path(found.values["data.folder"]).absolute())
    return Examination(found.given, found.values, (*found.findings, *folder))


def settle() -> tuple[Finding, ...]:
    """Refuse what is wrong, make the secrets that are missing, put values in force; returns advice.

    Raises Misconfigured with all findings, and then nothing was written.
    """
    # The supervisor reads this module too, and stays small by leaving Django out.
    from guildry.kernel import runtime

    found = examination()
    if found.refusals:
        raise Misconfigured(found.refusals)
    data = Path(found.values["data.folder"]).absolute()
    _make_missing(found, data)
    runtime.use_outside(found, secrets_in(found, data), again=reread)
    return found.findings


def reread() -> tuple[Examination, Mapping[str, tuple[str, ...]]]:
    """Return what files, environment and data folder say now, for a process that runs."""
    found = examination()
    return found, secrets_in(found, Path(found.values["data.folder"]).absolute())


def secrets_in(found: Examination, data: Path) -> dict[str, tuple[str, ...]]:
    """Return the secrets that are accepted by key, newest first: those given, or else those kept."""
    accepted: dict[str, tuple[str, ...]] = {}
    for setting in keys.KEYS:
        if not setting.kept:
            continue
        if given := found.values[setting.key]:
            older = found.values.get(f"{setting.key}_old", "")
            accepted[setting.key] = (given, older) if older else (given,)
        else:
            accepted[setting.key] = Keeper(data).newest_first(setting.key)
    return accepted


def test_services() -> tuple[str, str]:
    """Return the database and Redis addresses the test suite was given; empty means embedded."""
    return os.environ.get("GUILDRY_TEST_DATABASE", ""), os.environ.get("GUILDRY_TEST_REDIS", "")


def _file(environment: Mapping[str, str], variable: str, usual: str, layer: Layer) -> Source:
    """Read one of the two files; only one that was asked for has to be there."""
    name = environment.get(variable, "").strip() or usual
    try:
        raw = Path(name).read_bytes()
        mode = Path(name).stat().st_mode
    except OSError as error:
        if variable not in environment and isinstance(error, FileNotFoundError):
            return Source(layer, name, ())
        message, fix = f"names {name}, which cannot be read.", "name a file that is there"
        return Source(layer, name, (), (Finding(PROCESS, 0, 0, variable, Code.REFERENCE, message, fix),))
    reading = toml.read(raw, name) if layer == Layer.FILE else dotenv.read(raw, name, environment)
    return Source(layer, name, tuple(reading.entries), tuple(reading.findings), mode)


def _sign_in(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        key.removeprefix("sign_in."): value for key, value in values.items() if key.startswith("sign_in.")
    }


def _folder_findings(data: Path) -> tuple[Finding, ...]:
    standing = next(path for path in (data, *data.parents) if path.exists())
    if standing.is_dir() and os.access(standing, os.W_OK | os.X_OK):
        return ()
    fix = "give another folder, or the right to write there"
    return (
        Finding(
            PROCESS, 0, 0, "GUILDRY_DATA_DIR", Code.NOT_WRITABLE, f"cannot be written to: {standing}.", fix
        ),
    )


def _make_missing(found: Examination, data: Path) -> None:
    for setting in keys.KEYS:
        if setting.kept and not found.values[setting.key]:
            try:
                Keeper(data).make(setting.key)
            except OSError as error:
                message = f"cannot be written to: {error.strerror}."
                place = (PROCESS, 0, 0, "GUILDRY_DATA_DIR", Code.NOT_WRITABLE)
                raise Misconfigured((Finding(*place, message, "give another folder"),)) from error
