"""The OpenAPI document is valid, complete, and true of the addresses it names."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from guildry.config.api import api
from guildry.kernel import errors

SAFE = {"get"}
VERB_NOUN = re.compile(r"[a-z]+(_[a-z]+)+")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in api.document["paths"].items():
        yield from ((path, method, described) for method, described in methods.items())


OPERATIONS = list(operations())
NAMES = [described["operationId"] for _, _, described in OPERATIONS]


def references(described: dict[str, Any]) -> set[str]:
    return {parameter.get("$ref", "").rpartition("/")[2] for parameter in described["parameters"]}


def test_the_document_is_valid() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(api.document).iter_errors()] == []


def test_the_document_is_served_and_not_sent_twice(db: None) -> None:
    client = Client()

    first = client.get("/api/v1/openapi.json")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Content-Type"], first.json()) == (200, "application/json", api.document)
    assert (again.status_code, again.content) == (304, b"")


def test_the_document_travels_packed(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json", headers={"Accept-Encoding": "br, gzip"})

    assert (answer["Content-Encoding"], "Accept-Encoding" in answer["Vary"]) == ("gzip", True)
    assert gzip.decompress(answer.content) == api.document_bytes
    assert len(answer.content) < 60_000


def test_every_operation_has_a_name_of_its_own() -> None:
    assert sorted(set(NAMES)) == sorted(NAMES)
    assert [name for name in NAMES if not VERB_NOUN.fullmatch(name)] == []


def test_every_group_is_described_and_used() -> None:
    described = {tag["name"] for tag in api.document["tags"]}

    assert {tag for _, _, entry in OPERATIONS for tag in entry["tags"]} == described
    assert all(tag["description"] for tag in api.document["tags"])


def test_every_operation_says_all_that_a_caller_needs() -> None:
    silent = {
        described["operationId"]: found
        for _, method, described in OPERATIONS
        if (found := _missing(method, described))
    }

    assert silent == {}


def _missing(method: str, described: dict[str, Any]) -> list[str]:
    answers, shared = described["responses"], references(described)
    queried = [parameter for parameter in described["parameters"] if parameter.get("in") == "query"]
    said = {
        "a summary": bool(described["summary"]),
        "one group": len(described["tags"]) == 1,
        "both ways to be known": {"token", "session"}
        <= {n for entry in described["security"] for n in entry},
        "the refusals of every call": {"401", "403", "429", "503"} <= set(answers),
        "what is wrong with a body": "requestBody" not in described
        or {"400", "413", "415", "422"} <= set(answers),
        "how to repeat it": ("idempotency_key" in shared) == (method not in SAFE),
        "304 for reads": ("304" in answers) == ("if_none_match" in shared) == (method in SAFE),
        "versions": ("if_match" in shared) == ("412" in answers) == ("428" in answers),
        "what to ask for": all(parameter["description"] for parameter in queried),
    }
    return [name for name, is_said in said.items() if not is_said]


def test_every_operation_is_what_answers_at_its_address() -> None:
    assert [
        entry["operationId"] for path, method, entry in OPERATIONS if not _answers(path, method, entry)
    ] == []


def _answers(path: str, method: str, described: dict[str, Any]) -> bool:
    found = resolve(re.sub(r"\{\w+\}", "1", path))
    cells = [cell.cell_contents for cell in found.func.__closure__ or ()]
    behind = next(cell.operations for cell in cells if hasattr(cell, "operations"))
    names = {op.view_func.__name__ for op in behind if method.upper() in op.methods}
    return names == {described["operationId"]}


def test_every_example_fits_its_shape() -> None:
    wrong = {
        described["operationId"]: found for _, _, described in OPERATIONS if (found := _unfitting(described))
    }

    assert wrong == {}


def _unfitting(described: dict[str, Any]) -> list[str]:
    bodies = [described["requestBody"]] if "requestBody" in described else []
    contents = [
        content
        for part in [*bodies, *described["responses"].values()]
        for content in part.get("content", {}).values()
    ]
    return [
        f"{error.json_path}: {error.message[:200]}"
        for content in contents
        for error in Draft202012Validator(
            {**content["schema"], "components": api.document["components"]}
        ).iter_errors(content["example"])
    ]


def test_every_refusal_the_document_names_is_one_of_ours() -> None:
    known = {problem.code for problem in errors.REGISTRY.values()}
    named = set(re.findall(r"- `(\w+)`:", api.document_bytes.decode().replace("\\n", "\n")))

    assert named
    assert named - known == set()


def test_every_kind_of_refusal_has_a_page(db: None) -> None:
    pages = {slug: Client().get(f"/problems/{slug}/") for slug in errors.REGISTRY}

    silent = [slug for slug, page in pages.items() if errors.REGISTRY[slug].code not in page.content.decode()]
    assert silent == []
    assert {page.status_code for page in pages.values()} == {200}


def test_the_overview_lists_every_operation(db: None) -> None:
    page = Client().get("/api/").content.decode()

    assert [name for name in NAMES if f"#{name}" not in page] == []


@pytest.mark.parametrize("group", [tag["name"] for tag in api.document["tags"]])
def test_the_page_of_a_group_explains_its_operations(group: str, db: None) -> None:
    page = Client().get(f"/api/{group}/").content.decode()

    mine = [described for _, _, described in OPERATIONS if group in described["tags"]]
    assert [entry["operationId"] for entry in mine if f'id="{entry["operationId"]}"' not in page] == []
    assert [entry["summary"] for entry in mine if entry["summary"] not in page] == []


def test_a_group_that_is_not_there_is_not_found(db: None) -> None:
    assert Client().get("/api/stocks/").status_code == 404
