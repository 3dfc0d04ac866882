"""The AsyncAPI document: sound in itself, complete, and true of what is told."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from guildry.community.timeline import actions as timeline
from guildry.community.timeline.rules import ReactionKind
from guildry.kernel.points import NAMESPACES, Broadcast, Namespace
from guildry.ops.contracts import queries
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions as notifications
from guildry.platform.realtime.gateway.events import Resume
from tests.factories.facts import all_published
from tests.factories.notifications import tell
from tests.factories.timeline import comment, publish

# What the specification (3.0.0) allows at each level; extensions begin with x-.
ALLOWED = {
    "root": {"asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components"},
    "channel": {"address", "title", "summary", "description", "servers", "messages"},
    "operation": {"action", "channel", "summary", "description", "messages", "reply"},
    "message": {"name", "title", "summary", "description", "payload"},
}


def document() -> dict[str, Any]:
    return queries.documents()["asyncapi"]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def resolved(reference: str) -> Any:
    found: Any = document()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_everything_that_is_referred_to_is_there() -> None:
    for reference in set(references(document())):
        assert resolved(reference) is not None


def test_every_part_holds_only_what_the_specification_knows() -> None:
    whole = document()
    parts = [("root", whole)]
    parts += [("channel", channel) for channel in whole["channels"].values()]
    parts += [("operation", operation) for operation in whole["operations"].values()]
    parts += [("message", message) for message in whole["components"]["messages"].values()]

    for kind, part in parts:
        assert {key for key in part if not key.startswith("x-")} <= ALLOWED[kind]
    assert (whole["asyncapi"], whole["servers"]["site"]["protocol"]) == ("3.0.0", "wss")


def test_every_operation_carries_messages_of_its_own_channel() -> None:
    for operation in document()["operations"].values():
        channel = operation["channel"]["$ref"]
        carried = [*operation["messages"], *operation.get("reply", {}).get("messages", ())]

        assert operation["action"] in ("send", "receive")
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in carried)


def test_every_shape_of_a_message_is_a_json_schema() -> None:
    for shape in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)


def test_every_event_that_a_namespace_takes_or_tells_has_an_operation() -> None:
    actions = {
        (resolved(entry["channel"]["$ref"])["address"], _name(entry), entry["action"])
        for entry in document()["operations"].values()
    }

    for namespace in NAMESPACES:
        assert namespace.meaning
        for event in namespace.events:
            assert (namespace.path, event.name, "receive") in actions
            assert event.meaning
            assert event.answer is not None
        for news in namespace.news:
            assert (namespace.path, news.name, "send") in actions
        for name in ("bye", "server:draining", "server:degraded", "server:recovered"):
            assert (namespace.path, name, "send") in actions


def _name(operation: dict[str, Any]) -> str:
    return str(resolved(resolved(operation["messages"][0]["$ref"])["$ref"])["name"])


def test_resuming_is_described_as_the_gateway_reads_it() -> None:
    _, found = msgspec.json.schema_components([Resume])
    described = document()["components"]["schemas"]["Resume"]

    assert set(described["properties"]) == set(found["Resume"]["properties"])
    assert described["additionalProperties"] is found["Resume"]["additionalProperties"] is False


def test_what_is_told_has_the_shape_that_was_declared(ada: Member, ben: Member) -> None:
    """Everything a busy day tells, in every namespace, is converted strictly."""
    post = publish(ada, "The #bridge is open")
    timeline.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)
    comment(ben, post)
    timeline.repost(ben, post_id=post.pk)
    timeline.delete_post(ada, post_id=publish(ada, "A mistake").pk)
    tell(ada, "Ben follows you", actor=ben, url="/people/ben/")
    tell(ada, "Welcome")
    notifications.mark_all_read(ada, up_to=2**62)

    told = [entry for fact in all_published() for entry in _told(fact)]

    assert {(namespace.path, sent.event) for namespace, sent in told} == {
        ("/timeline", "post.new"), ("/timeline", "post.counts"), ("/timeline", "post.gone"),
        ("/me", "counters"), ("/me", "notification"),
    }  # fmt: skip
    for namespace, sent in told:
        declared = {news.name: news.shape for news in namespace.news}
        msgspec.convert(json.loads(json.dumps(sent.body)), declared[sent.event])


def _told(fact: Any) -> list[tuple[Namespace, Broadcast]]:
    return [
        (namespace, sent)
        for namespace in NAMESPACES
        if fact.name in namespace.project
        for sent in namespace.project[fact.name](fact)
    ]
