"""Django's settings, built from the environment."""

from typing import Any
from urllib.parse import unquote, urlsplit

from guildry.config import environment

ENVIRONMENT = environment.read()

DATA_DIR = ENVIRONMENT.data
DEBUG = ENVIRONMENT.debug
# Empty until the first start has made it; config.apps then puts it here.
SECRET_KEY = ENVIRONMENT.secrets[0] if ENVIRONMENT.secrets else ""
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secrets[1:])
ORIGIN = ENVIRONMENT.origin.geturl().rstrip("/")
IS_SECURE = ENVIRONMENT.origin.scheme == "https"
ALLOWED_HOSTS = [str(ENVIRONMENT.origin.hostname), "localhost", "127.0.0.1", "[::1]", *ENVIRONMENT.hosts]
FURTHER_HOSTS = ENVIRONMENT.hosts
CSRF_TRUSTED_ORIGINS = [ORIGIN]
REDIS_URL = ENVIRONMENT.redis
CLAMD = ENVIRONMENT.clamd

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guildry.ui",
    "guildry.platform.telemetry",
    "guildry.platform.upgrades",
    "guildry.platform.lifecycle",
    "guildry.platform.perimeter",
    "guildry.platform.facts",
    "guildry.platform.audit",
    "guildry.platform.runtime",
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
    "guildry.ops.schemas",
    "guildry.ops.contracts",
    "guildry.ops.blueprint",
    "guildry.ops.seeds",
    "guildry.ops.runbooks",
    "guildry.ops.doctor",
    "guildry.ops.alerts",
    "guildry.ops.backups",
    "guildry.ops.governance",
    "guildry.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    # Importing what nobody may sign in with would make every start later.
    *(f"allauth.socialaccount.providers.{name}" for name in ENVIRONMENT.sign_in),
    "guildry.config",
]

MIDDLEWARE = [
    "guildry.platform.perimeter.middleware.arrivals",
    "guildry.platform.perimeter.middleware.headers",
    "guildry.platform.perimeter.middleware.sharing",
    "guildry.platform.realtime.middleware.places",
    "guildry.people.accounts.middleware.sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guildry.people.accounts.middleware.members",
    "guildry.ui.middleware.messages",
    "guildry.ui.middleware.htmx",
    "allauth.account.middleware.AccountMiddleware",
    "guildry.platform.perimeter.middleware.rates",
    "guildry.platform.perimeter.middleware.refusals",
    "guildry.platform.perimeter.middleware.entity_tags",
    "guildry.platform.perimeter.middleware.replays",
]

ROOT_URLCONF = "guildry.config.urls"
WSGI_APPLICATION = "guildry.config.wsgi.application"
SITE = "guildry.config.asgi.SITE"

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
        "ENGINE": "guildry.kernel.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
                # The site's checkpointer comes long before; one that begins the journal anew also shortens the file.
                "PRAGMA wal_autocheckpoint=20000; PRAGMA journal_size_limit=0;"
                # What was deleted is not to stand on in the pages of the file, nor in copies of it.
                "PRAGMA secure_delete=FAST;"
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
            # A condition about one row is looked up for that row, not worked out for the whole table beforehand.
            "init_command": "SET sql_mode='STRICT_TRANS_TABLES', optimizer_switch='materialization=off'",
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        (
            "UserAttributeSimilarityValidator",
            {"user_attributes": ("handle", "name", "email")},
        ),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "guildry.people.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An account exists only once its address is proven, so nobody unverified ever signs in.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Limits are kernel.limits, spent by the views and the adapter.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "guildry.people.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Guildry"
SOCIALACCOUNT_ADAPTER = "guildry.people.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = ENVIRONMENT.sign_in

SESSION_COOKIE_NAME = "__Host-guildry" if IS_SECURE else "guildry"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
CSRF_FAILURE_VIEW = "guildry.platform.perimeter.views.csrf_failure"

# A session's content stays sealed and unread while a page is shown.
MESSAGE_STORAGE = "guildry.ui.messages.SignedMessages"

LOGGING_CONFIG = None

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
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "guildry.platform.lifecycle.serving.static.HashedStorage"
    },
}
# Every call becomes a row in the transaction that asks for it; any queue name is fine.
TASKS = {"default": {"BACKEND": "guildry.platform.jobs.backend.Leased", "QUEUES": []}}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

EMAIL_BACKEND = "guildry.platform.mail.backend.Mailbox"
MAIL = ENVIRONMENT.mail
MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
OTLP_ENDPOINT, OTLP_HEADERS = ENVIRONMENT.collector, ENVIRONMENT.collector_headers
APPEND_SLASH = False
