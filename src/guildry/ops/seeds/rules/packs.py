"""What a cast must be, and how a pack stands to the ledger."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from guildry.kernel.seeding import Guild, Person


class Standing(StrEnum):
    LOADED = "loaded"
    OUTSTANDING = "outstanding"
    INTERRUPTED = "interrupted"
    CHANGED = "loaded, changed since"


def standing(*, wanted: str, recorded: str | None, is_finished: bool) -> Standing:
    """Compare what a pack is made of now with what the ledger says."""
    if recorded is None:
        return Standing.OUTSTANDING
    if not is_finished:
        return Standing.INTERRUPTED
    return Standing.LOADED if recorded == wanted else Standing.CHANGED


def rendered(totals: Mapping[str, Mapping[str, int]]) -> str:
    """Return totals by pack as the text of a manifest."""
    lines = [
        "# What the demo community comes to. Written by `guildry seed manifest`; packs and rows must agree with it."
    ]
    for pack, counts in totals.items():
        lines += ["", f'["{pack}"]', *(f'"{total}" = {count}' for total, count in counts.items())]
    return "\n".join(lines) + "\n"


def checksum(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def flaws(cast: Iterable[Person], guilds: Iterable[Guild]) -> list[str]:
    """Return what is wrong with a cast: a handle used twice, an organisation of nobody or of strangers."""
    counted = Counter(person.handle for person in cast)
    found = [f"{handle} occurs twice" for handle, count in counted.items() if count > 1]
    for guild in guilds:
        if not guild.people:
            found.append(f"{guild.handle} has nobody in it")
        strangers = [handle for handle in guild.people if handle not in counted]
        found += [f"{guild.handle} names {handle}, who is not in the cast" for handle in strangers]
    return found
