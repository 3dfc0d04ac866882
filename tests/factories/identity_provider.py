"""A small OpenID Connect provider on a real port: discovery, keys, tokens and who somebody is."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "guild", "between-us"


class IdentityProvider:
    """Vouches for `person` to whoever brings the right code and a secret it knows; `asked` keeps what it was asked for.

    `issuer` is the name it signs with.
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.origin = f"http://127.0.0.1:{server.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.issuer = self.origin
        self.knows: Callable[[str], bool] = lambda secret: secret == SECRET
        self.person: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []

    @property
    def settings(self) -> dict[str, Any]:
        """What SOCIALACCOUNT_PROVIDERS holds when this provider is set up."""
        app = {
            "provider_id": "oidc", "name": "The Union", "client_id": CLIENT, "secret": SECRET,
            "settings": {"server_url": self.origin},
        }  # fmt: skip
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        return {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._keys,
            "/token": lambda: self._token(form),
            "/person": lambda: self.person,
        }[path]()

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            "userinfo_endpoint": f"{self.origin}/person",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        self.asked.append(form)
        if form.get("code") != "right" or not self.knows(form.get("client_secret", "")):
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.person | {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        signed = jwt.encode(claims, self.key, "RS256", headers={"kid": "one"})
        return {"access_token": "open", "token_type": "Bearer", "id_token": signed, "expires_in": 60}


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """Run a provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply({name: values[0] for name, values in parse_qs(body).items()})

        def _reply(self, form: dict[str, str]) -> None:
            said = provider.answer(self.path, form)
            self.send_response(400 if "error" in said else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, format: str, *arguments: Any) -> None:
            """A test has no use for access logs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
