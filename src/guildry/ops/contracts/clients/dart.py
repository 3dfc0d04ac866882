"""The Dart client: classes of the API, a client over `package:http`, and adapters for offline boxes."""

import json
from collections.abc import Mapping
from typing import Any

from guildry.ops.contracts import rules
from guildry.ops.contracts.clients import calls
from guildry.ops.contracts.clients.calls import Call, Value

PLAIN = {"string": "String", "integer": "int", "number": "double", "boolean": "bool"}
BOX_KINDS = {"text": "String", "number": "int", "truth": "bool", "moment": "DateTime"}
RESERVED = frozenset(
    [
        "class",
        "default",
        "enum",
        "final",
        "in",
        "is",
        "new",
        "null",
        "operator",
        "return",
        "switch",
        "this",
        "var",
        "with",
    ]
)
PUBSPEC = """# {heading}
name: guildry
description: A client of the JSON API, and adapters for offline boxes.
version: {version}
publish_to: none
environment:
  sdk: ">=3.3.0 <4.0.0"
dependencies:
  hive_ce: ^2.0.0
  http: ^1.2.0
"""
RUNTIME = """
/// A refusal (RFC 9457): compare [code], show [detail].
class GuildryProblem implements Exception {
  const GuildryProblem(this.status, this.document);
  final int status;
  final Map<String, Object?> document;
  String get code => document['code'] as String? ?? '';
  String get detail => document['detail'] as String? ?? '';
  @override
  String toString() => '$status $code: $detail';
}

/// Every operation, by its name.
class Guildry {
  Guildry(this.origin, {this.token = '', http.Client? client}) : _client = client ?? http.Client();
  final Uri origin;
  final String token;
  final http.Client _client;

  Future<Object?> _call(
    String method,
    String path, {
    Map<String, Object?> query = const <String, Object?>{},
    Object? body,
    String version = '',
    required String key,
  }) async {
    final given = <String, String>{
      for (final entry in query.entries)
        if (entry.value != null) entry.key: '${entry.value}',
    };
    final address = origin.resolve(path);
    final request = http.Request(method, given.isEmpty ? address : address.replace(queryParameters: given));
    request.headers['Accept'] = 'application/json';
    if (token.isNotEmpty) request.headers['Authorization'] = 'Bearer $token';
    if (key.isNotEmpty) request.headers['Idempotency-Key'] = key;
    if (version.isNotEmpty) request.headers['If-Match'] = version;
    if (body != null) {
      request.headers['Content-Type'] = 'application/json';
      request.body = jsonEncode(body);
    }
    final reply = await http.Response.fromStream(await _client.send(request));
    final text = utf8.decode(reply.bodyBytes);
    final document = text.isEmpty ? null : jsonDecode(text);
    if (reply.statusCode < 400) return document;
    throw GuildryProblem(reply.statusCode, document is Map<String, Object?> ? document : const <String, Object?>{});
  }
"""


def files(documents: Mapping[str, Any]) -> dict[str, str]:
    openapi = documents["openapi"]
    heading = calls.HEADING.format(version=rules.VERSION)
    return {
        "dart/pubspec.yaml": PUBSPEC.format(heading=heading, version=rules.VERSION),
        "dart/lib/guildry.dart": _library(openapi, heading),
        "dart/lib/boxes.dart": _boxes(documents["offline"], heading),
    }


def _library(openapi: Mapping[str, Any], heading: str) -> str:
    shapes = [(name, shape) for name, shape in calls.shapes_in(openapi) if not name.startswith("Problem")]
    choices = {name: shape for name, shape in shapes if "properties" not in shape}
    parts = [
        _choice(name, shape) if name in choices else _class(name, shape, choices) for name, shape in shapes
    ]
    methods = [_method(call, choices) for call in calls.calls_in(openapi) if not call.is_form]
    head = f"// {heading}\nimport 'dart:convert';\n\nimport 'package:http/http.dart' as http;\n"
    return head + "".join(parts) + RUNTIME + "".join(methods) + "}\n"


