"""Pure decisions about showing the schema: how hot a column is, and where each table stands in a drawing."""

from guildry.ops.blueprint.rules.heat import ORDER, Heat, heat_of, hottest
from guildry.ops.blueprint.rules.layout import Box, Drawing, Entity, Line, drawing

__all__ = ["ORDER", "Box", "Drawing", "Entity", "Heat", "Line", "drawing", "heat_of", "hottest"]
