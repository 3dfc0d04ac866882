"""Sessions stored with the member and device they belong to; only the cookie opens what is in them."""

from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.serializers import JSONSerializer

from guildry.kernel import clock, crypto
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, queries, rules
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import Identity
from guildry.platform.runtime.actions import purge_secrets


class SessionStore(SessionBase):
    """Django's session interface over the Session table: one query answers who this is and what was kept."""

    def __init__(self, session_key: str | None = None) -> None:
        self._session_key = session_key
        self.accessed = self.modified = False
        self.user_agent = self.address = ""
        self._identity: Identity | None = None
        self._is_looked_up = False

    def identity(self) -> Identity | None:
        """Return the row of the cookie, read once; what it keeps stays sealed until it is asked for."""
        if not self._is_looked_up:
            self._identity = queries.member_of_session(self.session_key) if self.session_key else None
            self._is_looked_up = True
        return self._identity

    def member(self) -> Member | None:
        """Return who is signed in; marks the session as accessed, because the answer depends on it."""
        self.accessed = True
        found = self.identity()
        return found.member if found else None

    def seen(self) -> Identity | None:
        """Return the row if this request looked it up, without looking it up for that."""
        return self._identity if self._is_looked_up else None

    def load(self) -> dict[str, Any]:
        found = self.identity()
        if found is None:
            self._session_key = None
            return {}
        return self._open(found.data)

    def exists(self, session_key: str) -> bool:
        return queries.member_of_session(session_key) is not None

    def create(self) -> None:
        self._session_key = crypto.new_token()
        self._is_looked_up = False
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        data: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django keeps it private
        if self.session_key is None:
            return self.create()
        return self._keep(data, is_new=must_create)

    def cycle_key(self) -> None:
        """Give the session a new key at once, so that whoever knew the old one knows nothing."""
        data = self._session  # type: ignore[attr-defined]
        replaced = self.session_key
        if replaced is None:
            return self.create()
        self._session_key = crypto.new_token()
        self._keep(data, replacing=crypto.digest(replaced))
        self._session_cache = data
        self.modified = True
        return None

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            actions.drop_session(SYSTEM, digest=crypto.digest(key))

    @classmethod
    def clear_expired(cls) -> None:
        purge_secrets(SYSTEM)

    def _keep(self, data: dict[str, Any], *, is_new: bool = False, replacing: str = "") -> None:
        member_id = data.get(SESSION_KEY)
        device = {
            "device": rules.device_label(self.user_agent),
            "address": rules.address_prefix(self.address),
        }
        actions.keep_session(
            SYSTEM,
            digest=crypto.digest(str(self.session_key)),
            replacing=replacing,
            is_new=is_new,
            member_id=int(member_id) if member_id else None,
            member_stamp=data.get(HASH_SESSION_KEY, ""),
            data=self._seal(data),
            expires_at=self._expires_at(),
            **(device if self.user_agent else {}),
        )
        self._is_looked_up = False

    def _expires_at(self) -> datetime:
        expiry = self.get_expiry_date(modification=clock.now())
        assert isinstance(expiry, datetime)
        return expiry

    def _box(self) -> MultiFernet:
        return crypto.box("session", further=str(self.session_key))

    def _seal(self, data: dict[str, Any]) -> str:
        return self._box().encrypt(JSONSerializer().dumps(data)).decode()

    def _open(self, sealed: str) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = JSONSerializer().loads(self._box().decrypt(sealed.encode()))
        except InvalidToken:
            return {}
        return kept
