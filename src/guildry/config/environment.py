"""The only reader of the process environment: every variable declared once, wrong values refused at once."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Environment:
    """What the process was told from outside; `data` is where everything it keeps lives."""

    data: Path
    debug: bool
    secret_key: str
    origin: SplitResult
    database: str
    redis: str
    hosts: tuple[str, ...]
    mail: str
    mail_from: str
    clamd: str
    sign_in: dict[str, str]


VARIABLES = {
    "GUILDRY_DATA_DIR": "Folder for the database, uploads and keys. Default: data",
    "GUILDRY_DEBUG": "1 shows error details and the mailbox page. Default: 0",
    "GUILDRY_SECRET_KEY": "At least 32 characters. Default: made once and kept in the data folder",
    "GUILDRY_ORIGIN": "Public address of the site. Default: http://localhost with the port it listens on",
    "GUILDRY_DATABASE": "sqlite, or mysql://user:password@host:port/name. Default: sqlite",
    "GUILDRY_REDIS": "redis://host:port/0 when several processes run. Default: none",
    "GUILDRY_HOSTS": "Further host names to answer to, separated by commas. Default: none",
    "GUILDRY_MAIL": "smtp://user:password@host:port, smtps://…, or mailbox. Default: mailbox",
    "GUILDRY_MAIL_FROM": "Sender of the mail the site sends. Default: guildry@ the host of the origin",
    "GUILDRY_CLAMD": "host:port of a clamd virus scanner. Default: none",
    "GUILDRY_SIGN_IN_GOOGLE": "Sign in with Google: client id:secret. Default: none",
    "GUILDRY_SIGN_IN_APPLE": "Sign in with Apple: client id:team id:key id:path of the .p8 key. Default: none",
    "GUILDRY_SIGN_IN_LINKEDIN": "Sign in with LinkedIn: client id:secret. Default: none",
    "GUILDRY_SIGN_IN_FACEBOOK": "Sign in with Facebook: client id:secret. Default: none",
    "GUILDRY_SIGN_IN_OIDC": "Another OpenID Connect provider: https://id:secret@issuer. Default: none",
    "GUILDRY_SIGN_IN_OIDC_NAME": "What its button says after 'Continue with'. Default: the issuer's host",
}


def data_folder() -> Path:
    return Path(_value("GUILDRY_DATA_DIR", "data")).absolute()


def take_notify_socket() -> tuple[str, float]:
    """Return where systemd listens, empty when it does not, and its watchdog's seconds; no child inherits them."""
    address = os.environ.pop("NOTIFY_SOCKET", "")
    microseconds, pid = os.environ.pop("WATCHDOG_USEC", ""), os.environ.pop("WATCHDOG_PID", "")
    is_meant = microseconds.isdigit() and pid in ("", str(os.getpid()))
    return address, int(microseconds) / 1_000_000 if is_meant else 0.0


def read() -> Environment:
    """Return the environment; raises ImproperlyConfigured naming the variable and what it takes."""
    unknown = (
        {name for name in os.environ if name.startswith("GUILDRY_")} - VARIABLES.keys() - _TEST_VARIABLES
    )
    if unknown:
        raise ImproperlyConfigured(f"Unknown variables {sorted(unknown)}; known: {sorted(VARIABLES)}.")
    data = data_folder()
    origin = urlsplit(_value("GUILDRY_ORIGIN", "http://localhost:8000"))
    if origin.scheme not in ("http", "https") or not origin.hostname:
        raise ImproperlyConfigured("GUILDRY_ORIGIN takes an address such as https://guild.example.")
    return Environment(
        data=data,
        debug=_flag("GUILDRY_DEBUG"),
        secret_key=_secret_key(data),
        origin=origin,
        database=_value("GUILDRY_DATABASE", "sqlite"),
        redis=_value("GUILDRY_REDIS", ""),
        hosts=tuple(filter(None, (host.strip() for host in _value("GUILDRY_HOSTS", "").split(",")))),
        mail=_value("GUILDRY_MAIL", "mailbox"),
        mail_from=_value("GUILDRY_MAIL_FROM", f"guildry@{origin.hostname}"),
        clamd=_value("GUILDRY_CLAMD", ""),
        sign_in={name: _value(f"GUILDRY_SIGN_IN_{name}", "") for name in _PROVIDERS},
    )


