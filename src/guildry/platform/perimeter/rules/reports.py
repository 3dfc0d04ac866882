"""What browsers report of a policy, read from both formats there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Violation:
    """What a browser blocked, cut to what tells one cause from another."""

    directive: str
    blocked: str
    source: str


def violations_in(document: Any) -> list[Violation]:
    """Read both report formats, legacy `csp-report` and the Reporting API; anything else holds none."""
    entries = document if isinstance(document, list) else [document]
    found = [_violation(entry) for entry in entries[:20] if isinstance(entry, Mapping)]
    return [violation for violation in found if violation is not None]


def _violation(entry: Mapping[str, Any]) -> Violation | None:
    body = entry.get("csp-report") or entry.get("body")
    if not isinstance(body, Mapping):
        return None
    directive = _first(body, "effective-directive", "effectiveDirective", "violated-directive")
    if not directive:
        return None
    blocked = _first(body, "blocked-uri", "blockedURL")
    source = _first(body, "source-file", "sourceFile", "document-uri", "documentURL")
    return Violation(directive.split(" ")[0][:64], _origin_and_path(blocked), _origin_and_path(source))


def _first(body: Mapping[str, Any], *names: str) -> str:
    values = (body.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _origin_and_path(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0][:200]
