"""The AsyncAPI document: every namespace, what it takes and what it tells, as the registry declares it."""

from typing import Any

import msgspec

from guildry.kernel import points
from guildry.ops.contracts import rules
from guildry.ops.contracts.queries import protocol

_REFERENCE = "#/components/schemas/{name}"


def asyncapi() -> dict[str, Any]:
    """Return the whole document; `send` is what the server sends, `receive` what it takes."""
    namespaces = sorted(points.NAMESPACES, key=lambda namespace: namespace.path)
    schemas = _schemas_of(namespaces)
    messages: dict[str, Any] = dict(protocol.MESSAGES)
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for namespace in namespaces:
        name = channel_name(namespace)
        own = _own_messages(namespace)
        messages |= own
        channels[name] = _channel(namespace, [*own, *protocol.MESSAGES])
        operations |= _operations(namespace, name)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Guildry",
            "version": rules.VERSION,
            "description": protocol.INTRODUCTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "site": {
                "host": "{host}",
                "pathname": "/socket.io/",
                "protocol": "wss",
                "description": "This community, over Socket.IO 5 on a WebSocket.",
                "variables": {"host": {"description": "The host of the site.", "default": "localhost"}},
                "security": [{"$ref": f"#/components/securitySchemes/{way}"} for way in protocol.SECURITY],
            }
        },
        "channels": channels,
        "operations": operations,
        "components": {
            "schemas": {name: schemas[name] for name in sorted(schemas)},
            "messages": messages,
            "securitySchemes": protocol.SECURITY,
        },
    }


def channel_name(namespace: points.Namespace) -> str:
    return namespace.path.strip("/").replace("/", "_")


def _schemas_of(namespaces: list[points.Namespace]) -> dict[str, Any]:
    """Describe every struct that a message carries, with room for choices that will be added."""
    kinds = [event.shape for namespace in namespaces for event in namespace.events]
    kinds += [event.answer for namespace in namespaces for event in namespace.events if event.answer]
    kinds += [news.shape for namespace in namespaces for news in namespace.news]
    _, found = msgspec.json.schema_components(list(dict.fromkeys(kinds)), ref_template=_REFERENCE)
    return {**found, **protocol.SCHEMAS}


def _shape_of(kind: type | None) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(name=kind.__name__)} if kind else {"type": "object"}


def _own_messages(namespace: points.Namespace) -> dict[str, Any]:
    prefix = channel_name(namespace)
    found: dict[str, Any] = {}
    for event in namespace.events:
        found[f"{prefix}.{event.name}"] = _message(event.name, event.meaning, _shape_of(event.shape))
        answer = {"allOf": [{"$ref": _REFERENCE.format(name="Acknowledgement")}, _shape_of(event.answer)]}
        found[f"{prefix}.{event.name}.answer"] = _message(
            f"{event.name}.answer", f"The acknowledgement of {event.name}.", answer
        )
    for news in namespace.news:
        placed = {"allOf": [_shape_of(news.shape), {"$ref": _REFERENCE.format(name="Place")}]}
        found[f"{prefix}.{news.name}"] = _message(news.name, news.meaning, placed)
    return found


def _message(name: str, meaning: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "title": name, "summary": meaning, "payload": payload}


def _channel(namespace: points.Namespace, messages: list[str]) -> dict[str, Any]:
    return {
        "address": namespace.path,
        "title": namespace.path,
        "description": namespace.meaning,
        "servers": [{"$ref": "#/servers/site"}],
        "messages": {
            name.replace(".", "_").replace(":", "_"): {"$ref": f"#/components/messages/{name}"}
            for name in messages
        },
        "x-scopes": {"listen": f"{namespace.area}.read", "send": f"{namespace.area}.write"},
        "x-permission": namespace.permission,
        "x-delivery": {"ordered": True, "at_least_once": True, "resumes": True},
    }


def _operations(namespace: points.Namespace, channel: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for event in namespace.events:
        found[_operation_name(channel, event.name)] = {
            **_operation("receive", channel, f"{channel}.{event.name}", event.meaning),
            "reply": {
                "channel": {"$ref": f"#/channels/{channel}"},
                "messages": [_in_channel(channel, f"{channel}.{event.name}.answer")],
            },
            "x-rate": {"burst": event.burst, "per_minute": round(event.per_second * 60)},
            "x-permission": event.permission,
        }
    for news in namespace.news:
        name = f"{channel}.{news.name}"
        found[_operation_name(channel, news.name)] = _operation("send", channel, name, news.meaning)
    return found | _protocol_operations(channel)


def _protocol_operations(channel: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, message in protocol.MESSAGES.items():
        if name == "resume":
            found[_operation_name(channel, name)] = {
                **_operation("receive", channel, name, message["summary"]),
                "reply": {
                    "channel": {"$ref": f"#/channels/{channel}"},
                    "messages": [_in_channel(channel, "resume.answer")],
                },
            }
        elif name != "resume.answer":
            found[_operation_name(channel, name)] = _operation("send", channel, name, message["summary"])
    return found


def _operation_name(channel: str, event: str) -> str:
    return f"{channel}_{event.replace('.', '_').replace(':', '_')}"


def _operation(action: str, channel: str, message: str, summary: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [_in_channel(channel, message)],
    }


def _in_channel(channel: str, message: str) -> dict[str, Any]:
    key = message.replace(".", "_").replace(":", "_")
    return {"$ref": f"#/channels/{channel}/messages/{key}"}
