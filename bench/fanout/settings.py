"""The product's settings with the hall added."""

from guildry.config.settings import *  # noqa: F403 - this module is those settings with an app more
from guildry.config.settings import INSTALLED_APPS

# The last app closes the extension points.
INSTALLED_APPS = [*INSTALLED_APPS[:-1], "bench.fanout.hall", INSTALLED_APPS[-1]]