def _choice(name: str, shape: Mapping[str, Any]) -> str:
    """Declare a choice whose first value stands for whatever this client does not know."""
    values = "".join(f"  {_value_name(value)}({_text(value)}),\n" for value in shape["enum"])
    return (
        f"\n{_comment(shape)}enum {name} {{\n  unknown(''),\n{values}  ;\n"
        f"  const {name}(this.wire);\n  final String wire;\n"
        f"  static {name} of(Object? wire) =>\n"
        f"      values.firstWhere((value) => value.wire == wire, orElse: () => unknown);\n}}\n"
    )


def _value_name(value: str) -> str:
    name = "".join(sign if sign.isalnum() else "_" for sign in value)
    return _safe(calls.camel(name) if not name[0].isdigit() else f"of{name}")


def _class(name: str, shape: Mapping[str, Any], choices: Mapping[str, Any]) -> str:
    fields = calls.fields_of(shape)
    if not fields:
        return f"\n{_comment(shape)}class {name} {{\n  const {name}();\n  Map<String, Object?> toJson() => const <String, Object?>{{}};\n}}\n"
    given = "".join(
        f"    {'required ' if field.is_required else ''}this.{_field(field)},\n" for field in fields
    )
    declared = "".join(f"  final {_type_of(field)} {_field(field)};\n" for field in fields)
    read = "".join(
        f"        {_field(field)}: {_read(field.shape, f'json[{_text(field.name)}]', choices, is_certain=field.is_required)},\n"
        for field in fields
    )
    written = "".join(_written(field, choices) for field in fields)
    return (
        f"\n{_comment(shape)}class {name} {{\n  const {name}({{\n{given}  }});\n{declared}"
        f"  factory {name}.fromJson(Map<String, Object?> json) => {name}(\n{read}      );\n"
        f"  Map<String, Object?> toJson() => <String, Object?>{{\n{written}      }};\n}}\n"
    )


def _comment(shape: Mapping[str, Any]) -> str:
    text = calls.one_line(str(shape.get("description", "")))
    return f"/// {text}\n" if text else ""


def _field(field: Value) -> str:
    return _safe(calls.camel(field.name))


def _type_of(field: Value) -> str:
    kind = _kind(field.shape)
    return kind if field.is_required or kind.endswith("?") else f"{kind}?"


def _kind(shape: Mapping[str, Any]) -> str:
    if name := calls.named(shape):
        return name
    kept, may_be_null = calls.options(shape)
    if len(kept) == 1 and (may_be_null or kept[0] is not shape):
        return f"{_kind(kept[0]).removesuffix('?')}?" if may_be_null else _kind(kept[0])
    if len(kept) > 1:
        return "Object?"
    if shape.get("type") == "array":
        return f"List<{_kind(shape.get('items', {}))}>"
    if shape.get("type") == "object":
        inner = shape.get("additionalProperties")
        return f"Map<String, {_kind(inner) if isinstance(inner, Mapping) else 'Object?'}>"
    return PLAIN.get(str(shape.get("type")), "Object?")


def _read(
    shape: Mapping[str, Any], value: str, choices: Mapping[str, Any], *, is_certain: bool = True
) -> str:
    """Return the expression that makes a value of JSON one of Dart."""
    kept, may_be_null = calls.options(shape)
    if may_be_null or not is_certain:
        inner = kept[0] if len(kept) == 1 else shape
        if _is_plain(inner):
            return f"{value} as {_kind(inner).removesuffix('?')}?"
        return value if len(kept) > 1 else f"{value} == null ? null : {_read(inner, value, choices)}"
    if name := calls.named(shape):
        return (
            f"{name}.of({value})" if name in choices else f"{name}.fromJson({value}! as Map<String, Object?>)"
        )
    if len(kept) == 1 and kept[0] is not shape:
        return _read(kept[0], value, choices)
    return _read_plain(shape, value, choices)


