"""Facts: published inside an action's transaction, delivered after commit, at least once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec

from guildry.kernel.permissions import Actor


@dataclass(frozen=True)
class Fact:
    """Something that happened, in the past tense, carrying ids only. Subclasses are frozen dataclasses."""

    name: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        area = cls.__module__.rsplit(".", 2)[-2]
        cls.name = f"{area}.{cls.__name__}"
        if (known := FACTS.get(cls.name)) and known.__module__ != cls.__module__:
            raise ValueError(f"Two facts are called {cls.name}.")
        FACTS[cls.name] = cls


FACTS: dict[str, type[Fact]] = {}
FactType = TypeVar("FactType", bound=Fact)


@dataclass(frozen=True)
class Delivery:
    """A fact, of the class subscribed to, on its way: `seq` is its place in the one order; `key` is unique for ever."""

    fact: Any
    seq: int
    key: str
    actor_id: int | None


@dataclass(frozen=True)
class Subscriber:
    name: str
    handle: Callable[[Delivery], None]


_subscribers: dict[str, dict[str, Subscriber]] = {}
_outbox: Callable[[Fact, Actor], None] | None = None


def use_outbox(append: Callable[[Fact, Actor], None]) -> None:
    """Name the function that stores a fact in the current transaction."""
    global _outbox
    _outbox = append


def publish(fact: Fact, *, actor: Actor) -> None:
    """Store a fact in the running transaction; raises RuntimeError outside one."""
    if _outbox is None:
        raise RuntimeError("No outbox is in use.")
    _outbox(fact, actor)


def subscribe(fact_type: type[FactType], handle: Callable[[Delivery], None], *, name: str) -> None:
    """Have `handle` called for each such fact, in a transaction of its own, until it returns once.

    `name` identifies the receipt and must never change or be reused.
    """
    subscribers = _subscribers.setdefault(fact_type.name, {})
    if name in subscribers:
        raise ValueError(f"{name} already subscribes to {fact_type.name}.")
    subscribers[name] = Subscriber(name, handle)


def subscribers_of(fact_name: str) -> list[Subscriber]:
    return list(_subscribers.get(fact_name, {}).values())


def encode(fact: Fact) -> str:
    return msgspec.json.encode(fact).decode()


def decode(name: str, payload: str) -> Fact:
    """Rebuild a stored fact; raises KeyError for a name nobody declares and ValidationError for another shape."""
    return msgspec.json.decode(payload, type=FACTS[name])
