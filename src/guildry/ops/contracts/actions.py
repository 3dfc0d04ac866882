"""What is written down of the contracts: the documents, their note, and the history that a release carries."""

from pathlib import Path

from guildry.kernel import clock, errors
from guildry.kernel.permissions import Actor
from guildry.ops.contracts import queries, rules


class NoteMissing(errors.Conflict):
    problem = errors.problem("note-missing", 409, "Say what changed")
    detail = "The contracts changed. Say in one sentence what clients see of it: --note TEXT."


class AlreadyReleased(errors.Conflict):
    problem = errors.problem("already-released", 409, "This version was released")

    def __init__(self, version: str) -> None:
        super().__init__(f"Version {version} was released with other contracts. Raise the version first.")


def emit_contracts(actor: Actor, *, folder: Path, note: str = "") -> list[str]:
    """Write every document into a folder and return the paths of those that changed.

    Raises NoteMissing, having written nothing, when the changelog says nothing of these documents yet.
    """
    files = queries.files()
    changelog = folder / "CHANGELOG.md"
    text = changelog.read_text() if changelog.exists() else "# Changes of the contracts\n"
    known = queries.notes_in(text)
    present = queries.manifest()["hash"]
    if not known or known[0]["hash"] != present:
        if not note.strip():
            raise NoteMissing
        text = _with_entry(text, present, note.strip())
    wanted = {
        **files,
        "manifest.json": rules.written(queries.manifest()),
        "CHANGELOG.md": text,
    }
    return [name for name, content in wanted.items() if _write(folder / name, content)] + _without(
        folder, wanted
    )


def write_clients(actor: Actor, *, folder: Path) -> list[str]:
    """Write every generated client into a folder and return the paths of the files that changed."""
    return [name for name, text in queries.client_files().items() if _write(folder / name, text)]


def release_contracts(actor: Actor, *, folder: Path) -> Path:
    """Keep this program's contracts as those of a released version, which never change again."""
    path = folder / "released" / f"{rules.VERSION}.json"
    if path.exists() and queries.set_at(path)["hash"] != queries.manifest()["hash"]:
        raise AlreadyReleased(rules.VERSION)
    _write(path, rules.kept(queries.program_set()))
    return path


def keep_history(actor: Actor, *, folder: Path, path: Path) -> bool:
    """Write what a release tells of its contracts beside the app; tells whether that changed."""
    return _write(path, rules.written(queries.history_of(folder)))


def _with_entry(text: str, present: str, note: str) -> str:
    head, _, rest = text.partition("\n## ")
    entry = f"\n## {rules.VERSION} · {clock.now().date().isoformat()}\n\n`sha256:{present}`\n\n- {note}\n"
    return head.rstrip("\n") + "\n" + entry + (f"\n## {rest}" if rest else "")


def _write(path: Path, content: str) -> bool:
    if path.exists() and path.read_text() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return True


def _without(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Remove documents that are made no longer."""
    gone = [
        path
        for part in ("schemas", "offline")
        for path in sorted((folder / part).glob("*.json"))
        if f"{part}/{path.name}" not in wanted
    ]
    for path in gone:
        path.unlink()
    return [str(path.relative_to(folder)) for path in gone]
