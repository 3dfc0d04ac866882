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
from guildry.ops.seeds.queries.totals import (
    Difference,
    counted_totals,
    declared_totals,
    differences,
    manifest,
    whole_manifest,
)

__all__ = [
    "Difference",
    "Miscount",
    "PackState",
    "Persona",
    "cast",
    "checksum_of",
    "counted",
    "counted_totals",
    "declared_totals",
    "differences",
    "greeting",
    "is_laid_out",
    "is_loaded",
    "manifest",
    "miscounts",
    "pack_states",
    "packs",
    "personas",
    "whole_manifest",
]