_PROVIDERS = ("GOOGLE", "APPLE", "LINKEDIN", "FACEBOOK", "OIDC", "OIDC_NAME")


def sign_in_providers(read_environment: Environment) -> dict[str, Any]:
    """Return allauth's table of the sign-in providers that were given; raises ImproperlyConfigured on a bad one."""
    given = read_environment.sign_in
    providers: dict[str, Any] = {}
    if given["GOOGLE"]:
        app = _client("GUILDRY_SIGN_IN_GOOGLE", given["GOOGLE"])
        providers["google"] = {
            "APPS": [app],
            "SCOPE": ["openid", "email", "profile"],
            "OAUTH_PKCE_ENABLED": True,
        }
    if given["FACEBOOK"]:
        app = _client("GUILDRY_SIGN_IN_FACEBOOK", given["FACEBOOK"])
        providers["facebook"] = {"APPS": [app], "METHOD": "oauth2", "SCOPE": ["email", "public_profile"]}
    if given["APPLE"]:
        providers["apple"] = {"APPS": [_apple(given["APPLE"])]}
    connected = []
    if given["LINKEDIN"]:
        app = _client("GUILDRY_SIGN_IN_LINKEDIN", given["LINKEDIN"])
        server = {"server_url": "https://www.linkedin.com/oauth", "fetch_userinfo": True}
        connected.append({**app, "provider_id": "linkedin", "name": "LinkedIn", "settings": server})
    if given["OIDC"]:
        connected.append(_open_id(given["OIDC"], given["OIDC_NAME"]))
    if connected:
        providers["openid_connect"] = {"APPS": connected, "OAUTH_PKCE_ENABLED": True}
    return providers


def _client(name: str, value: str) -> dict[str, str]:
    client_id, _, secret = value.partition(":")
    if not (client_id and secret):
        raise ImproperlyConfigured(f"{name} takes a client id and a secret with a colon between them.")
    return {"client_id": client_id, "secret": secret}


def _apple(value: str) -> dict[str, Any]:
    parts = value.split(":", 3)
    if len(parts) != 4 or not Path(parts[3]).is_file():
        raise ImproperlyConfigured(
            "GUILDRY_SIGN_IN_APPLE takes client id:team id:key id:path, and the path names Apple's .p8 key."
        )
    client_id, team_id, key_id, path = parts
    settings = {"certificate_key": Path(path).read_text()}
    return {"client_id": client_id, "key": team_id, "secret": key_id, "settings": settings}


def _open_id(value: str, name: str) -> dict[str, Any]:
    parts = urlsplit(value)
    if parts.scheme != "https" or not (parts.hostname and parts.username and parts.password):
        raise ImproperlyConfigured("GUILDRY_SIGN_IN_OIDC takes https://id:secret@issuer.")
    port = f":{parts.port}" if parts.port else ""
    return {
        "provider_id": "oidc",
        "name": name or parts.hostname,
        "client_id": unquote(parts.username),
        "secret": unquote(parts.password),
        "settings": {"server_url": f"https://{parts.hostname}{port}{parts.path}"},
    }


_TEST_VARIABLES = {"GUILDRY_TEST_DATABASE", "GUILDRY_TEST_REDIS"}


def test_services() -> tuple[str, str]:
    """Return the database and Redis addresses the test suite was given; empty means embedded."""
    return _value("GUILDRY_TEST_DATABASE", ""), _value("GUILDRY_TEST_REDIS", "")


def _value(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def _flag(name: str) -> bool:
    value = _value(name, "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} takes 0 or 1, not {value!r}.")
    return value == "1"


def _secret_key(data: Path) -> str:
    key = os.environ.get("GUILDRY_SECRET_KEY", "")
    if not key:
        return _kept_secret(data / "secret_key")
    if len(key) < 32:
        raise ImproperlyConfigured("GUILDRY_SECRET_KEY needs at least 32 characters.")
    return key


def _kept_secret(path: Path) -> str:
    """Return the key kept beside the data, made at the first start; processes that start together agree on one."""
    if not path.exists():
        try:
            _make_secret(path)
        except OSError as error:
            raise ImproperlyConfigured(f"Cannot write in {path.parent}: {error.strerror}.") from error
    return path.read_text()


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(own, path)
    own.unlink()
