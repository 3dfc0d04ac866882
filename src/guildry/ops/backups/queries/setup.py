"""Where backups lie, whom they are sealed to, and whose signatures count."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from guildry.kernel import crypto, runtime
from guildry.kernel.runtime import Setting
from guildry.ops.backups import archive
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import recipients_refusal


def _recipients(value: Any) -> str:
    for text in value:
        try:
            archive.recipient_of(text)
        except archive.KeyUnfit:
            return "takes public keys that begin with age1, as guildry backup keys makes them."
    return recipients_refusal(value)


def _setting(name: str, default: Any, doc: str, **more: Any) -> Setting:
    key, section = f"backup.{name}", "operations/backups"
    return Setting(
        key=key, kind=type(default), default=default, section=section, doc=doc, owner="operations", **more
    )


SETTINGS = (
    _setting("recipients", (), "Public age keys that backups are sealed to, two at least; nothing is backed up without them.", check=_recipients, risk="confirm", keywords=("encryption", "age")),
    _setting("folder", "", "Folder that backups are kept in; backups in the data folder unless given.", form="path", risk="confirm"),
    _setting("log", True, "Whether what is written between backups is kept as well, so that any moment can be gone back to.", risk="confirm", keywords=("point in time", "wal", "binlog")),
    _setting("log_days", 7, "For how many days what was written between backups is kept.", unit="days", minimum=1, maximum=90, risk="confirm"),
    _setting("every", timedelta(days=1), "How often a backup is made.", minimum=timedelta(minutes=10), maximum=timedelta(days=7)),
    _setting("drill_every", timedelta(days=7), "How often a backup is rehearsed: brought up elsewhere and compared.", minimum=timedelta(hours=1), maximum=timedelta(days=90)),
    _setting("max_age", timedelta(hours=26), "Age of the newest verified backup above which to say so.", minimum=timedelta(minutes=10), maximum=timedelta(days=30)),
    _setting("max_drill_age", timedelta(days=8), "Age of the last passed drill above which to say so.", minimum=timedelta(hours=1), maximum=timedelta(days=120)),
    _setting("keep_days", 7, "For how many days the newest backup of each is kept.", unit="days", minimum=1, maximum=90, risk="confirm"),
    _setting("keep_weeks", 4, "For how many weeks the newest backup of each is kept.", unit="weeks", minimum=0, maximum=52, risk="confirm"),
    _setting("keep_months", 12, "For how many months the newest backup of each is kept.", unit="months", minimum=0, maximum=120, risk="confirm"),
    _setting("untouched", timedelta(days=1), "Age below which no backup is deleted.", minimum=timedelta(0), maximum=timedelta(days=90), risk="confirm"),
    _setting("part_size", 1024, "Size of uploads above which the next ones go into another part.", unit="MB", minimum=1, maximum=100_000),
)  # fmt: skip


def folder() -> Path:
    """Return where backups are kept."""
    named: str = runtime.value("backup.folder")
    return Path(named) if named else Path(settings.DATA_DIR) / "backups"


def log_folder() -> Path:
    """Return where what is written between backups is kept."""
    return folder() / "log"


def spool_folder() -> Path:
    """Return where whoever keeps the log lays what is not sealed yet, and says how far it is."""
    return Path(settings.DATA_DIR) / "backup-log"


def work_folder() -> Path:
    """Return where copies lie while they are made, beside the data they are copies of."""
    return Path(settings.DATA_DIR) / "backup-work"


def restored_note() -> Path:
    """Return where it is written down that data are those of a backup and not all is done that has to follow."""
    return Path(settings.DATA_DIR) / "restored.json"


def path_of(name: str) -> Path:
    return folder() / f"{name}{archive.SUFFIX}"


def current_recipients() -> tuple[str, ...]:
    """Return whom backups are sealed to; empty when none are set up."""
    named: tuple[str, ...] = runtime.value("backup.recipients")
    return named


def own_signer() -> str:
    """Return the public key that this site signs with now."""
    return archive.public_key_of(crypto.site_keys()[0])


def known_signers() -> set[str]:
    """Return the public keys whose signatures count: those of this site, now and as far as its records go back."""
    own = {archive.public_key_of(secret) for secret in crypto.site_keys()}
    if Backup._meta.db_table not in connection.introspection.table_names():
        return own
    return own | set(Backup.objects.exclude(signer="").values_list("signer", flat=True).distinct())


def manifest_at(path: Path) -> archive.Manifest:
    """Read what a backup says of itself without any proof; raises archive.Unreadable."""
    try:
        return archive.decoded((path / archive.MANIFEST).read_bytes())
    except OSError as error:
        raise archive.Unreadable(f"{path.name} has no manifest that can be read: {error.strerror}.") from None


def identities_of(file: Path) -> list[archive.Identity]:
    """Read the private keys in a file; raises archive.KeyUnfit or OSError."""
    return archive.identities_in(file.read_text())


def passing_keys() -> tuple[archive.Identity, ...]:
    """Return a key that lives as long as this process: what it makes can be opened to be proven, and never after."""
    return (archive.new_identity(),)
