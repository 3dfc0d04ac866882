"""Loading the demo community, and making large ones."""

from guildry.ops.seeds.actions.packs import load_demo

__all__ = ["load_demo"]