def _read_plain(shape: Mapping[str, Any], value: str, choices: Mapping[str, Any]) -> str:
    if shape.get("type") == "array":
        each = _read(shape.get("items", {}), "one", choices)
        return f"<{_kind(shape.get('items', {}))}>[for (final one in {value}! as List<Object?>) {each}]"
    if shape.get("type") == "object":
        inner = shape.get("additionalProperties")
        held: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {}
        entries = f"({value}! as Map<String, Object?>).entries"
        each = _read(held, "entry.value", choices)
        return f"<String, {_kind(held)}>{{for (final entry in {entries}) entry.key: {each}}}"
    kind = _kind(shape)
    if kind == "double":
        return f"({value}! as num).toDouble()"
    return value if kind == "Object?" else f"{value}! as {kind}"


def _is_plain(shape: Mapping[str, Any]) -> bool:
    return not calls.named(shape) and shape.get("type") in ("string", "integer", "boolean")


def _written(field: Value, choices: Mapping[str, Any]) -> str:
    name = _field(field)
    kind = _type_of(field)
    value = _plain_value(field.shape, f"{name}!" if kind.endswith("?") else name, choices)
    is_optional = not field.is_required
    guard = f"if ({name} != null) " if is_optional and kind != "Object?" else ""
    if kind.endswith("?") and kind != "Object?" and not is_optional:
        value = f"{name} == null ? null : {value}" if value != f"{name}!" else name
    return f"        {guard}{_text(field.name)}: {value if kind != 'Object?' else name},\n"


def _plain_value(shape: Mapping[str, Any], value: str, choices: Mapping[str, Any]) -> str:
    if name := calls.named(shape):
        return f"{value}.wire" if name in choices else f"{value}.toJson()"
    kept, _ = calls.options(shape)
    if len(kept) == 1 and kept[0] is not shape:
        return _plain_value(kept[0], value, choices)
    if shape.get("type") == "array":
        each = _plain_value(shape.get("items", {}), "one", choices)
        return value if each == "one" else f"[for (final one in {value}) {each}]"
    return value


def _method(call: Call, choices: Mapping[str, Any]) -> str:
    parts = [f"{_kind(value.shape)} {_field(value)}" for value in call.path_parts]
    if call.body is not None:
        parts.append(f"{_kind(call.body)} body")
    named = [f"{_kind(value.shape).removesuffix('?')}? {_field(value)}" for value in call.query]
    if call.takes_version:
        named.append("required String version")
    if call.changes:
        named.append("required String key")
    given = ", ".join([*parts, *([f"{{{', '.join(named)}}}"] if named else [])])
    address = call.path
    for value in call.path_parts:
        address = address.replace(f"{{{value.name}}}", f"${{Uri.encodeComponent('${_field(value)}')}}")
    arguments = [f"'{call.method}'", f"'{address}'", f"key: {'key' if call.changes else _text('')}"]
    if call.query:
        arguments.append("query: {" + ", ".join(_asked(value, choices) for value in call.query) + "}")
    if call.body is not None:
        arguments.append(f"body: {_plain_value(call.body, 'body', choices)}")
    if call.takes_version:
        arguments.append("version: version")
    called = f"await _call({', '.join(arguments)})"
    kind = _kind(call.answer) if call.answer is not None else "void"
    body = (
        f"    {called};\n"
        if call.answer is None
        else f"    final answer = {called};\n    return {_read(call.answer, 'answer', choices)};\n"
    )
    return f"\n  /// {calls.one_line(call.summary)}.\n  Future<{kind}> {calls.camel(call.name)}({given}) async {{\n{body}  }}\n"


def _asked(value: Value, choices: Mapping[str, Any]) -> str:
    name = calls.named(calls.options(value.shape)[0][0])
    return f"{_text(value.name)}: {_field(value)}{'?.wire' if name in choices else ''}"


def _safe(name: str) -> str:
    return f"{name}_" if name in RESERVED else name


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("'", "\\'").replace("$", "\\$").replace('"', "'")


