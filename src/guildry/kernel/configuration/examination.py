"""Everything that is wrong with what files and environment say, found in one look."""

import difflib
import math
import re
import shlex
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildry.kernel.configuration import kinds
from guildry.kernel.configuration.codes import Code
from guildry.kernel.configuration.declaration import Rule, Setting
from guildry.kernel.configuration.dotenv import Entry
from guildry.kernel.configuration.findings import NAMELESS, PROCESS, Finding, in_order
from guildry.kernel.configuration.layers import Given, Layer, Origin, Outside, Source

PREFIX = "GUILDRY_"
REFERENCE = re.compile(r"(file|cmd|env):(.+)", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"change[-_ ]?me|replace[-_ ]?me|fill[-_ ]?in|to[-_ ]?do|your[-_ ].*|x{3,}|<[^<>]*>|.*\{\{.*\}\}.*|.*….*",
    re.IGNORECASE,
)
_PUBLISHED = ("django-insecure-", "secret-key-of-at-least-32-characters")
_LEAST_BITS = 96
_PATIENCE = 5


@dataclass(frozen=True)
class Examination:
    """What came of the sources: the values they give, key by key and layer by layer, and what is wrong."""

    given: Mapping[str, Mapping[Layer, Given]]
    values: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.code.is_advice)


@dataclass(frozen=True)
class _Placed:
    """An entry, the setting it belongs to, and the source it stands in."""

    source: Source
    entry: Entry
    setting: Setting

    def finding(self, code: Code, message: str, fix: str) -> Finding:
        entry = self.entry
        return Finding(self.source.file, entry.line, entry.column, entry.name, code, message, fix)


class Wanting(Exception):
    """A reference that leads nowhere; the argument says why, without a value."""


def examine(
    settings: Iterable[Setting], outside: Outside, *, rules: Iterable[Rule] = (), is_complete: bool = True
) -> Examination:
    """Read every value the sources give; what is wrong is remembered and the next layer holds instead.

    Without `is_complete` further keys will be declared, so unknown names and missing values are left for later.
    """
    declared = list(settings)
    findings = [finding for source in outside.sources for finding in source.findings]
    given: dict[str, dict[Layer, Given]] = defaultdict(dict)
    values: dict[str, Any] = {setting.key: setting.default for setting in declared}
    placed: list[_Placed] = []
    for source in outside.sources:
        known, unknown = _sorted_out(declared, source)
        findings += unknown if is_complete else []
        for item in known:
            wrong, text, value = _look_at(item, outside.environment)
            findings += wrong
            if value is not None:
                given[item.setting.key][source.layer] = Given(
                    text, Origin(source.layer, source.at(item.entry))
                )
                values[item.setting.key] = value
                placed.append(item)
    findings += _modes(placed) + _shared(placed, values)
    if is_complete:
        findings += _missing(declared, given)
    findings += list(_broken(rules, values, placed))
    return Examination(given, values, in_order(findings))


def resolve(text: str, environment: Mapping[str, str]) -> str:
    """Return what a text stands for, which is itself unless it begins with file:, cmd: or env:; raises Wanting."""
    found = REFERENCE.fullmatch(text)
    return _RESOLVERS[found[1]](found[2].strip(), environment) if found else text


def bits_of(text: str) -> float:
    """Return how much there is to guess in a text, judged by how its characters are spread."""
    return sum(-count * math.log2(count / len(text)) for count in Counter(text).values())


def _from_file(name: str, environment: Mapping[str, str]) -> str:
    try:
        return Path(name).read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise Wanting(f"refers to the file {name}, which cannot be read.") from None


def _from_command(words: str, environment: Mapping[str, str]) -> str:
    try:
        answer = subprocess.run(
            shlex.split(words), capture_output=True, text=True, check=True, timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.SubprocessError):
        raise Wanting("refers to a command that fails, or takes too long.") from None
    return answer.stdout.strip()


def _from_environment(name: str, environment: Mapping[str, str]) -> str:
    if not environment.get(name):
        raise Wanting(f"refers to the variable {name}, which is not set.")
    return environment[name]


_RESOLVERS: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "file": _from_file,
    "cmd": _from_command,
    "env": _from_environment,
}


def _sorted_out(settings: Iterable[Setting], source: Source) -> tuple[list[_Placed], list[Finding]]:
    """Return the entries that belong to a setting, and complaints about the others and about old names."""
    names: dict[str, Setting] = {}
    for setting in settings:
        own = (setting.key,) if source.layer == Layer.FILE else (setting.variable, *setting.aliases)
        names.update(dict.fromkeys(own, setting))
    known: dict[str, _Placed] = {}
    findings = []
    for entry in source.entries:
        if entry.name not in names:
            findings.append(_unknown(source, entry, names))
            continue
        setting = names[entry.name]
        item = _Placed(source, entry, setting)
        if entry.name in setting.aliases:
            fix = f"write {setting.variable}"
            findings.append(item.finding(Code.OLD_NAME, "is the old name of a key.", fix))
        first = known.setdefault(setting.key, item)
        if first is not item:
            message = f"sets what {first.entry.name} sets already."
            findings.append(item.finding(Code.TWICE, message, "keep one of the two"))
    return [item for item in known.values() if item.entry.text.strip()], findings


