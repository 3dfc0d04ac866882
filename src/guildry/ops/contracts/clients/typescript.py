"""The TypeScript client: types for the compiler, and a module that browsers and Node run as it is."""

import json
from collections.abc import Mapping
from typing import Any

from guildry.ops.contracts import rules
from guildry.ops.contracts.clients import calls
from guildry.ops.contracts.clients.calls import Call

PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
RUNTIME = """
export class Refused extends Error {
  constructor(status, document, retryAfter) {
    super(`${status} ${document.code ?? ""}: ${document.detail ?? ""}`);
    this.status = status;
    this.document = document;
    this.code = document.code ?? "";
    this.errors = document.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

const each = (value) => (value === undefined || value === null || value === "" ? [] : [value].flat());
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

class Calling {
  constructor(origin, { token = "", attempts = 3, fetch = globalThis.fetch } = {}) {
    this.origin = origin.replace(/\\/+$/, "");
    Object.assign(this, { token, attempts, fetch, etag: "" });
  }

  async *pages(name, ...given) {
    const query = typeof given.at(-1) === "object" ? given.pop() : {};
    let cursor = "";
    do {
      const page = await this[name](...given, { ...query, cursor });
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  async call(method, path, { query = {}, body, version, form = false } = {}) {
    const address = new URL(this.origin + path);
    for (const [name, value] of Object.entries(query)) for (const one of each(value)) address.searchParams.append(name, one);
    const headers = { Accept: "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID();
    if (version) headers["If-Match"] = version;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    const sent = { method, headers, body: form || body === undefined ? body : JSON.stringify(body) };
    for (let attempt = 1; ; attempt++) {
      const { fetch } = this;
      const reply = await fetch(address, sent);
      if (reply.ok) {
        this.etag = reply.headers.get("ETag") ?? "";
        const text = await reply.text();
        return text ? JSON.parse(text) : undefined;
      }
      const wait = Number(reply.headers.get("Retry-After")) || undefined;
      const busy = reply.status === 429 || reply.status === 503;
      if (!busy || attempt >= this.attempts) throw new Refused(reply.status, await reply.json().catch(() => ({})), wait);
      await pause(wait ?? 1);
    }
  }
}

const part = (value) => encodeURIComponent(String(value));
"""
TYPES = """
/** A refusal (RFC 9457): compare `code`, show `message`, mend what `errors` points at. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly document: Partial<shapes.Problem>;
  readonly errors: shapes.ProblemField[];
  readonly retryAfter?: number;
}

export interface Options {
  token?: string;
  attempts?: number;
  fetch?: typeof globalThis.fetch;
}

/** Every operation, by its name. `etag` is the version of the last reply. */
export class Guildry {
  constructor(origin: string, options?: Options);
  readonly origin: string;
  etag: string;
  /** Yield every item of a list, however many pages it has: `pages("listPosts")`. */
  pages<T = unknown>(name: keyof Guildry & string, ...given: unknown[]): AsyncGenerator<T, void, void>;
"""


def files(documents: Mapping[str, Any]) -> dict[str, str]:
    openapi = documents["openapi"]
    heading = f"// {calls.HEADING.format(version=rules.VERSION)}\n"
    every = calls.calls_in(openapi)
    methods = "".join(_method(call) for call in every)
    shapes = "".join(_shape(name, shape) for name, shape in calls.shapes_in(openapi))
    declared = "".join(_declared(call) for call in every)
    module = f"{heading}{RUNTIME}\nexport class Guildry extends Calling {{\n{methods}}}\n"
    types = f"{heading}\nexport declare namespace shapes {{\n{shapes}}}\n{TYPES}{declared}}}\n"
    return {"typescript/guildry.js": module, "typescript/guildry.d.ts": types}


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    text = calls.one_line(str(shape.get("description", "")))
    head = f"  /** {text} */\n" if text else ""
    if "properties" not in shape:
        return f"{head}  type {name} = {_kind(shape)};\n"
    fields = "".join(
        f"    {field.name}{'' if field.is_required else '?'}: {_kind(field.shape)};\n"
        for field in calls.fields_of(shape)
    )
    return f"{head}  interface {name} {{\n{fields}  }}\n"


def _kind(shape: Mapping[str, Any], prefix: str = "") -> str:
    if name := calls.named(shape):
        return f"{prefix}{name}"
    kept, may_be_null = calls.options(shape)
    if len(kept) > 1 or may_be_null or kept[0] is not shape:
        kinds = list(dict.fromkeys(_kind(option, prefix) for option in kept))
        return " | ".join([*kinds, *(["null"] if may_be_null else [])])
    if "enum" in shape or "const" in shape:
        values = " | ".join(map(json.dumps, shape.get("enum", [shape.get("const")])))
        # An answer may bring a value that is younger than this client.
        return f"{values} | (string & {{}})" if shape.get("x-unknown") else values
    if shape.get("type") == "array":
        return f"Array<{_kind(shape.get('items', {}), prefix)}>"
    if shape.get("type") == "object":
        inner = shape.get("additionalProperties")
        return f"Record<string, {_kind(inner, prefix) if isinstance(inner, Mapping) else 'unknown'}>"
    return PLAIN.get(str(shape.get("type")), "unknown")


def _method(call: Call) -> str:
    address = call.path
    for value in call.path_parts:
        address = address.replace(f"{{{value.name}}}", f"${{part({calls.camel(value.name)})}}")
    given = [calls.camel(value.name) for value in call.path_parts]
    options = []
    if call.body is not None:
        given.append("body")
        options.append("body")
    if call.is_form:
        options.append("form: true")
    if call.takes_version:
        given.append("version")
        options.append("version")
    if call.query:
        given.append("query")
        options.append("query")
    more = f", {{ {', '.join(options)} }}" if options else ""
    return f'  {calls.camel(call.name)}({", ".join(given)}) {{\n    return this.call("{call.method}", `{address}`{more});\n  }}\n'


def _declared(call: Call) -> str:
    given = [f"{calls.camel(value.name)}: {_kind(value.shape, 'shapes.')}" for value in call.path_parts]
    if call.body is not None:
        given.append("body: FormData" if call.is_form else f"body: {_kind(call.body, 'shapes.')}")
    if call.takes_version:
        given.append("version: string")
    if call.query:
        held = "; ".join(f"{value.name}?: {_kind(value.shape, 'shapes.')}" for value in call.query)
        given.append(f"query?: {{ {held} }}")
    answer = _kind(call.answer, "shapes.") if call.answer is not None else "void"
    summary = calls.one_line(call.summary)
    return f"  /** {summary}. */\n  {calls.camel(call.name)}({', '.join(given)}): Promise<{answer}>;\n"
