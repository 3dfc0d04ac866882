"""A box compared with what its member may see on the server, key by key; no value of the server is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guildry.kernel import clock
from guildry.kernel.offline import OfflineEntity
from guildry.ops.schemas import hive, rules
from guildry.ops.schemas.queries.entities import entity_of, private_names
from guildry.ops.schemas.queries.manifests import Manifest
from guildry.ops.schemas.queries.packing import held

MOST_FINDINGS = 200


@dataclass(frozen=True)
class Report:
    """What verification found. `member` is whom it was compared with; without one only the contract was asked."""

    box: str
    member: str
    findings: tuple[rules.Finding, ...]
    damage: hive.Damage | None = None
    manifest: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def wrong_count(self) -> int:
        return sum(finding.verdict is not rules.Verdict.OK for finding in self.findings)

    @property
    def wrong(self) -> list[rules.Finding]:
        """The keys that need a look, the worst first, as many as a page shows."""
        order = list(rules.Verdict)
        wrong = [finding for finding in self.findings if finding.verdict is not rules.Verdict.OK]
        return sorted(wrong, key=lambda finding: -order.index(finding.verdict))[:MOST_FINDINGS]

    @property
    def is_right(self) -> bool:
        return not (self.damage or self.manifest) and not any(
            finding.verdict in rules.FAILING for finding in self.findings
        )


def verify_box(box: hive.Box, *, name: str, member: Any = None, manifest: Manifest | None = None) -> Report:
    """Return a verdict for every key, on the server or in the box; raises UnknownBox."""
    entity = entity_of(name)
    problems: list[str] = []
    signed: Mapping[str, str] = {}
    if manifest is not None:
        problems = manifest.problems_of(name, box.data)
        if member is not None and manifest.body["member"] != str(member.pk):
            problems.append("made for another member")
        if not manifest.problems:
            signed = manifest.entry(name).get("rows", {})
    found = sorted(_findings(entity, box, member, signed), key=lambda finding: finding.key)
    counts = Counter(finding.verdict.value for finding in found)
    return Report(
        name, member.handle if member else "", tuple(found), box.damage, tuple(problems), dict(counts)
    )


def server_rows(entity: OfflineEntity, member: Any) -> dict[str, dict[str, Any]]:
    """Return the plain rows of a member by key, as a box of theirs would hold them."""
    rows = (rules.plain(row) for row in entity.rows(member))
    return {row[entity.key]: row for row in rows}


def _findings(
    entity: OfflineEntity, box: hive.Box, member: Any, signed: Mapping[str, str]
) -> list[rules.Finding]:
    server = None if member is None else server_rows(entity, member)
    found = [
        _judged(entity, frame, rules.ANYBODYS if server is None else _row(entity, server, frame.key, signed))
        for frame in box.live.values()
    ]
    gone = (server or {}).keys() - box.live.keys()
    return [*found, *(rules.Finding(key, rules.Verdict.MISSING) for key in gone)]


def _row(
    entity: OfflineEntity, server: Mapping[str, Any], key: hive.Key, signed: Mapping[str, str]
) -> rules.Row | None:
    if not isinstance(key, str) or key not in server:
        return None
    volatile = frozenset(part.name for part in entity.record.fields if part.volatile)
    return rules.Row(server[key], entity.version, volatile, signed.get(key, ""))


def _judged(entity: OfflineEntity, frame: hive.Frame, row: rules.Row | None) -> rules.Finding:
    if frame.unread:
        return rules.Finding(str(frame.key), rules.Verdict.SCHEMA_INVALID, (("", frame.unread),))
    opened = held(entity, frame.value)
    payload = opened.payload
    place = rules.pointer(entity.key)
    is_row = isinstance(payload, dict) and not {"", place} & {at for at, _ in opened.misfits}
    if is_row and payload[entity.key] != frame.key:
        misfit = (place, "is not the key it is kept under")
        opened = rules.Held(payload, (*opened.misfits, misfit), opened.stored_at, opened.expires_at)
    return rules.judge(
        str(frame.key), opened, row, now=clock.now(), lasts=entity.lasts, private=private_names()
    )