def _unknown(source: Source, entry: Entry, names: Mapping[str, Setting]) -> Finding:
    near = difflib.get_close_matches(entry.name, names, n=1, cutoff=0.75)
    is_ours = source.layer == Layer.FILE or entry.name.startswith(PREFIX) or bool(near)
    key = entry.name if is_ours else NAMELESS
    fix = f"did you mean {near[0]}?" if near else "delete it; guildry config template lists every name"
    column = entry.name_column
    return Finding(source.file, entry.line, column, key, Code.UNKNOWN, "is the name of no key.", fix)


def _look_at(item: _Placed, environment: Mapping[str, str]) -> tuple[list[Finding], str, Any]:
    """Return what is wrong with an entry, its text, and its value, which is None when it must not be used."""
    setting, text = item.setting, item.entry.text.strip()
    if wrong := _misplaced(item, text):
        return [wrong], "", None
    if _PLACEHOLDER.fullmatch(text):
        fix = (
            "write the value, or delete the line"
            if not setting.secret
            else "write the secret, or a reference"
        )
        return [item.finding(Code.PLACEHOLDER, "still holds a placeholder.", fix)], "", None
    if setting.secret:
        try:
            text = resolve(text, environment)
        except Wanting as wanting:
            return [item.finding(Code.REFERENCE, str(wanting), "mend the reference")], "", None
        if weak := _weakness(item, text):
            return [weak], "", None
    try:
        return [], text, kinds.parse(setting, text)
    except kinds.Wrong as refusal:
        return [item.finding(Code(refusal.code), refusal.message, refusal.fix)], "", None


def _misplaced(item: _Placed, text: str) -> Finding | None:
    setting, layer = item.setting, item.source.layer
    if setting.layers and layer not in setting.layers:
        where = " or ".join(sorted(setting.layers))
        return item.finding(Code.WRONG_LAYER, "has no effect here.", f"set it in the {where}")
    if setting.secret and layer == Layer.FILE and not REFERENCE.fullmatch(text):
        return item.finding(
            Code.WRONG_LAYER, "is a secret, and this file holds none.",
            f"set {setting.variable} in .env, or write file: and a path",
        )  # fmt: skip
    return None


def _weakness(item: _Placed, text: str) -> Finding | None:
    setting = item.setting
    if (setting.example and text == setting.example) or text.startswith(_PUBLISHED):
        return item.finding(Code.PUBLISHED, "is a secret that documentation shows.", "make one of your own")
    if not setting.min_length:
        return None
    if len(text) < setting.min_length:
        message = f"needs at least {setting.min_length} characters."
        return item.finding(Code.GUESSABLE, message, "guildry config template makes one")
    if bits_of(text) < _LEAST_BITS:
        return item.finding(Code.GUESSABLE, "is easy to guess.", "guildry config template makes one")
    return None


def _modes(placed: Iterable[_Placed]) -> list[Finding]:
    found: dict[str, Finding] = {}
    for item in placed:
        is_open = item.source.mode & 0o077 and item.source.layer == Layer.DOTENV
        if is_open and item.setting.secret and not REFERENCE.fullmatch(item.entry.text.strip()):
            found.setdefault(
                item.source.file,
                item.finding(
                    Code.FILE_MODE,
                    "is a secret in a file that others may read.",
                    f"chmod 600 {item.source.file}",
                ),
            )
    return list(found.values())


def _shared(placed: Iterable[_Placed], values: Mapping[str, Any]) -> list[Finding]:
    """Complain about secrets that serve two keys."""
    first: dict[Any, str] = {}
    findings = []
    for item in placed:
        if not item.setting.min_length:
            continue
        other = first.setdefault(values[item.setting.key], item.setting.key)
        if other != item.setting.key:
            message = f"is the same secret as {other}."
            findings.append(item.finding(Code.GUESSABLE, message, "make one for each"))
    return findings


def _missing(settings: Iterable[Setting], given: Mapping[str, Any]) -> list[Finding]:
    return [
        Finding(PROCESS, 0, 0, setting.variable, Code.MISSING, "is required and not set.", setting.doc)
        for setting in settings
        if setting.required and not given.get(setting.key)
    ]


def _broken(rules: Iterable[Rule], values: Mapping[str, Any], placed: Iterable[_Placed]) -> Iterator[Finding]:
    """Complain where values do not go together, at the last place that gives one of them."""
    where = {item.setting.key: item for item in placed}
    for rule in rules:
        if rule.is_kept({key: values[key] for key in rule.keys}):
            continue
        item = next((where[key] for key in rule.keys if key in where), None)
        if item:
            yield item.finding(Code.COMBINATION, rule.message, rule.fix)
        else:
            yield Finding(PROCESS, 0, 0, rule.keys[0], Code.COMBINATION, rule.message, rule.fix)
