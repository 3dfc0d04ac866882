"""Pure decisions of the seeds: what a cast must be, how packs stand to the ledger, and how a large crowd behaves."""

from guildry.ops.seeds.rules.crowds import Dice, Plan
from guildry.ops.seeds.rules.packs import Standing, checksum, flaws, rendered, standing

__all__ = ["Dice", "Plan", "Standing", "checksum", "flaws", "rendered", "standing"]
