"""The keys that are read once, at the start; what may change while the site runs is declared by the apps."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guildry.kernel.configuration import Layer, Rule, Scope, Setting


def _client(value: str) -> str:
    client_id, _, secret = value.partition(":")
    return "" if client_id and secret else "takes a client id and a secret with a colon between them."


def _apple(value: str) -> str:
    parts = value.split(":", 3)
    if len(parts) == 4 and Path(parts[3]).is_file():
        return ""
    return "takes client id:team id:key id:path, and the path names Apple's .p8 key."


def _open_id(value: str) -> str:
    parts = urlsplit(value)
    is_whole = parts.scheme == "https" and parts.hostname and parts.username and parts.password
    return "" if is_whole else "takes https://id:secret@issuer."


def _database(value: str) -> str:
    parts = urlsplit(value)
    is_server = parts.scheme in ("mysql", "mariadb") and parts.hostname and parts.path.strip("/")
    return "" if value == "sqlite" or is_server else "takes sqlite, or mysql://user:password@host:port/name."


def _redis(value: str) -> str:
    parts = urlsplit(value)
    is_server = parts.scheme in ("redis", "rediss", "unix") and (parts.hostname or parts.path)
    return "" if is_server else "takes redis://host:port/0."


def _mail(value: str) -> str:
    parts = urlsplit(value)
    is_server = parts.scheme in ("smtp", "smtps") and parts.hostname
    return (
        ""
        if value == "mailbox" or is_server
        else "takes smtp://user:password@host:port, smtps://…, or mailbox."
    )


def _collector(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        return "takes http://host:port or https://host, without /v1/traces."
    has_extra = find_spec("opentelemetry") and find_spec("opentelemetry.proto")
    return "" if has_extra else "needs the extra: install guildry[telemetry]."


def _headers(value: str) -> str:
    # Only who sends traces to a collector needs this, and the supervisor stays small without it.
    from guildry.platform.telemetry.rules import headers_in

    try:
        headers_in(value)
    except ValueError as error:
        return str(error)
    return ""


def _boot(key: str, variable: str, section: str, doc: str, **further: Any) -> Setting:
    fields: dict[str, Any] = {"kind": str, "default": "", "restart": "all", **further}
    name = f"GUILDRY_{variable}"
    return Setting(key=key, variable=name, section=section, doc=doc, scope=Scope.BOOT, **fields)


KEYS = (
    _boot("files.env", "ENV_FILE", "start", "Path of the file with variables.", form="path", example=".env",
          layers=frozenset({Layer.ENVIRONMENT})),
    _boot("files.config", "CONFIG_FILE", "start", "Path of the file with keys in tables.", form="path",
          example="guildry.toml", layers=frozenset({Layer.ENVIRONMENT, Layer.DOTENV})),
    _boot("data.folder", "DATA_DIR", "start", "Folder for the database, uploads and keys.", default="data",
          form="path"),
    _boot("site.debug", "DEBUG", "start", "Whether error details and the mailbox page are shown.", kind=bool,
          default=False),
    _boot("secret.key", "SECRET_KEY", "secrets",
          "Seals sessions, codes and second factors; made once and kept in the data folder when it is not given.",
          secret=True, kept=True, min_length=32, rotate_days=180, label="Secret key"),
    _boot("secret.key_old", "SECRET_KEY_OLD", "secrets",
          "The secret key before the one that is given, accepted until it is deleted here.", secret=True,
          min_length=32),
    _boot("metrics.token", "METRICS_TOKEN", "secrets",
          "Opens the figures to whoever collects them; made once and kept in the data folder when it is not given.",
          secret=True, kept=True, min_length=32, rotate_days=180, label="Metrics token"),
    _boot("site.origin", "ORIGIN", "site", "Public address of the site.", default="http://localhost:8000",
          form="origin", example="https://guild.example"),
    _boot("site.hosts", "HOSTS", "site", "Further host names to answer to.", kind=tuple, default=(), form="host",
          example="www.guild.example"),
    _boot("services.database", "DATABASE", "services", "Where rows are kept; sqlite in the data folder unless given.",
          secret=True, check=_database, example="mysql://guildry:…@db.guild.example:3306/guildry"),
    _boot("services.redis", "REDIS", "services", "What several processes talk through; none unless given.", secret=True,
          check=_redis, example="redis://cache.guild.example:6379/0"),
    _boot("services.mail", "MAIL", "services", "What sends mail; the mailbox of the site unless given.", secret=True,
          check=_mail, example="smtp://guildry:…@mail.guild.example:587"),
    _boot("services.mail_from", "MAIL_FROM", "services", "Sender of the mail the site sends; guildry@ its host unless given.",
          form="email", example="guildry@guild.example"),
    _boot("services.clamd", "CLAMD", "services", "A clamd that looks for viruses in uploads.", form="endpoint",
          example="scanner.guild.example:3310"),
    _boot("telemetry.endpoint", "OTLP_ENDPOINT", "services",
          "A collector of OpenTelemetry that takes traces by OTLP over HTTP; needs the extra guildry[telemetry].",
          check=_collector, example="http://collector.guild.example:4318"),
    _boot("telemetry.headers", "OTLP_HEADERS", "services",
          "What the collector wants to see, such as authorization=Bearer%20…, several with commas between.",
          secret=True, check=_headers),
    _boot("sign_in.google", "SIGN_IN_GOOGLE", "sign-in", "Sign in with Google: client id:secret.", secret=True,
          check=_client),
    _boot("sign_in.apple", "SIGN_IN_APPLE", "sign-in",
          "Sign in with Apple: client id:team id:key id:path of the .p8 key.", secret=True, check=_apple),
    _boot("sign_in.linkedin", "SIGN_IN_LINKEDIN", "sign-in", "Sign in with LinkedIn: client id:secret.",
          secret=True, check=_client),
    _boot("sign_in.facebook", "SIGN_IN_FACEBOOK", "sign-in", "Sign in with Facebook: client id:secret.",
          secret=True, check=_client),
    _boot("sign_in.oidc", "SIGN_IN_OIDC", "sign-in", "Another OpenID Connect provider: https://id:secret@issuer.",
          secret=True, check=_open_id),
    _boot("sign_in.oidc_name", "SIGN_IN_OIDC_NAME", "sign-in",
          "What its button says after 'Continue with'; the host of the issuer unless given."),
)  # fmt: skip


def _same_place(values: Mapping[str, Any]) -> bool:
    redis, clamd = urlsplit(values["services.redis"]), values["services.clamd"]
    return bool(clamd) and clamd == f"{redis.hostname}:{redis.port or 6379}"


RULES = (
    Rule(
        "debug.public",
        ("site.debug", "site.origin"),
        lambda values: not (values["site.debug"] and values["site.origin"].startswith("https:")),
        "shows error details to everybody on a public site.",
        "set it to 0, or give a local GUILDRY_ORIGIN",
    ),
    Rule(
        "services.ports",
        ("services.clamd", "services.redis"),
        lambda values: not _same_place(values),
        "is the port of Redis.",
        "give the port of clamd, usually 3310",
    ),
    Rule(
        "telemetry.headers",
        ("telemetry.headers", "telemetry.endpoint"),
        lambda values: bool(values["telemetry.endpoint"] or not values["telemetry.headers"]),
        "goes with a collector, and none is given.",
        "set GUILDRY_OTLP_ENDPOINT too, or delete it",
    ),
    Rule(
        "sign_in.name",
        ("sign_in.oidc_name", "sign_in.oidc"),
        lambda values: bool(values["sign_in.oidc"] or not values["sign_in.oidc_name"]),
        "names a service that is not set up.",
        "set GUILDRY_SIGN_IN_OIDC too, or delete it",
    ),
    Rule(
        "secret.old",
        ("secret.key_old", "secret.key"),
        lambda values: bool(values["secret.key"] or not values["secret.key_old"]),
        "goes with a secret key that is given, and none is.",
        "set GUILDRY_SECRET_KEY too, or delete it",
    ),
)
