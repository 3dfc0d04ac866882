"""The Python client: one file that needs nothing but Python."""

import json
import keyword
from collections.abc import Mapping
from typing import Any

from guildry.ops.contracts import rules
from guildry.ops.contracts.clients import calls
from guildry.ops.contracts.clients.calls import Call

PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
RUNTIME = '''

class Refused(Exception):
    """A refusal (RFC 9457): compare `code`, show `detail`, mend what `errors` points at."""

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: float | None = None) -> None:
        super().__init__(f"{status} {document.get('code', '')}: {document.get('detail', '')}")
        self.status, self.document, self.retry_after = status, document, retry_after
        self.code = str(document.get("code", ""))
        self.errors: list[dict[str, str]] = list(document.get("errors", ()))


class _Calling:
    """How a call is made: known by a token, repeated safely, refused with Refused."""

    def __init__(self, origin: str, token: str = "", *, timeout: float = 30.0, attempts: int = 3) -> None:
        self.origin, self.token = origin.rstrip("/"), token
        self.timeout, self.attempts = timeout, attempts
        self.etag = ""
        """The version of the last reply, for calls that name the one they start from."""

    def pages(self, listed: Callable[..., Any], *parts: Any, **query: Any) -> Iterator[Any]:
        """Yield every item of a list, however many pages it has."""
        cursor = ""
        while True:
            page = listed(*parts, **query, cursor=cursor)
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        sent = {"Accept": "application/json", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if method != "GET":
            sent["Idempotency-Key"] = str(uuid.uuid4())
        data, media_type = _encoded(body, files)
        if data is not None:
            sent["Content-Type"] = media_type
        given = [(name, one) for name, value in (query or {}).items() for one in _each(value)]
        address = f"{self.origin}{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")
        return self._sent(urllib.request.Request(address, data, sent, method=method))

    def _sent(self, request: urllib.request.Request) -> Any:
        """Send a call, again while the site is busy: the same key has one effect."""
        for attempt in range(1, self.attempts + 1):
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as reply:
                    self.etag = reply.headers.get("ETag", "")
                    text = reply.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as refusal:
                problem = _problem(refusal)
                if problem.status not in (429, 503) or attempt == self.attempts:
                    raise problem from None
                time.sleep(problem.retry_after or 1.0)
        raise AssertionError("a call ends with a reply or a refusal")


def _each(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one).lower() if isinstance(one, bool) else one for one in values]


def _problem(refusal: urllib.error.HTTPError) -> Refused:
    try:
        document = json.loads(refusal.read())
    except ValueError:
        document = {"code": "", "detail": refusal.reason}
    wait = refusal.headers.get("Retry-After", "")
    return Refused(refusal.code, document, float(wait) if wait.isdigit() else None)


def _encoded(body: Any, files: Mapping[str, tuple[str, bytes]] | None) -> tuple[bytes | None, str]:
    if files is None:
        return (None, "") if body is None else (json.dumps(body).encode(), "application/json")
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\\r\\nContent-Disposition: form-data; name="{name}"\\r\\n\\r\\n{value}\\r\\n'.encode()
        for name, value in (body or {}).items()
    ]
    for name, (file_name, content) in files.items():
        kind = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        head = f'--{boundary}\\r\\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"'
        parts.append(f"{head}\\r\\nContent-Type: {kind}\\r\\n\\r\\n".encode() + content + b"\\r\\n")
    return b"".join(parts) + f"--{boundary}--\\r\\n".encode(), f"multipart/form-data; boundary={boundary}"

'''
HEAD = '''"""A client of the JSON API, with nothing but Python.

{heading}
"""

from __future__ import annotations

import json
import mimetypes
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NotRequired, TypedDict
'''


def files(documents: Mapping[str, Any]) -> dict[str, str]:
    openapi = documents["openapi"]
    heading = calls.HEADING.format(version=rules.VERSION)
    shapes = "".join(_shape(name, shape) for name, shape in calls.shapes_in(openapi))
    methods = "".join(_method(call) for call in calls.calls_in(openapi))
    client = f'\nclass Guildry(_Calling):\n    """Every operation, by its name."""\n{methods}'
    return {"python/guildry_client.py": HEAD.format(heading=heading) + shapes + RUNTIME + client}


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    if "properties" not in shape:
        return f"\n{name} = {_kind(shape)}\n"
    fields = calls.fields_of(shape)
    lines = [f'    """{calls.one_line(shape["description"])}"""'] if shape.get("description") else []
    for field in fields:
        kind = _kind(field.shape)
        lines.append(f"    {field.name}: {kind if field.is_required else f'NotRequired[{kind}]'}")
    return f"\n\nclass {name}(TypedDict):\n" + "\n".join(lines or ["    pass"]) + "\n"


def _kind(shape: Mapping[str, Any]) -> str:
    if name := calls.named(shape):
        return name
    kept, may_be_null = calls.options(shape)
    if len(kept) > 1 or may_be_null or kept[0] is not shape:
        kinds = list(dict.fromkeys(_kind(option) for option in kept)) + ["None"] * may_be_null
        return " | ".join(kinds)
    if "enum" in shape or "const" in shape:
        values = ", ".join(map(json.dumps, shape.get("enum", [shape.get("const")])))
        # An answer may bring a value that is younger than this client.
        return f"Literal[{values}] | str" if shape.get("x-unknown") else f"Literal[{values}]"
    if shape.get("type") == "array":
        return f"list[{_kind(shape.get('items', {}))}]"
    if shape.get("type") == "object":
        inner = shape.get("additionalProperties")
        held = _kind(inner) if isinstance(inner, Mapping) else "Any"
        return f"dict[str, {held}]"
    return PLAIN.get(str(shape.get("type")), "Any")


def _method(call: Call) -> str:
    parts = ["self", *(f"{_safe(part.name)}: {_kind(part.shape)}" for part in call.path_parts)]
    keywords = [f"{_safe(part.name)}: {_query_kind(part.shape)} | None = None" for part in call.query]
    if call.body is not None:
        parts.append(f"body: {'Mapping[str, Any]' if call.is_form else _kind(call.body)}")
    if call.is_form:
        parts.append("files: Mapping[str, tuple[str, bytes]]")
    if call.takes_version:
        keywords.insert(0, "version: str")
    signature = ", ".join([*parts, *(["*"] if keywords else []), *keywords])
    answer = _kind(call.answer) if call.answer is not None else "None"
    return (
        f"\n    def {call.name}({signature}) -> {answer}:\n"
        f'        """{calls.one_line(call.summary)}."""\n'
        f"        return self._call({_arguments(call)})  # type: ignore[no-any-return]\n"
    )


def _query_kind(shape: Mapping[str, Any]) -> str:
    return _kind(shape).removesuffix(" | None")


def _arguments(call: Call) -> str:
    address = call.path
    for part in call.path_parts:
        quoted = f"{{urllib.parse.quote(str({_safe(part.name)}), safe='')}}"
        address = address.replace(f"{{{part.name}}}", quoted)
    given = [f'"{call.method}"', f'{"f" if call.path_parts else ""}"{address}"']
    if call.query:
        given.append("query={" + ", ".join(f'"{q.name}": {_safe(q.name)}' for q in call.query) + "}")
    if call.body is not None:
        given.append("body=body")
    if call.is_form:
        given.append("files=files")
    if call.takes_version:
        given.append('headers={"If-Match": version}')
    return ", ".join(given)


def _safe(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name
