"""What others tell the sampler, and its end."""

from contextlib import suppress

from django.db import Error

from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.health.sampler import SAMPLER
from guildry.platform.lifecycle.actions import end_presence

# Who could not use the first could not use the others either.
TOGETHER = {"database": ("database", "writes")}


def look_again(actor: Actor, *, check: str) -> None:
    """Have a dependency probed at once, because it has just failed somebody; an unknown one is left alone."""
    for name in TOGETHER.get(check, (check,)):
        SAMPLER.look_again(name)


def stop_sampling(actor: Actor) -> None:
    """Probe nothing any more and take this process off the board; a database that is away finds it silent later."""
    SAMPLER.stop()
    with suppress(Error):
        end_presence(SYSTEM)
