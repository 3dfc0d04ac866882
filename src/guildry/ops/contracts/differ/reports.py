"""Findings for people, for pull requests, and for programs."""

from collections.abc import Iterable, Mapping
from typing import Any

from guildry.ops.contracts.differ.catalogue import RULES, Finding, Level

ORDER = (Level.BREAKING_REQUEST, Level.BREAKING_RESPONSE, Level.RISKY, Level.SAFE, Level.DOC)
SARIF_LEVELS: Mapping[Level, str] = {
    Level.BREAKING_REQUEST: "error",
    Level.BREAKING_RESPONSE: "error",
    Level.RISKY: "warning",
    Level.SAFE: "note",
    Level.DOC: "none",
}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings each once, the worst first."""
    return sorted(set(findings), key=lambda f: (ORDER.index(f.level), f.rule.id, f.place, f.said))


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each level that has any."""
    levels = [finding.level for finding in findings]
    return {str(level): levels.count(level) for level in ORDER if level in levels}


def as_text(findings: list[Finding]) -> str:
    lines = []
    for finding in findings:
        lines.append(f"{finding.level:<18}{finding.rule.id}  {finding.place}: {finding.said}")
        if finding.level.is_breaking or finding.level is Level.RISKY:
            lines.append(f"{'':<23}{finding.rule.advice}")
    return "".join(f"{line}\n" for line in lines)


def as_markdown(findings: list[Finding]) -> str:
    """Return a table for each level."""
    parts = []
    for level in ORDER:
        mine = [finding for finding in findings if finding.level is level]
        if mine:
            rows = [
                f"| {f.rule.id} {f.rule.title} | `{_cell(f.place)}` | {_cell(f.said)} | {_cell(f.rule.advice)} |"
                for f in mine
            ]
            head = (
                f"## {level} ({len(mine)})\n\n| Rule | Where | What | What to do |\n| --- | --- | --- | --- |"
            )
            parts.append("\n".join([head, *rows]))
    return "\n\n".join(parts) + "\n" if parts else "No difference.\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def as_sarif(findings: list[Finding], *, version: str, uri: str) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log with one run."""
    used = sorted({finding.rule.id for finding in findings})
    rules = [
        {
            "id": rule_id,
            "name": RULES[rule_id].title,
            "shortDescription": {"text": RULES[rule_id].title},
            "help": {"text": RULES[rule_id].advice},
            "defaultConfiguration": {"level": SARIF_LEVELS[RULES[rule_id].level]},
        }
        for rule_id in used
    ]
    results = [
        {
            "ruleId": finding.rule.id,
            "ruleIndex": used.index(finding.rule.id),
            "level": SARIF_LEVELS[finding.level],
            "message": {"text": f"{finding.place}: {finding.said}. {finding.rule.advice}"},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": uri}},
                    "logicalLocations": [{"fullyQualifiedName": finding.place}],
                }
            ],
            "properties": {"class": str(finding.level)},
        }
        for finding in findings
    ]
    driver = {"name": "guildry contracts diff", "version": version, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
