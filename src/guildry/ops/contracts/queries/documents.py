"""The documents as the program is now, and the sets that were committed or released."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from guildry.kernel import errors, points
from guildry.ops.contracts import clients, rules
from guildry.ops.schemas import queries as schemas

# The folder of a checkout; an installed program has its history packed beside this app.
FOLDER = Path(__file__).resolve().parents[5] / "contracts"
CLIENTS = FOLDER.parent / "clients"
HISTORY = Path(__file__).parents[1] / "history.json"
COMPARED = ("openapi", "asyncapi", "offline")


class NoContracts(errors.NotFound):
    problem = errors.problem("no-contracts", 404, "No contracts there")
    detail = "There is no set of contracts at that place."


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Return every document of this program by its name."""
    made = {document.name: document.make() for document in points.CONTRACT_DOCUMENTS}
    made["enums"] = rules.choices_in(made)
    return {name: json.loads(rules.written(document)) for name, document in made.items()}


@cache
def files() -> dict[str, str]:
    """Return the text of every file that `contracts/` holds for this program, by its path."""
    made = documents()
    found = {f"{name}.json": rules.written(document) for name, document in made.items()}
    for name, shape in rules.shared_shapes(made["openapi"], made["asyncapi"]).items():
        found[f"schemas/{name}"] = rules.written(shape)
    for box, kept in made["offline"]["boxes"].items():
        found[f"offline/{box}.json"] = rules.written(kept["schema"])
    found["hive.lock.yaml"] = schemas.LOCK_FILE.read_text()
    return found


@cache
def client_files() -> dict[str, str]:
    """Return the text of every generated client, by its path below `clients/`."""
    return clients.made(documents())


@cache
def manifest() -> dict[str, Any]:
    return rules.manifest_of(files())


def program_set() -> dict[str, Any]:
    """Return what the differ compares of this program."""
    return {"version": rules.VERSION, "hash": manifest()["hash"]} | {
        name: documents()[name] for name in COMPARED
    }


def set_at(path: Path) -> dict[str, Any]:
    """Read a set from a folder that `emit` wrote, or from a released file; raises NoContracts."""
    try:
        if path.is_file():
            return dict(_checked(json.loads(path.read_text()), path))
        kept = json.loads((path / "manifest.json").read_text())
        read = {name: json.loads((path / f"{name}.json").read_text()) for name in COMPARED}
    except (OSError, ValueError) as error:
        raise NoContracts(f"{path} holds no set of contracts: {error}.") from None
    return {"version": kept["version"], "hash": kept["hash"], **read}


def _checked(found: Any, path: Path) -> Mapping[str, Any]:
    missing = [name for name in ("version", *COMPARED) if not isinstance(found, dict) or name not in found]
    if missing:
        raise NoContracts(f"{path} lacks {', '.join(missing)}.")
    return dict(found)


def released(folder: Path = FOLDER) -> list[str]:
    """Return the versions that were released, the newest first."""
    found = [path.stem for path in (folder / "released").glob("*.json")]
    return sorted(found, key=rules.number_of, reverse=True)


def last_released(folder: Path = FOLDER) -> dict[str, Any]:
    """Return the newest released set; raises NoContracts when nothing was released."""
    versions = released(folder)
    if not versions:
        raise NoContracts(f"Nothing was released in {folder}.")
    return set_at(folder / "released" / f"{versions[0]}.json")


@cache
def history() -> dict[str, Any]:
    """Return what this release tells of its contracts: their hash, what changed since the last one, and the notes."""
    return dict(json.loads(HISTORY.read_text()))
