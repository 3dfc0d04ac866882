"""What others tell the sampler."""

from guildry.kernel.permissions import Actor
from guildry.platform.health.sampler import SAMPLER


def look_again(actor: Actor, *, check: str) -> None:
    """Have a dependency probed at once, because it has just failed somebody; an unknown one is left alone."""
    SAMPLER.look_again(check)
