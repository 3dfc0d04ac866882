"""Loading the demo community, and making large ones."""

from guildry.ops.seeds.actions.packs import continue_demo, load_demo, open_demo

__all__ = ["continue_demo", "load_demo", "open_demo"]
