"""The cast and how far it is loaded, and whether what is counted is right."""

from guildry.ops.seeds.queries.counters import Miscount, counted, miscounts
from guildry.ops.seeds.queries.packs import (
    PackState,
    Persona,
    cast,
    checksum_of,
    greeting,
    is_laid_out,
    is_loaded,
    pack_states,
    packs,
    personas,
)

__all__ = [
    "Miscount",
    "PackState",
    "Persona",
    "cast",
    "checksum_of",
    "counted",
    "greeting",
    "is_laid_out",
    "is_loaded",
    "miscounts",
    "pack_states",
    "packs",
    "personas",
]
