"""From text to value and back, by the kind a key declares; a wrong text is refused with what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from guildry.kernel.configuration.codes import Code

# A declaration is checked with what is here, so what is here cannot name its class.
Declared = Any


@dataclass(eq=False)
class Wrong(Exception):
    """Why a text is no value of a key; never holds a secret's text."""

    code: Code
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


@dataclass(frozen=True)
class Kind:
    """How values of one type are read, written, and called."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    takes: str
    schema: dict[str, Any]


_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _bool(text: str) -> bool:
    return {"0": False, "1": True, "false": False, "true": True}[text.lower()]


def _int(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise ValueError
    return int(text)


def _float(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text)


def _duration(text: str) -> timedelta:
    if _NUMBER.fullmatch(text):
        raise Wrong(
            Code.NO_UNIT,
            "has no unit.",
            f"write it with ms, s, m, h or d after the number, for example {text}s",
        )
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])


def duration_text(value: timedelta) -> str:
    """Write a duration with the largest unit that leaves a whole number."""
    milliseconds = round(value.total_seconds() * 1000)
    for unit in ("d", "h", "m", "s"):
        count, rest = divmod(milliseconds, int(_SECONDS[unit] * 1000))
        if not rest:
            return f"{count}{unit}"
    return f"{milliseconds}ms"


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


KINDS: dict[type, Kind] = {
    bool: Kind(_bool, lambda value: str(int(value)), "0 or 1", {"type": "boolean"}),
    int: Kind(_int, str, "a whole number", {"type": "integer"}),
    float: Kind(_float, lambda value: f"{value:g}", "a number", {"type": "number"}),
    str: Kind(str, str, "a text", {"type": "string"}),
    timedelta: Kind(
        _duration,
        duration_text,
        "a number with ms, s, m, h or d after it",
        {"type": "string", "pattern": rf"^{_DURATION.pattern}$"},
    ),
    tuple: Kind(_list, ",".join, "texts with commas between", {"type": "array", "items": {"type": "string"}}),
}

_HOST = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_BRACKETED = re.compile(r"\[[0-9a-f:.]+\]")


def _is_url(text: str) -> bool:
    parts = _split(text)
    return bool(parts and parts.scheme and (parts.hostname or parts.path))


def _is_origin(text: str) -> bool:
    parts = _split(text)
    return bool(
        parts
        and parts.scheme in ("http", "https")
        and parts.hostname
        and parts.path in ("", "/")
        and not (parts.query or parts.fragment or parts.username)
    )


def _is_host(text: str) -> bool:
    return bool(_HOST.fullmatch(text.lower()) or _BRACKETED.fullmatch(text.lower()))


def _is_endpoint(text: str) -> bool:
    host, colon, port = text.rpartition(":")
    return bool(colon) and _is_host(host) and port.isdecimal() and 0 < int(port) < 65536


def _is_mailbox(text: str) -> bool:
    """Tell whether a text is an address, alone or in angle brackets after a name."""
    match = re.fullmatch(r"[^<>]*<([^<>]+)>", text)
    return bool(_EMAIL.fullmatch(match[1] if match else text))


def _split(text: str) -> Any:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "url": (_is_url, "an address such as https://host.example/path"),
    "origin": (_is_origin, "an address such as https://guild.example"),
    "host": (_is_host, "a host name such as guild.example"),
    "email": (_is_mailbox, "a mail address such as guildry@guild.example"),
    "endpoint": (_is_endpoint, "a host and a port such as localhost:3310"),
    "path": (lambda text: "\0" not in text, "the path of a file or folder"),
}


def parse(setting: Declared, text: str) -> Any:
    """Return the value a text stands for; raises Wrong, which never repeats the text of a secret."""
    kind = KINDS[setting.kind]
    try:
        value = kind.read(text.strip())
    except (ValueError, KeyError):
        raise Wrong(Code.TYPE, f"takes {kind.takes}, not {shown(setting, text)}.", bounds(setting)) from None
    if wrong := refusal_of(setting, value):
        raise wrong
    return value


def render(setting: Declared, value: Any) -> str:
    """Return the text that `parse` turns into the value again."""
    return KINDS[setting.kind].write(value)


def plain(setting: Declared, value: Any) -> Any:
    """Return a value as JSON holds it."""
    if setting.kind is timedelta:
        return duration_text(value)
    return list(value) if setting.kind is tuple else value


def refusal_of(setting: Declared, value: Any) -> Wrong | None:
    """Say what is wrong with a value of the right type, or None."""
    if out := _outside(setting, value):
        return out
    parts = value if setting.kind is tuple else (value,)
    for part in parts if setting.kind in (str, tuple) else ():
        if wrong := _wrong_text(setting, part):
            return wrong
    problem = setting.check(value) if setting.check else ""
    return (
        Wrong(Code.FORM, problem, f"for example {setting.example}" if setting.example else "")
        if problem
        else None
    )


def shown(setting: Declared, text: str) -> str:
    """Return a text for a message: quoted and short, and of a secret only that there is one."""
    return "what is there" if setting.secret else repr(text if len(text) <= 60 else f"{text[:57]}...")


def _outside(setting: Declared, value: Any) -> Wrong | None:
    low, high = setting.minimum, setting.maximum
    is_out = (low is not None and value < low) or (high is not None and value > high)
    if not is_out:
        return None
    return Wrong(Code.RANGE, f"is {_with_unit(setting, value)}.", bounds(setting))


def bounds(setting: Declared) -> str:
    low, high = setting.minimum, setting.maximum
    if low is not None and high is not None:
        return f"choose from {render(setting, low)} to {_with_unit(setting, high)}"
    if low is not None:
        return f"choose at least {_with_unit(setting, low)}"
    if high is not None:
        return f"choose at most {_with_unit(setting, high)}"
    return f"for example {setting.example}" if setting.example else f"write {KINDS[setting.kind].takes}"


def _with_unit(setting: Declared, value: Any) -> str:
    return f"{render(setting, value)} {setting.unit}".strip()


def _wrong_text(setting: Declared, text: str) -> Wrong | None:
    if setting.choices and text not in setting.choices:
        choices = ", ".join(setting.choices)
        return Wrong(Code.CHOICE, f"is none of the choices: {shown(setting, text)}.", f"choose {choices}")
    if setting.form and not FORMS[setting.form][0](text):
        takes = FORMS[setting.form][1]
        example = setting.example or takes
        return Wrong(Code.FORM, f"takes {takes}, not {shown(setting, text)}.", f"for example {example}")
    if setting.pattern and not re.fullmatch(setting.pattern, text):
        return Wrong(
            Code.FORM, f"does not have the form it takes: {shown(setting, text)}.", _form_of(setting)
        )
    return None


def _form_of(setting: Declared) -> str:
    return f"for example {setting.example}" if setting.example else f"it must match {setting.pattern}"
