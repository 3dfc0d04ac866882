"""Edits of operations: addresses, parameters, bodies, who may call, statuses, headers, pages."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.ops.contracts.edits.edit import DOC, REQUEST, RESPONSE, RISKY, SAFE, Edit, Label, Set
from tests.ops.contracts.edits.shapes import operation_of

Touch = Callable[[dict[str, Any]], None]
NEW_PARAMETER = {"name": "since", "in": "query", "required": False, "schema": {"type": "string"}}


def edits(base: Set) -> list[Edit]:
    found = []
    for number in (0, 1):
        found += [
            _touching(f"{name} of {operation}", operation, touch, forward, back)
            for name, among, touch, forward, back in TOUCHES
            for operation in [_operations(base, among)[number]]
        ]
        found += _moving(base, number)
    return [*found, *_servers()]


def _touching(name: str, operation: str, touch: Touch, forward: Label, back: Label) -> Edit:
    return Edit(name, lambda contracts: touch(operation_of(contracts, operation)), forward, back)


def _all(base: Set) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, described)
        for path, methods in sorted(base["openapi"]["paths"].items())
        for method, described in sorted(methods.items())
    ]


def _operations(base: Set, among: Callable[[dict[str, Any]], bool]) -> list[str]:
    names = [described["operationId"] for _, _, described in _all(base) if among(described)]
    return names if len(names) > 1 else names * 2


def _moving(base: Set, number: int) -> list[Edit]:
    """Operations that go, come, or answer somewhere else; parts of paths with other names."""
    entries = [entry for entry in _all(base) if len(base["openapi"]["paths"][entry[0]]) == 1]
    path, method, described = entries[number * 5]
    with_part = [entry for entry in entries if "{" in entry[0]][number]
    name = described["operationId"]

    def remove(contracts: Set) -> None:
        del contracts["openapi"]["paths"][path]

    def move(contracts: Set) -> None:
        paths = contracts["openapi"]["paths"]
        paths[f"{path}/elsewhere"] = paths.pop(path)

    def change_method(contracts: Set) -> None:
        methods = contracts["openapi"]["paths"][path]
        methods["put" if method != "put" else "post"] = methods.pop(method)

    def add(contracts: Set) -> None:
        copied = deepcopy(contracts["openapi"]["paths"][path][method])
        copied["operationId"] = "brand_new"
        contracts["openapi"]["paths"][f"{path}/new"] = {method: copied}

    def rename_part(contracts: Set) -> None:
        paths = contracts["openapi"]["paths"]
        paths[with_part[0].replace("{", "{the_")] = paths.pop(with_part[0])

    gone, new, moved = ("R01", REQUEST), ("A01", SAFE), ("R02", REQUEST)
    return [
        Edit(f"{name} is removed", remove, gone, new),
        Edit(f"{name} moves", move, moved, moved),
        Edit(f"{name} changes its method", change_method, moved, moved),
        Edit(f"an operation beside {name} is added", add, new, gone),
        Edit(f"the part of {with_part[0]} is renamed", rename_part, ("T02", DOC), ("T02", DOC)),
    ]


def _servers() -> list[Edit]:
    def rebase(contracts: Set) -> None:
        contracts["openapi"]["servers"][0]["url"] = "/somewhere/"

    def lower_rate(contracts: Set) -> None:
        for methods in contracts["openapi"]["paths"].values():
            for described in methods.values():
                described["x-rate"] = {**described["x-rate"], "cost": 4}

    return [
        Edit("the server moves", rebase, ("R14", REQUEST), ("R14", REQUEST)),
        Edit("every call costs more", lower_rate, ("R15", RISKY), ("", SAFE)),
    ]


def _any(described: dict[str, Any]) -> bool:
    return True


def _member(described: dict[str, Any]) -> bool:
    return {} not in described["security"]


def _public(described: dict[str, Any]) -> bool:
    return {} in described["security"]


def _reading(described: dict[str, Any]) -> bool:
    return _member(described) and any("read" in scope for scope in _scopes(described))


def _scopes(described: dict[str, Any]) -> list[str]:
    return next(way["token"] for way in described["security"] if "token" in way)


def _queried(described: dict[str, Any]) -> bool:
    return any(_is_optional_query(parameter) for parameter in described["parameters"])


def _is_optional_query(parameter: dict[str, Any]) -> bool:
    return parameter.get("in") == "query" and not parameter.get("required", False)


def _with_body(described: dict[str, Any]) -> bool:
    return bool(described.get("requestBody", {}).get("required"))


def _without_body(described: dict[str, Any]) -> bool:
    return "requestBody" not in described


def _paged(described: dict[str, Any]) -> bool:
    return any(parameter.get("$ref", "").endswith("/cursor") for parameter in described["parameters"])


def _answering(described: dict[str, Any]) -> bool:
    return "application/json" in described["responses"].get("200", {}).get("content", {})


def _refusing(described: dict[str, Any]) -> bool:
    return any(entry.get("x-problems") for entry in described["responses"].values())


def _query_part(described: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = next(filter(_is_optional_query, described["parameters"]))
    return part


def _refusal(described: dict[str, Any]) -> dict[str, Any]:
    refusal: dict[str, Any] = next(
        entry for entry in described["responses"].values() if entry.get("x-problems")
    )
    return refusal


def _require_parameter(described: dict[str, Any]) -> None:
    described["parameters"].append({**NEW_PARAMETER, "required": True})


def _certain_parameter(described: dict[str, Any]) -> None:
    _query_part(described)["required"] = True


def _drop_parameter(described: dict[str, Any]) -> None:
    described["parameters"].remove(_query_part(described))


def _body(described: dict[str, Any], *, required: bool) -> None:
    described["requestBody"] = {
        "required": required,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def _other_media(described: dict[str, Any]) -> None:
    content = described["requestBody"]["content"]
    content["application/xml"] = content.pop(next(iter(content)))


def _second_media(described: dict[str, Any]) -> None:
    content = described["requestBody"]["content"]
    content["application/cbor"] = deepcopy(next(iter(content.values())))


def _answer_media(described: dict[str, Any]) -> None:
    content = described["responses"]["200"]["content"]
    content["application/xml"] = content.pop("application/json")


def _raise_scope(described: dict[str, Any]) -> None:
    for way in described["security"]:
        if "token" in way:
            way["token"] = [way["token"][0].replace(".read", ".write")]


def _close(described: dict[str, Any]) -> None:
    described["security"] = [way for way in described["security"] if way]


def _only_session(described: dict[str, Any]) -> None:
    described["security"] = [way for way in described["security"] if "token" not in way]


def _other_success(described: dict[str, Any]) -> None:
    described["responses"]["202"] = described["responses"].pop("200")


def _plain_list(described: dict[str, Any]) -> None:
    described["parameters"] = [
        p for p in described["parameters"] if not p.get("$ref", "").endswith("/cursor")
    ]


TOUCHES: tuple[tuple[str, Callable[[dict[str, Any]], bool], Touch, Label, Label], ...] = (
    ("the name", _any, lambda d: d.update(operationId="renamed_it"), ("R17", RISKY), ("R17", RISKY)),
    ("the summary", _any, lambda d: d.update(summary="Said otherwise"), ("T01", DOC), ("T01", DOC)),
    ("the description", _any, lambda d: d.update(description="Longer"), ("T01", DOC), ("T01", DOC)),
    ("a new parameter", _any, lambda d: d["parameters"].append(NEW_PARAMETER), ("A02", SAFE), ("R16", RISKY)),
    ("a required parameter", _any, _require_parameter, ("R03", REQUEST), ("R16", RISKY)),
    ("a parameter that must be there", _queried, _certain_parameter, ("R04", REQUEST), ("A03", SAFE)),
    ("a parameter that goes", _queried, _drop_parameter, ("R16", RISKY), ("A02", SAFE)),
    ("a body to be sent", _without_body, lambda d: _body(d, required=True), ("R10", REQUEST), ("R16", RISKY)),
    ("a body that may be sent", _without_body, lambda d: _body(d, required=False), ("A02", SAFE), ("R16", RISKY)),
    ("a body that may be left out", _with_body, lambda d: d["requestBody"].update(required=False), ("A03", SAFE), ("R10", REQUEST)),
    ("another way to write the body", _with_body, _other_media, ("R08", REQUEST), ("R08", REQUEST)),
    ("a second way to write the body", _with_body, _second_media, ("A03", SAFE), ("R08", REQUEST)),
    ("a higher scope", _reading, _raise_scope, ("R09", REQUEST), ("A03", SAFE)),
    ("an end of being public", _public, _close, ("R09", REQUEST), ("A03", SAFE)),
    ("an end of tokens", _member, _only_session, ("R09", REQUEST), ("A03", SAFE)),
    ("a lower allowance", _any, lambda d: d.update({"x-rate": {**d["x-rate"], "burst": 1}}), ("R15", RISKY), ("", SAFE)),
    ("a slower allowance", _any, lambda d: d.update({"x-rate": {**d["x-rate"], "per_minute": 1}}), ("R15", RISKY), ("", SAFE)),
    ("another success", _answering, _other_success, ("P06", RESPONSE), ("P06", RESPONSE)),
    ("another refusal", _any, lambda d: d["responses"].update({"451": {"description": "Law"}}), ("P06", RISKY), ("A06", SAFE)),
    ("an answer in other words", _answering, lambda d: d["responses"]["200"].update(description="Well"), ("T01", DOC), ("T01", DOC)),
    ("an answer in another format", _answering, _answer_media, ("P07", RESPONSE), ("P07", RESPONSE)),
    ("a header that goes", _answering, lambda d: d["responses"]["200"]["headers"].pop("RateLimit"), ("P09", RESPONSE), ("A04", SAFE)),
    ("a refusal of another kind", _refusing, lambda d: _refusal(d)["x-problems"].pop(), ("P08", RESPONSE), ("A04", SAFE)),
    ("a further kind of refusal", _refusing, lambda d: _refusal(d)["x-problems"].append("too_early"), ("A04", SAFE), ("P08", RESPONSE)),
    ("a list without cursor", _paged, _plain_list, ("P10", RESPONSE), ("A02", SAFE)),
    ("a promised order", _paged, lambda d: d.update({"x-order": "newest first"}), ("", SAFE), ("P12", RISKY)),
)  # fmt: skip
