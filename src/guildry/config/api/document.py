"""The OpenAPI document: what the routers declare, with everything the edge adds to each operation."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.conf import settings
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from guildry.config.api import parts
from guildry.config.api.examples import example_of
from guildry.kernel import conditional, errors, paging
from guildry.platform.perimeter import rules as edge_rules

PREFIX = "/api/v1/"
UNKNOWN = "unknown"
_SAFE = frozenset({"get", "head", "options"})
_EVERYWHERE: tuple[type[errors.DomainError], ...] = (errors.Forbidden, errors.TooMany, errors.Unavailable)

_OF_A_BODY: tuple[type[errors.DomainError], ...] = (
    errors.Malformed,
    errors.TooLarge,
    errors.WrongFormat,
    errors.Invalid,
)


class _Schema(OpenAPISchema):
    """The library's document, which must not describe two shapes under one name."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        for name, shape in definitions.items():
            if self.schemas.setdefault(name, shape) != shape:
                raise ValueError(f"Two different shapes of the API are called {name}.")


class DescribedAPI(NinjaAPI):
    """An API that calls each operation by the name of its function and describes all of it, once."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole document; it depends on nothing that changes while the process runs."""
        raw = json.loads(json.dumps(_Schema(self, PREFIX)))
        views = {operation.view_func.__name__: operation for operation in self.operations()}
        for path, methods in raw["paths"].items():
            for method, described in methods.items():
                _complete(described, path, method, views[described["operationId"]], raw["components"])
        return _framed(raw)

    @cached_property
    def document_bytes(self) -> bytes:
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()

    @cached_property
    def packed_document(self) -> bytes:
        return gzip.compress(self.document_bytes, 9, mtime=0)

    def operations(self) -> Iterator[Any]:
        """Yield every operation as the library keeps it."""
        for router in self._get_bound_routers():
            for path_view in router.path_operations.values():
                yield from path_view.operations


def _framed(raw: dict[str, Any]) -> dict[str, Any]:
    used = {tag for methods in raw["paths"].values() for entry in methods.values() for tag in entry["tags"]}
    schemas = raw["components"]["schemas"] | parts.SCHEMAS
    _leave_room(schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Guildry",
            "version": raw["info"]["version"],
            "summary": "Everything a member can do here, for programs.",
            "description": parts.INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This community"}],
        "externalDocs": {"url": "/api/", "description": "The same, to read"},
        "tags": [{"name": name, "description": text} for name, text in parts.TAGS.items() if name in used],
        "paths": raw["paths"],
        "components": {
            "schemas": {name: schemas[name] for name in sorted(schemas)},
            "parameters": parts.PARAMETERS,
            "headers": parts.HEADERS,
            "responses": {
                f"{name}{status}": _problem(status, kinds)
                for name, common in parts.COMMON.items()
                for status, kinds in common.items()
            },
            "securitySchemes": parts.security_schemes(settings.SESSION_COOKIE_NAME),
        },
    }


def _leave_room(described: Any) -> None:
    """Agree with clients on what they make of a choice that they do not know, so that choices can be added."""
    for part in described.values() if isinstance(described, dict) else described:
        if isinstance(part, dict | list):
            _leave_room(part)
    values = described.get("enum") if isinstance(described, dict) else None
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        described["x-unknown"] = UNKNOWN


def _complete(
    described: dict[str, Any], path: str, method: str, operation: Any, components: dict[str, Any]
) -> None:
    view = operation.view_func
    is_public, is_safe = getattr(view, "is_public", False), method in _SAFE
    described.setdefault("description", "")
    described["security"] = _security(path, is_public=is_public, is_safe=is_safe)
    described["x-rate"] = _rate(described, path, method)
    kinds = list(_refusals(described, view, is_public=is_public, is_safe=is_safe))
    _share_parameters(described, kinds, is_safe=is_safe)
    _succeed(described, components, kinds, is_safe=is_safe)
    _show_body(described, components)
    described["responses"] |= dict(_refused(kinds, "Problem" if is_safe else "ProblemOfChange"))
    described["responses"] = dict(sorted(described["responses"].items()))


def _security(path: str, *, is_public: bool, is_safe: bool) -> list[dict[str, list[str]]]:
    area = path.removeprefix(PREFIX).partition("/")[0]
    scope = f"{area}.{'read' if is_safe else 'write'}"
    session: dict[str, list[str]] = {"session": []} if is_safe else {"session": [], "csrf": []}
    known = [{"token": [scope]}, session]
    return [{}, *known] if is_public else known


