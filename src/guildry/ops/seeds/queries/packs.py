"""The cast, its personas, and how far the demo community is loaded."""

import inspect
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from guildry.kernel import points
from guildry.kernel.seeding import Guild, Person
from guildry.ops.seeds import rules
from guildry.ops.seeds.models import LoadedPack
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import DEMO_PASSWORD

CAST = Path(__file__).parents[1] / "cast.toml"


@dataclass(frozen=True)
class Persona:
    """Somebody to sign in as: `label` says what they are here to show."""

    label: str
    name: str
    handle: str
    email: str
    headline: str
    is_staff: bool


@dataclass(frozen=True)
class PackState:
    name: str
    standing: rules.Standing


@cache
def cast() -> tuple[tuple[Person, ...], tuple[Guild, ...]]:
    """Return the people and organisations of the demo community, as written in cast.toml."""
    with CAST.open("rb") as file:
        written = tomllib.load(file)
    people = tuple(Person(**_frozen(entry)) for entry in written["person"])
    guilds = tuple(Guild(**_frozen(entry)) for entry in written["guild"])
    if flaws := rules.flaws(people, guilds):
        raise ValueError("; ".join(flaws))
    return people, guilds


def personas() -> list[Persona]:
    """Return the members worth signing in as, in the order of the cast; empty until they are loaded."""
    wanted = {person.handle: person for person in cast()[0] if person.persona}
    found = {member.handle: member for member in Member.objects.filter(handle__in=wanted, is_active=True)}
    return [
        Persona(
            label=person.persona,
            name=found[handle].name,
            handle=handle,
            email=found[handle].email,
            headline=found[handle].headline,
            is_staff=bool(person.staff_roles),
        )
        for handle, person in wanted.items()
        if handle in found
    ]


def greeting(address: str) -> list[str]:
    """Return what a start says about ways into the demo community; nothing when nobody was seeded."""
    people = personas()
    if not people:
        return []
    label, name = (max(len(getattr(p, field)) for p in people) for field in ("label", "name"))
    return [
        f"Step into any of these with one click at {address}/demo/",
        f"or sign in with the e-mail address and the password {DEMO_PASSWORD}:",
        "",
        *(f"  {p.label:<{label}}  {p.name:<{name}}  {p.email}{' *' * p.is_staff}" for p in people),
        "",
        "* Staff prove a second factor as well, so step into them at /demo/.",
    ]


def is_laid_out() -> bool:
    """Tell whether the database has our tables at all."""
    return LoadedPack._meta.db_table in connection.introspection.table_names()


def packs() -> list[points.SeedPack]:
    return sorted(points.SEED_PACKS, key=lambda pack: (pack.order, pack.name))


def checksum_of(pack: points.SeedPack) -> str:
    """Return the digest of what a pack is made of: its module with whatever is written beside it, and the cast."""
    module = sys.modules[pack.steps.__module__]
    file = Path(str(inspect.getsourcefile(module)))
    beside = sorted(file.parent.glob("*.*")) if file.name == "__init__.py" else [file]
    texts = (path.read_text() for path in beside if path.suffix in (".py", ".toml"))
    return rules.checksum(str(pack.version), *texts, CAST.read_text())


def pack_states() -> list[PackState]:
    """Return every pack with its standing in the ledger, in order."""
    ledger = {row.name: row for row in LoadedPack.objects.all()}
    return [PackState(pack.name, _standing(pack, ledger.get(pack.name))) for pack in packs()]


def is_loaded() -> bool:
    return all(s.standing in (rules.Standing.LOADED, rules.Standing.CHANGED) for s in pack_states())


def _standing(pack: points.SeedPack, row: LoadedPack | None) -> rules.Standing:
    return rules.standing(
        wanted=checksum_of(pack),
        recorded=row.checksum if row else None,
        is_finished=bool(row and row.loaded_at),
    )


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
