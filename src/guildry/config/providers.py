"""What allauth needs to know of the services members may sign in with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def table_of(given: Mapping[str, str]) -> dict[str, Any]:
    """Return allauth's table of the services that were given, by the last part of their keys."""
    providers: dict[str, Any] = {}
    if given["google"]:
        scope = ["openid", "email", "profile"]
        providers["google"] = {"APPS": [_client(given["google"])], "SCOPE": scope, "OAUTH_PKCE_ENABLED": True}
    if given["facebook"]:
        app = _client(given["facebook"])
        providers["facebook"] = {"APPS": [app], "METHOD": "oauth2", "SCOPE": ["email", "public_profile"]}
    if given["apple"]:
        providers["apple"] = {"APPS": [_apple(given["apple"])]}
    connected = []
    if given["linkedin"]:
        server = {"server_url": "https://www.linkedin.com/oauth", "fetch_userinfo": True}
        app = _client(given["linkedin"])
        connected.append({**app, "provider_id": "linkedin", "name": "LinkedIn", "settings": server})
    if given["oidc"]:
        connected.append(_open_id(given["oidc"], given["oidc_name"]))
    if connected:
        providers["openid_connect"] = {"APPS": connected, "OAUTH_PKCE_ENABLED": True}
    return providers


def _client(value: str) -> dict[str, str]:
    client_id, _, secret = value.partition(":")
    return {"client_id": client_id, "secret": secret}


def _apple(value: str) -> dict[str, Any]:
    client_id, team_id, key_id, path = value.split(":", 3)
    settings = {"certificate_key": Path(path).read_text()}
    return {"client_id": client_id, "key": team_id, "secret": key_id, "settings": settings}


def _open_id(value: str, name: str) -> dict[str, Any]:
    parts = urlsplit(value)
    port = f":{parts.port}" if parts.port else ""
    return {
        "provider_id": "oidc",
        "name": name or parts.hostname,
        "client_id": unquote(parts.username or ""),
        "secret": unquote(parts.password or ""),
        "settings": {"server_url": f"https://{parts.hostname}{port}{parts.path}"},
    }
