"""Looking at an installation from outside and inside, part by part, whatever state it is in."""

from collections.abc import Callable, Iterator

from guildry.ops.doctor.queries import machine, reach, servers, work
from guildry.ops.doctor.rules import Cause, Finding, Grade

__all__ = ["findings"]

Look = Callable[[], Iterator[Finding]]
OUTSIDE: tuple[Look, ...] = (
    machine.python,
    machine.packages,
    machine.folder,
    machine.secret_key,
    machine.static_files,
    reach.origin,
    reach.mail,
    servers.redis,
)
# These need the database and the tables of this release in it.
INSIDE: tuple[Look, ...] = (servers.clock, work.leases, work.jobs, work.facts)


def findings(port: int) -> list[Finding]:
    """Return what was found, in the order one would look; a look that fails is a finding itself."""
    found = [finding for look in OUTSIDE for finding in _taken(look)]
    found += _taken(lambda: machine.port(port))
    found += (database := _taken(servers.database))
    if any(finding.grade == Grade.FAULT for finding in database):
        return found
    found += (schema := _taken(servers.schema))
    if all(finding.grade == Grade.GOOD for finding in schema):
        found += [finding for look in INSIDE for finding in _taken(look)]
    return found


def _taken(look: Look) -> list[Finding]:
    try:
        return list(look())
    except Exception as error:
        name = getattr(look, "__name__", "look")
        return [
            Finding(
                name, Grade.FAULT, f"It could not be looked at: {type(error).__name__}: {error}",
                "What cannot be looked at may hide anything.", "Report this line.", cause=Cause.DEPENDENCY,
            )
        ]  # fmt: skip
