"""Settings of the test suite: embedded by default, MariaDB and Redis when it is given their addresses."""

import os
import tempfile

os.environ.setdefault("GUILDRY_DATA_DIR", tempfile.mkdtemp(prefix="guildry-test-"))
os.environ.setdefault("GUILDRY_SECRET_KEY", "a-key-for-tests-only-that-guards-nothing-at-all")
# The suite reads no file of whoever runs it.
os.environ["GUILDRY_ENV_FILE"] = os.environ["GUILDRY_CONFIG_FILE"] = os.devnull

from guildry.config import environment
from guildry.config.settings import *  # noqa: F403 - this module is those settings with a few changes
from guildry.config.settings import DATA_DIR, INSTALLED_APPS, STORAGES, database

_database, REDIS_URL = environment.test_services()
DATABASES = {"default": database(_database or "sqlite")}
if not _database:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.db")}
# Tests set up every service there is, and the last app closes what the others register at.
_services = ("apple", "facebook", "google", "openid_connect")
INSTALLED_APPS = [
    *INSTALLED_APPS[:-1],
    *(f"allauth.socialaccount.providers.{name}" for name in _services),
    INSTALLED_APPS[-1],
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
