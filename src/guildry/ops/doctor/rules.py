"""Findings, what they add up to, and the judgements that need no look at the machine."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

LEAST_FREE, LITTLE_FREE = 200 * 1024**2, 2 * 1024**3
MOST_SKEW = 2.0
OLDEST = {"sqlite": (3, 35), "mariadb": (10, 6), "mysql": (8, 0, 16), "redis": (6, 2)}
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Grade(StrEnum):
    """`fault` stops members or will; `advice` does not yet; `good` was looked at and is as it should be."""

    GOOD = "good"
    ADVICE = "advice"
    FAULT = "fault"


class Cause(StrEnum):
    """Whose a fault is: the configuration's, or that of something the site depends on."""

    CONFIGURATION = "configuration"
    DEPENDENCY = "dependency"


EXITS = {Cause.CONFIGURATION: 78, Cause.DEPENDENCY: 69}


@dataclass(frozen=True)
class Finding:
    """What was seen of one `part`; unless it is good, `why` it matters, what to do (`fix`), and the runbook for more."""

    part: str
    grade: Grade
    what: str
    why: str = ""
    fix: str = ""
    runbook: str = ""
    cause: Cause = Cause.CONFIGURATION


def good(part: str, what: str) -> Finding:
    return Finding(part, Grade.GOOD, what)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 78 when the configuration has a fault, 69 when only a dependency has, else 0."""
    causes = {finding.cause for finding in findings if finding.grade == Grade.FAULT}
    return next((EXITS[cause] for cause in Cause if cause in causes), 0)


def version_in(text: str) -> tuple[int, ...]:
    """Return the first version number in a text, empty when there is none."""
    found = re.search(r"\d+(?:\.\d+)+", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def is_too_old(kind: str, text: str) -> bool:
    found = version_in(text)
    return bool(found) and found < OLDEST[kind]


def least_version(requirement: str) -> tuple[str, tuple[int, ...]]:
    """Return the name and the least version in a requirement such as `django~=5.2.19`."""
    found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(?:[~>=]=\s*([0-9.]+))?", requirement)
    assert found, requirement
    return found[1], tuple(int(part) for part in (found[2] or "0").split("."))


def locked_versions(lock: str) -> dict[str, str]:
    """Return the version of every package in a lock file that no condition leaves out on some machines."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?! *;)(?:\s|$)", lock, re.MULTILINE))


def drifted(wanted: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """Return, in words, how installed packages differ from a lock file."""
    return [
        f"{name} is {present[name]}, not {version}" if name in present else f"{name} is missing"
        for name, version in wanted.items()
        if present.get(name) != version
    ]


def origin_finding(origin: str, *, sends_mail: bool) -> Finding:
    """Judge the public address of the site."""
    parts = urlsplit(origin)
    if parts.scheme == "https":
        return good("origin", f"{origin}")
    if parts.hostname in LOCAL:
        why = "Letters would lead members to their own machine." if sends_mail else ""
        if not sends_mail:
            return good("origin", f"{origin}, for this machine only")
        return Finding(
            "origin", Grade.FAULT, f"The site sends mail, yet its address is {origin}.", why,
            "Set GUILDRY_ORIGIN to the address members type, such as https://guild.example.",
        )  # fmt: skip
    return Finding(
        "origin", Grade.FAULT, f"{origin} is not https.",
        "Passwords and sessions cross the network in the clear, and passkeys do not work at all.",
        "Put a proxy that speaks TLS in front and set GUILDRY_ORIGIN to its https address.", "certificate",
    )  # fmt: skip


def skew_finding(part: str, seconds: float) -> Finding:
    """Judge how far this machine's clock is from another one's."""
    if abs(seconds) <= MOST_SKEW:
        return good("clock", f"within {MOST_SKEW:.0f} s of {part}")
    return Finding(
        "clock", Grade.FAULT, f"The clocks of this machine and of {part} are {abs(seconds):.0f} s apart.",
        "Codes that change every half a minute are refused, leases end early, and things seem to happen out of order.",
        "Switch on the time service of both machines: timedatectl set-ntp true", "slow-pages", Cause.DEPENDENCY,
    )  # fmt: skip


def room_finding(free: int) -> Finding:
    """Judge the free space of the data folder, in bytes."""
    room = f"{free / 1024**3:.1f} GB are free"
    if free >= LITTLE_FREE:
        return good("disk", room)
    return Finding(
        "disk", Grade.FAULT if free < LEAST_FREE else Grade.ADVICE, f"Only {free // 1024**2} MB are free.",
        "Below 200 MB nothing can be posted or uploaded." if free < LEAST_FREE else "It will be full sooner than you look again.",
        "Make room: the runbook says what is safe to delete.", "disk-full", Cause.DEPENDENCY,
    )  # fmt: skip
