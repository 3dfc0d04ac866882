"""What was changed by whom, whether the record of it is whole, and whether every process has it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from guildry.kernel import clock, errors
from guildry.kernel.paging import Page, decode_cursor, page_of
from guildry.platform.runtime import rules
from guildry.platform.runtime.models import Change, ChangeSet, Head, ProcessVersion

PAGE = 20


class ChangeSetUnknown(errors.NotFound):
    problem = errors.problem("change-set-unknown", 404, "No such change")
    detail = "There is no such change."


@dataclass(frozen=True)
class Convergence:
    """How many of the running processes have the newest version, and what the others say."""

    version: int
    current: int
    running: int
    behind: tuple[ProcessVersion, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.current}/{self.running} processes on v{self.version}"


def current_version() -> int:
    """Return the version every process should have."""
    return Head.objects.values_list("version", flat=True).first() or 0


def change_set(change_set_id: int) -> ChangeSet:
    """Return one set with its changes; raises ChangeSetUnknown."""
    row = ChangeSet.objects.prefetch_related("changes").filter(pk=change_set_id).first()
    if row is None:
        raise ChangeSetUnknown
    return row


def history(cursor: str = "", *, key: str = "", size: int = PAGE) -> Page[ChangeSet]:
    """Return sets of changes, the newest first; with `key` only those that touch it."""
    rows = ChangeSet.objects.prefetch_related("changes").order_by("-id")
    if key:
        rows = rows.filter(pk__in=Change.objects.filter(key=key).values("change_set"))
    if cursor:
        rows = rows.filter(pk__lt=decode_cursor(cursor, int)[0])
    return page_of(list(rows[: size + 1]), size, "id")


def waiting() -> list[ChangeSet]:
    """Return what waits for approval or for its time, the oldest first."""
    rows = ChangeSet.objects.filter(state__in=(rules.WAITING, rules.SCHEDULED))
    return list(rows.prefetch_related("changes").order_by("id"))


def due_ids() -> list[int]:
    """Return the scheduled sets whose time has come, in their order."""
    rows = ChangeSet.objects.filter(state=rules.SCHEDULED, due_at__lte=clock.now())
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True))


def stored_at(version: int) -> dict[str, str]:
    """Return the stored texts as they were at a version."""
    texts: dict[str, str] = {}
    rows = Change.objects.filter(
        Q(change_set__version__lte=version),
        change_set__kind__in=(ChangeSet.Kind.CHANGES, ChangeSet.Kind.ROLLBACK),
    )
    for key, after in rows.order_by("change_set__version").values_list("key", "after"):
        texts.pop(key, None)
        if after is not None:
            texts[key] = after
    return texts


def convergence() -> Convergence:
    """Say how many running processes have the newest version."""
    version, now = current_version(), clock.now()
    running = [row for row in ProcessVersion.objects.order_by("process") if rules.is_alive(row.seen_at, now)]
    behind = tuple(row for row in running if row.version != version)
    return Convergence(version, len(running) - len(behind), len(running), behind)


def versions_in_force() -> dict[str, tuple[int, str]]:
    """Return what each process said it has in force, with what keeps it from a newer version, by its name."""
    rows = ProcessVersion.objects.values_list("process", "version", "error")
    return {process: (version, error) for process, version, error in rows}


def content_of(row: ChangeSet, changes: Iterable[Change]) -> dict[str, Any]:
    """Return what the chain seals of an applied set."""
    return {
        "kind": row.kind,
        "version": row.version,
        "base_version": row.base_version,
        "actor": row.actor_id,
        "decided_by": row.decided_by,
        "channel": row.channel,
        "reason": row.reason,
        "restores": row.restores,
        "applied_at": row.applied_at.isoformat() if row.applied_at else "",
        "changes": [[change.key, change.before, change.after] for change in sorted(changes, key=_key)],
    }


def verify_chain() -> tuple[int, int | None]:
    """Return how many applied sets are as they were sealed, and the version of the first that is not."""
    previous, whole = "", 0
    rows = ChangeSet.objects.filter(version__isnull=False).prefetch_related("changes").order_by("version")
    for row in rows.iterator(chunk_size=500):
        digest = rules.digest_after(previous, content_of(row, row.changes.all()))
        if row.version != whole + 1 or digest != row.digest:
            return whole, whole + 1
        previous, whole = digest, whole + 1
    head = Head.objects.first() or Head()
    return whole, None if (head.version, head.digest) == (whole, previous) else whole + 1


def _key(change: Change) -> str:
    return change.key
