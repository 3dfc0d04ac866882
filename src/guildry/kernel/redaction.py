"""What logs must not show: hidden by the key it stands under, and by what it looks like in free text."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models

from guildry.kernel import crypto, inventory
from guildry.kernel.inventory import Log
from guildry.kernel.points import FOREIGN_INVENTORY

HIDDEN = "[hidden]"
TRACEBACK = "exception"
# Dates, counts and choices say nothing that a log must not; text and addresses do.
_TELLING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# Keys that the log fills itself.
OWN_KEYS = frozenset(("level", "logger", "timestamp", "trace_id", "span_id", "request_id"))

_PLAIN = (int, float, bool, type(None), date)
_PLAIN_TYPES = frozenset((*_PLAIN, datetime))
_SECRET_WORDS = re.compile(
    r"(^|[_\W])(pass(word|phrase|wd)|secret|token|cookie|authori[sz]ation|api_?key|credential|otp|csrf\w*|"
    r"session_?(key|id)?|private_?key|recovery_?code|ticket|signature)s?\d?($|[_\W])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PROOFS = (
    (re.compile(r"\b(Bearer|Basic|Digest)\s+[^\s,;'\"]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"://[^/\s@'\"]+@"), f"://{HIDDEN}@"),
    (
        re.compile(
            r"((?:password|passphrase|secret|token|cookie|api_?key|csrf\w*|session_?id|signature|sig)"
            r"['\"]?\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,;&)}\]'\"]+)",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(/reset/)[^/\s]+-[^/\s]+"), rf"\1{HIDDEN}"),
    # The words in which MariaDB repeats the value that it refused.
    (re.compile(r"(Duplicate entry |value: )'(?:[^'\\]|\\.|'')*'"), rf"\1'{HIDDEN}'"),
)
# Whoever draws a secret draws it long, and from letters of both cases and digits.
_LONG = re.compile(r"[A-Za-z0-9_-]{24,}")
_LOOKS_LIKE_PROOF = re.compile(r"[@=:']|/reset/|[Bb]earer |[Bb]asic |[Dd]igest ")

_declared: dict[str, Log] = {}


def declare(key: str, how: Log) -> None:
    """Say how logs treat a key; of two that disagree the stricter one holds."""
    strictness = list(Log)
    known = _declared.get(key, Log.PLAIN)
    _declared[key] = max(known, how, key=strictness.index)
    treatment_of.cache_clear()


def learn_inventory() -> None:
    """Treat each key as the inventory has the stored field of that name treated."""
    for model in apps.get_models(include_auto_created=True):
        foreign = FOREIGN_INVENTORY.get(model._meta.label)
        for field in model._meta.local_fields:
            data_class = inventory.class_of(field, foreign)
            if data_class and isinstance(field, _TELLING) and not field.choices:
                declare(field.name, data_class.log)


@lru_cache(maxsize=2000)
def treatment_of(key: str) -> Log:
    """Return how logs treat what stands under a key."""
    return Log.NEVER if _SECRET_WORDS.search(key) else _declared.get(key, Log.PLAIN)


def redacted(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a log entry without what it must not show."""
    shown: dict[str, Any] = {}
    for key, value in entry.items():
        if key in OWN_KEYS:
            shown[key] = value
        elif key == TRACEBACK:
            shown[key] = _told(value)
        elif (how := treatment_of(key)) is Log.PLAIN:
            shown[key] = value if type(value) in _PLAIN_TYPES else _shown(value)
        else:
            shown[key] = _hidden(how, value)
    return shown


def scrubbed(text: str) -> str:
    """Return free text without addresses, secrets and what a database repeats of a row."""
    if _LOOKS_LIKE_PROOF.search(text):
        for pattern, replacement in _PROOFS:
            text = pattern.sub(replacement, text)
        text = _EMAIL.sub(lambda found: _hashed(found[0]), text) if "@" in text else text
    return _LONG.sub(_unless_drawn, text) if len(text) >= 24 else text


def _unless_drawn(found: re.Match[str]) -> str:
    word = found[0]
    is_mixed = word != word.lower() and word != word.upper() and any(map(str.isdigit, word))
    return HIDDEN if is_mixed else word


def _hidden(how: Log, value: Any) -> Any:
    if value is None or value == "":
        return value
    return HIDDEN if how is Log.NEVER else _hashed(str(value))


def _hashed(value: str) -> str:
    """Return what tells two values apart and never says what they are."""
    return f"[hash {crypto.keyed_digest('log', value.strip().lower())[:12]}]"


def _told(value: Any) -> Any:
    """Return a rendered traceback with its texts scrubbed; its keys are names of its own."""
    if isinstance(value, dict):
        return {key: _told(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_told(each) for each in value]
    return scrubbed(value) if isinstance(value, str) else value


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return redacted({str(key): each for key, each in value.items()})
    if is_dataclass(value) and not isinstance(value, type):
        return redacted({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(each) for each in value]
    return scrubbed(repr(value))
