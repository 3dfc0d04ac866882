"""Loading the demo community, and making large ones."""

from guildry.ops.seeds.actions.crowds import SomebodyIsHere, make_crowd
from guildry.ops.seeds.actions.packs import continue_demo, load_demo, open_demo

__all__ = ["SomebodyIsHere", "continue_demo", "load_demo", "make_crowd", "open_demo"]
