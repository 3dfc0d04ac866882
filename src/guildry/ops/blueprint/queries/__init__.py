"""What the schema is, read from the committed snapshot, the models and the database."""

from guildry.ops.blueprint.queries.areas import (
    Area,
    Column,
    NothingThere,
    Table,
    area_of,
    areas,
    drawing_of,
    found,
    heats_of,
    table_of,
)
from guildry.ops.blueprint.queries.measures import Measures, drift_now, forget, row_counts

__all__ = [
    "Area", "Column", "Measures", "NothingThere", "Table", "area_of", "areas", "drawing_of", "drift_now", "forget", "found",
    "heats_of", "row_counts", "table_of",
]  # fmt: skip