def _rate(described: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    """Say from which allowance a member's calls are spent, as it is when the site changes nothing."""
    is_upload = "multipart/form-data" in described.get("requestBody", {}).get("content", {})
    kind = edge_rules.rate_class(method.upper(), path, signed_in=True, is_upload=is_upload)
    return {"class": kind.name, "burst": kind.burst, "per_minute": kind.per_minute}


def _refusals(
    described: dict[str, Any], view: Any, *, is_public: bool, is_safe: bool
) -> Iterator[type[errors.DomainError]]:
    """Yield every kind of refusal an operation can answer with, from what it takes and what it says itself."""
    yield from _EVERYWHERE
    yield errors.Unauthenticated
    places = {parameter["in"] for parameter in described["parameters"]}
    names = {parameter["name"] for parameter in described["parameters"]}
    if places:
        yield errors.Invalid
        yield errors.Malformed
    if "path" in places:
        yield errors.NotFound
    if "cursor" in names:
        yield paging.InvalidCursor
    if "requestBody" in described:
        yield from _OF_A_BODY
    if not is_safe:
        yield errors.NotSignedByUs
        yield from parts.REPLAYING
    yield from getattr(view, "refusals", ())


def _share_parameters(
    described: dict[str, Any], kinds: Iterable[type[errors.DomainError]], *, is_safe: bool
) -> None:
    """Refer to the parameters that mean the same everywhere instead of repeating them."""
    own = described["parameters"]
    shared = ["cursor"] if any(parameter["name"] == "cursor" for parameter in own) else []
    if is_safe:
        shared.append("if_none_match")
    else:
        shared.append("idempotency_key")
    if conditional.VersionMissing in kinds:
        shared.append("if_match")
    for parameter in own:
        parameter.setdefault("description", parts.MEANINGS.get(parameter["name"], ""))
    kept = [parameter for parameter in own if parameter["name"] != "cursor"]
    described["parameters"] = kept + [{"$ref": f"#/components/parameters/{name}"} for name in shared]


def _succeed(
    described: dict[str, Any],
    components: dict[str, Any],
    kinds: Iterable[type[errors.DomainError]],
    *,
    is_safe: bool,
) -> None:
    """Say what a success brings: its headers, an example, and 304 for a caller that already has it."""
    names = ["RateLimit", "RateLimit-Policy", "X-Request-Id"]
    if is_safe or conditional.VersionMissing in kinds:
        names.append("ETag")
    if not is_safe:
        names.append("Idempotency-Replayed")
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    for status, response in described["responses"].items():
        response["headers"] = dict(headers)
        response["description"] = parts.SUCCESSES.get(status, response["description"])
        for content in response.get("content", {}).values():
            content["example"] = example_of(content["schema"], components["schemas"])
    if is_safe:
        described["responses"]["304"] = {
            "description": "Nothing changed since the ETag you named.",
            "headers": {name: headers[name] for name in ("ETag",)},
        }


def _show_body(described: dict[str, Any], components: dict[str, Any]) -> None:
    for content in described.get("requestBody", {}).get("content", {}).values():
        content["example"] = example_of(content["schema"], components["schemas"])


def _refused(kinds: Iterable[type[errors.DomainError]], shared: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the refusals by status, as a reference to the shared description wherever that says it all."""
    by_status: dict[int, dict[str, type[errors.DomainError]]] = defaultdict(dict)
    for kind in kinds:
        by_status[kind.problem.status][kind.problem.slug] = kind
    for status, found in by_status.items():
        common = {kind.problem.slug for kind in parts.COMMON[shared].get(status, ())}
        reference = {"$ref": f"#/components/responses/{shared}{status}"}
        yield str(status), reference if set(found) <= common else _problem(status, found.values())


def _problem(status: int, kinds: Iterable[type[errors.DomainError]]) -> dict[str, Any]:
    found = list({kind.problem.slug: kind for kind in kinds}.values())
    listed = [f"`{kind.problem.code}`: {kind.detail}" for kind in found]
    response: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}.\n\n" + "\n".join(f"- {line}" for line in listed),
        "x-problems": sorted(kind.problem.code for kind in found),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": parts.example_problem(found[0]),
            }
        },
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}},
    }
    if status in (429, 503):
        response["headers"]["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    if status == 401:
        response["headers"]["WWW-Authenticate"] = {"$ref": "#/components/headers/WWW-Authenticate"}
    return response