def _boxes(offline: Mapping[str, Any], heading: str) -> str:
    """Write a class and an adapter for every type of the lock file: the numbers are those of the stored bytes."""
    types = sorted(offline["types"].items(), key=lambda entry: entry[1]["type_id"])
    parts = [
        _stored_choice(name, kind) if kind["kind"] == "enum" else _stored_class(name, kind)
        for name, kind in types
    ]
    registrar = "".join(f"  Hive.registerAdapter({name}Adapter());\n" for name, _ in types)
    names = "".join(
        f"  static const {_safe(calls.camel(box))} = {_text(box)};\n" for box in sorted(offline["boxes"])
    )
    head = f"// {heading}\nimport 'package:hive_ce/hive.dart';\n"
    return (
        f"{head}\nabstract final class Boxes {{\n{names}}}\n\nvoid registerGuildryAdapters() {{\n{registrar}}}\n"
        + "".join(parts)
    )


def _stored_choice(name: str, kind: Mapping[str, Any]) -> str:
    values = sorted(kind["fields"].items(), key=lambda entry: entry[1]["index"])
    listed = ", ".join(_safe(value) for value, _ in values)
    read = "".join(f"      {held['index']} => {name}.{_safe(value)},\n" for value, held in values)
    write = "".join(f"      {name}.{_safe(value)} => {held['index']},\n" for value, held in values)
    return (
        f"\nenum {name} {{ {listed} }}\n\nclass {name}Adapter extends TypeAdapter<{name}> {{\n"
        f"  @override\n  final int typeId = {kind['type_id']};\n"
        f"  @override\n  {name} read(BinaryReader reader) => switch (reader.readByte()) {{\n{read}      _ => {name}.unknown,\n    }};\n"
        f"  @override\n  void write(BinaryWriter writer, {name} obj) => writer.writeByte(switch (obj) {{\n{write}    }});\n}}\n"
    )


def _stored_class(name: str, kind: Mapping[str, Any]) -> str:
    fields = sorted(kind["fields"].items(), key=lambda entry: entry[1]["index"])
    declared = "".join(f"  final {_stored_kind(held)} {_safe(field)};\n" for field, held in fields)
    given = "".join(
        f"    {'' if held.get('optional') else 'required '}this.{_safe(field)},\n" for field, held in fields
    )
    read = "".join(f"      {_safe(field)}: {_stored(held)},\n" for field, held in fields)
    write = "".join(
        f"    writer\n      ..writeByte({held['index']})\n      ..write(obj.{_safe(field)});\n"
        for field, held in fields
    )
    return (
        f"\nclass {name} {{\n  const {name}({{\n{given}  }});\n{declared}}}\n\n"
        f"class {name}Adapter extends TypeAdapter<{name}> {{\n  @override\n  final int typeId = {kind['type_id']};\n"
        f"  @override\n  {name} read(BinaryReader reader) {{\n    final count = reader.readByte();\n"
        f"    final held = <int, dynamic>{{for (var i = 0; i < count; i++) reader.readByte(): reader.read()}};\n"
        f"    return {name}(\n{read}    );\n  }}\n"
        f"  @override\n  void write(BinaryWriter writer, {name} obj) {{\n    writer.writeByte({len(fields)});\n{write}  }}\n}}\n"
    )


def _stored_kind(held: Mapping[str, Any]) -> str:
    kind = str(held["type"])
    is_list = kind.startswith("list<")
    inner = kind.removeprefix("list<").removesuffix(">")
    name = BOX_KINDS.get(inner, inner)
    whole = f"List<{name}>" if is_list else name
    return f"{whole}?" if held.get("optional") else whole


def _stored(held: Mapping[str, Any]) -> str:
    kind, value = _stored_kind(held), f"held[{held['index']}]"
    if kind.startswith("List<"):
        is_optional = kind.endswith("?")
        inner = kind.removesuffix("?").removeprefix("List<").removesuffix(">")
        return f"({value} as List{'?' if is_optional else ''}){'?' if is_optional else ''}.cast<{inner}>()"
    return f"{value} as {kind}"
