"""The differ against its corpus: every breaking edit is found, hardly anything else is called breaking."""

import json
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from guildry.ops.contracts import differ, queries
from guildry.ops.contracts.differ import RULES, Level
from guildry.ops.contracts.differ.catalogue import found
from guildry.ops.contracts.differ.shapes import references_in, resolved
from tests.ops.contracts.edits import boxes, operations, shapes, sockets
from tests.ops.contracts.edits.edit import Case

FAMILIES = [operations, shapes, sockets, boxes]


EMPTY: dict[str, Any] = {
    "openapi": {"paths": {}},
    "asyncapi": {"servers": {}},
    "offline": {"boxes": {}, "types": {}, "next_type_id": 0},
}
# Areas with something of every kind that is edited; the benchmark takes the whole API.
ALL, FEW = "/api/v1/timeline/", "/api/v1/notifications/"


@cache
def base(area: str = ALL) -> dict[str, Any]:
    """Our own contracts, as far as the edits need them: one area, without the examples that no rule reads."""
    kept: dict[str, Any] = _without_examples(queries.program_set())
    openapi = kept["openapi"]
    openapi["paths"] = {
        path: methods for path, methods in openapi["paths"].items() if path.startswith(area[:-1])
    }
    wanted = references_in(openapi["paths"])
    while more := references_in([resolved({"$ref": name}, openapi) for name in wanted]) - wanted:
        wanted |= more
    openapi["components"] = {
        kind: {name: part for name, part in parts.items() if f"#/components/{kind}/{name}" in wanted}
        for kind, parts in openapi["components"].items()
    }
    return kept


def part_of(family: ModuleType) -> dict[str, Any]:
    """Return a set with nothing but the document that a family of edits is about."""
    document = {sockets: "asyncapi", boxes: "offline"}.get(family, "openapi")
    return {**EMPTY, document: base(FEW if family is shapes else ALL)[document]}


def _without_examples(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without_examples(value) for key, value in part.items() if key != "example"}
    return [_without_examples(value) for value in part] if isinstance(part, list) else part


def judged(case: Case) -> tuple[set[tuple[str, str]], bool]:
    """Return what was found, and whether the label is among it."""
    got = {(finding.rule.id, str(finding.level)) for finding in differ.compare(case.old, case.new)}
    if case.rule:
        return got, (case.rule, case.level) in got
    return got, all(level in (Level.SAFE, Level.DOC) for _, level in got)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_every_edit_is_found_for_what_it_is(family: ModuleType) -> None:
    own = part_of(family)
    wrong, count = [], 0
    for case in (case for edit in family.edits(own) for case in edit.cases(own)):
        count += 1
        got, is_right = judged(case)
        is_called_breaking = any(Level(level).is_breaking for _, level in got)
        if not is_right or is_called_breaking != case.is_breaking:
            wrong.append((case.name, case.rule, case.level, sorted(got)))

    assert wrong == []
    assert count > 40


def test_the_corpus_has_every_rule_and_more_than_two_hundred_edits() -> None:
    edits = [edit for family in FAMILIES for edit in family.edits(base())]
    named = {rule for edit in edits for rule, _ in (edit.forward, edit.back)}

    assert len(edits) > 200
    assert set(RULES) - named == set()


def test_a_set_does_not_differ_from_itself() -> None:
    assert differ.compare(base(), base()) == []


def test_every_rule_says_what_to_do() -> None:
    for rule in RULES.values():
        assert rule.advice.endswith(".")
        assert rule.family
        assert rule.title == rule.title.strip()


def test_a_text_report_begins_with_the_worst_and_says_what_to_do() -> None:
    findings = differ.ordered(
        [found("T01", "GET /a", "words"), found("R01", "GET /b", "is gone"), found("R15", "GET /c", "less")]
    )

    assert differ.as_text(findings).splitlines() == [
        "breaking-request  R01  GET /b: is gone",
        f"{'':23}{RULES['R01'].advice}",
        "risky             R15  GET /c: less",
        f"{'':23}{RULES['R15'].advice}",
        "doc               T01  GET /a: words",
    ]
    assert differ.counted(findings) == {"breaking-request": 1, "risky": 1, "doc": 1}


def test_a_markdown_report_has_a_table_for_each_level() -> None:
    findings = [found("P01", "GET /a → 200.b|c", "is gone")]

    assert differ.as_markdown(findings).splitlines()[0] == "## breaking-response (1)"
    assert "`GET /a → 200.b\\|c`" in differ.as_markdown(findings)
    assert differ.as_markdown([]) == "No difference.\n"


def test_a_sarif_report_names_rules_places_and_levels() -> None:
    findings = [found("P01", "GET /a", "is gone"), found("R15", "GET /a", "less")]

    log = differ.as_sarif(findings, version="0.1.0", uri="contracts/manifest.json")

    run = log["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["P01", "R15"]
    assert [(r["ruleId"], r["ruleIndex"], r["level"]) for r in run["results"]] == [
        ("P01", 0, "error"),
        ("R15", 1, "warning"),
    ]
    assert json.loads(json.dumps(log)) == log


def test_a_shape_that_holds_itself_is_compared_once() -> None:
    def circle(kind: str) -> dict[str, Any]:
        node = {
            "type": "object",
            "properties": {"next": {"$ref": "#/components/schemas/Node"}, "value": {"type": kind}},
        }
        answer = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}
        operation = {"operationId": "walk_nodes", "responses": answer}
        openapi = {"paths": {"/nodes": {"get": operation}}, "components": {"schemas": {"Node": node}}}
        return {**base(), "openapi": openapi}

    findings = differ.compare(circle("string"), circle("integer"))

    assert [(f.rule.id, f.place) for f in findings] == [("P03", "GET /nodes → 200.value")]
