"""Django's settings, built from the environment."""

from typing import Any
from urllib.parse import unquote, urlsplit

from guildry.config import environment

ENVIRONMENT = environment.read()

DATA_DIR = ENVIRONMENT.data
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ORIGIN = ENVIRONMENT.origin.geturl().rstrip("/")
IS_SECURE = ENVIRONMENT.origin.scheme == "https"
ALLOWED_HOSTS = [str(ENVIRONMENT.origin.hostname), "localhost", "127.0.0.1", "[::1]", *ENVIRONMENT.hosts]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
REDIS_URL = ENVIRONMENT.redis
CLAMD = ENVIRONMENT.clamd

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guildry.ui",
    "guildry.platform.lifecycle",
    "guildry.platform.perimeter",
    "guildry.platform.facts",
    "guildry.platform.jobs",
    "guildry.platform.mail",
    "guildry.platform.outbound",
    "guildry.platform.files",
    "guildry.platform.realtime",
    "guildry.platform.health",
    "guildry.people.accounts",
    "guildry.people.organisations",
    "guildry.people.profiles",
    "guildry.people.network",
    "guildry.people.notifications",
    "guildry.community.timeline",
    "guildry.ops.seeds",
    "guildry.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "guildry.config",
]

MIDDLEWARE = [
    "guildry.platform.perimeter.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guildry.ui.middleware.htmx",
    "allauth.account.middleware.AccountMiddleware",
    "guildry.platform.perimeter.middleware.refusals",
]

ROOT_URLCONF = "guildry.config.urls"
WSGI_APPLICATION = "guildry.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {
            "environment": "guildry.ui.environment.build",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "guildry.ui.pages.surroundings",
            ],
        },
    },
    # Libraries render their mail and fallbacks with this one; no page of ours does.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _mysql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.mysql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 3306),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "charset": "utf8mb4",
            "connect_timeout": 2,
            "read_timeout": 10,
            "write_timeout": 10,
            "isolation_level": "read committed",
            "init_command": "SET sql_mode='STRICT_TRANS_TABLES'",
        },
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_520_ci"},
    }


def database(url: str) -> dict[str, Any]:
    """Return Django's database entry for `sqlite` (the data folder) or a mysql address."""
    return (
        _mysql(url) if url.startswith(("mysql://", "mariadb://")) else _sqlite(str(DATA_DIR / "guildry.db"))
    )


DATABASES = {"default": database(ENVIRONMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "guildry.people.accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_ENGINE = "guildry.people.accounts.sessions"

SESSION_COOKIE_NAME = "__Host-guildry" if IS_SECURE else "guildry"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
CSRF_FAILURE_VIEW = "guildry.site.views.csrf_failure"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
FILES_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

EMAIL_BACKEND = "guildry.platform.mail.backend.Mailbox"
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
APPEND_SLASH = False
