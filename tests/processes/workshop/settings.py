"""The product's settings with the workshop added."""

from guildry.config.settings import *  # noqa: F403 - this module is those settings with an app more
from guildry.config.settings import INSTALLED_APPS

# The last app closes the extension points.
INSTALLED_APPS = [*INSTALLED_APPS[:-1], "tests.processes.workshop", INSTALLED_APPS[-1]]
ROOT_URLCONF = "tests.processes.workshop.urls"
