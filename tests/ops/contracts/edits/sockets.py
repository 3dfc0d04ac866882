"""Edits of namespaces and of the events that pass in them."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.ops.contracts.edits.edit import DOC, REQUEST, RESPONSE, RISKY, SAFE, Edit, Label, Set
from tests.ops.contracts.edits.shapes import CHANGES

Document = dict[str, Any]
Touch = Callable[[Document], Any]
IN, OUT = REQUEST, RESPONSE
PERMISSION = "posts.moderate"


def edits(base: Set) -> list[Edit]:
    """Make each structural edit, and every change of a shape in one event that is heard and one that is sent."""
    found = [_touching(*entry) for entry in TOUCHES]
    for name, before, after, labels in CHANGES:
        sent, read, sent_back, read_back = labels
        found.append(_shaped(f"{name} in post.new", "NewPost", before, after, read, read_back))
        found.append(_shaped(f"{name} in notification.read", "Read", before, after, sent, sent_back))
    return [*found, *_breaking_by_our_rules()]


def _touching(name: str, touch: Touch, forward: Label, back: Label) -> Edit:
    return Edit(name, lambda contracts: touch(contracts["asyncapi"]), forward, back)


def _shaped(name: str, shape: str, before: Any, after: Any, forward: Label, back: Label) -> Edit:
    def put(value: Any) -> Callable[[Set], None]:
        def change(contracts: Set) -> None:
            held = contracts["asyncapi"]["components"]["schemas"][shape]
            held["properties"]["probe"] = value
            held["required"] = sorted({*held.get("required", ()), "probe"})

        return change

    return Edit(name, put(after), forward, back, put(before))


def _breaking_by_our_rules() -> list[Edit]:
    """The same edits are findings of the socket rules too, so that a reader of those alone sees them."""

    def drop(shape: str, field: str) -> Callable[[Set], None]:
        def change(contracts: Set) -> None:
            held = contracts["asyncapi"]["components"]["schemas"][shape]
            del held["properties"][field]
            held["required"] = [name for name in held.get("required", ()) if name != field]

        return change

    return [
        Edit("post.new forgets its author", drop("NewPost", "author_id"), ("S03", OUT), ("A04", SAFE)),
        Edit("an answer forgets what is unread", drop("Unread", "unread"), ("S04", OUT), ("A04", SAFE)),
        Edit("a goodbye forgets why", drop("Bye", "reason"), ("S07", OUT), ("A04", SAFE)),
    ]


def _channel(document: Document, name: str = "timeline") -> Document:
    channel: Document = document["channels"][name]
    return channel


def _server(document: Document) -> Document:
    server: Document = document["servers"]["site"]
    return server


def _remove(document: Document) -> None:
    del document["operations"]["timeline_post_gone"]


def _rename(document: Document) -> None:
    document["components"]["messages"]["timeline.post.gone"]["name"] = "post.vanished"


def _remove_namespace(document: Document) -> None:
    del document["channels"]["me"]
    for name in [name for name in document["operations"] if name.startswith("me_")]:
        del document["operations"][name]


def _add_event(document: Document) -> None:
    document["components"]["messages"]["timeline.post.pinned"] = {
        "name": "post.pinned",
        "payload": {"type": "object"},
    }
    _channel(document)["messages"]["post_pinned"] = {"$ref": "#/components/messages/timeline.post.pinned"}
    document["operations"]["timeline_post_pinned"] = {
        "action": "send",
        "channel": {"$ref": "#/channels/timeline"},
        "messages": [{"$ref": "#/channels/timeline/messages/post_pinned"}],
    }


def _turn(document: Document) -> None:
    document["operations"]["timeline_post_gone"]["action"] = "receive"


def _unanswered(document: Document) -> None:
    del document["operations"]["me_notification_read"]["reply"]


def _permit(document: Document) -> None:
    document["operations"]["me_notification_read"]["x-permission"] = PERMISSION


def _slower(document: Document) -> None:
    document["operations"]["me_notification_read"]["x-rate"] = {"burst": 1, "per_minute": 300}


def _fewer_reasons(document: Document) -> None:
    document["components"]["schemas"]["Bye"]["properties"]["reason"]["enum"].remove("slow")


def _more_reasons(document: Document) -> None:
    document["components"]["schemas"]["Bye"]["properties"]["reason"]["enum"].append("moved")


def _reason_without_agreement(document: Document) -> None:
    reason = deepcopy(document["components"]["schemas"]["Bye"]["properties"]["reason"])
    document["components"]["schemas"]["Bye"]["properties"]["reason"] = {"type": reason["type"]}


def _promise(name: str) -> Touch:
    return lambda document: _channel(document)["x-delivery"].update({name: False})


TOUCHES: tuple[tuple[str, Touch, Label, Label], ...] = (
    ("an event goes", _remove, ("S01", OUT), ("A01", SAFE)),
    ("an event is renamed", _rename, ("S01", OUT), ("S01", OUT)),
    ("a namespace goes", _remove_namespace, ("S01", OUT), ("A01", SAFE)),
    ("an event comes", _add_event, ("A01", SAFE), ("S01", OUT)),
    ("an event turns round", _turn, ("S02", OUT), ("S02", OUT)),
    ("an event is no longer answered", _unanswered, ("S04", OUT), ("A04", SAFE)),
    ("an event takes a permission", _permit, ("S05", IN), ("", SAFE)),
    ("an event may be sent less often", _slower, ("R15", RISKY), ("", SAFE)),
    ("a namespace takes a permission", lambda d: _channel(d).update({"x-permission": PERMISSION}), ("S05", IN), ("A03", SAFE)),
    ("listening takes another scope", lambda d: _channel(d)["x-scopes"].update(listen="people.read"), ("S05", IN), ("S05", IN)),
    ("sending takes less", lambda d: _channel(d)["x-scopes"].update(send="timeline.read"), ("A03", SAFE), ("S05", IN)),
    ("other rooms are joined", lambda d: _channel(d).update({"x-rooms": "all"}), ("S05", RISKY), ("S05", RISKY)),
    ("tickets open nothing", lambda d: _server(d)["security"].pop(0), ("S05", IN), ("", SAFE)),
    ("the gateway moves", lambda d: _server(d).update(pathname="/live/"), ("R14", IN), ("R14", IN)),
    ("order is not promised", _promise("ordered"), ("S06", OUT), ("", SAFE)),
    ("delivery is not promised", _promise("at_least_once"), ("S06", OUT), ("", SAFE)),
    ("resuming is not promised", _promise("resumes"), ("S06", OUT), ("", SAFE)),
    ("a reason to go is no longer said", _fewer_reasons, ("S07", OUT), ("A05", SAFE)),
    ("a reason to go comes", _more_reasons, ("A05", SAFE), ("S07", OUT)),
    ("reasons to go are free", _reason_without_agreement, ("A05", SAFE), ("A06", SAFE)),
    ("a namespace in other words", lambda d: _channel(d).update(description="News"), ("T01", DOC), ("T01", DOC)),
    ("an event in other words", lambda d: d["components"]["messages"]["timeline.post.new"].update(summary="News"), ("T01", DOC), ("T01", DOC)),
)  # fmt: skip
