"""Facts: published inside an action's transaction, delivered after commit, at least once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec

from guildry.kernel import errors, text
from guildry.kernel.permissions import Actor

LONGEST_REASON = 500
_canonical = msgspec.json.Encoder(order="sorted").encode


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
class Act:
    """What makes a fact privileged: the reason given, and plain data of what it changed, of which digests are kept.

    `subject` says what was acted on, such as "member:7" or a key of the configuration; without it the first id of
    the fact does. Raises Invalid without a reason.
    """

    reason: str
    before: Any = None
    after: Any = None
    subject: str = ""

    def __post_init__(self) -> None:
        if not text.clean(self.reason):
            raise errors.Invalid("Say why, in a sentence that others can follow later.", field="reason")


@dataclass(frozen=True)
class KeptAct:
    """What is kept of an act: `before` and `after` are SHA-256 digests, empty where there was nothing."""

    reason: str
    before: str
    after: str
    subject: str


@dataclass(frozen=True)
class Delivery:
    """A fact, of the class subscribed to, on its way: `seq` is its place in the one order; `key` is unique for ever."""

    fact: Any
    seq: int
    key: str
    actor_id: int | None
    trace_id: str = ""
    act: KeptAct | None = None


@dataclass(frozen=True)
class Subscriber:
    name: str
    handle: Callable[[Delivery], None]


_subscribers: dict[str, dict[str, Subscriber]] = {}
_witnesses: dict[str, Subscriber] = {}
_outbox: Callable[[Fact, Actor, Act | None], None] | None = None


def use_outbox(append: Callable[[Fact, Actor, Act | None], None]) -> None:
    """Name the function that stores a fact in the current transaction."""
    global _outbox
    _outbox = append


def publish(fact: Fact, *, actor: Actor, act: Act | None = None) -> None:
    """Store a fact in the running transaction, with the act it is when it is privileged; raises RuntimeError outside one."""
    if _outbox is None:
        raise RuntimeError("No outbox is in use.")
    _outbox(fact, actor, act)


def subscribe(fact_type: type[FactType], handle: Callable[[Delivery], None], *, name: str) -> None:
    """Have `handle` called for each such fact, in a transaction of its own, until it returns once.

    `name` identifies the receipt and must never change or be reused.
    """
    subscribers = _subscribers.setdefault(fact_type.name, {})
    if name in subscribers:
        raise ValueError(f"{name} already subscribes to {fact_type.name}.")
    subscribers[name] = Subscriber(name, handle)


def witness_acts(handle: Callable[[Delivery], None], *, name: str) -> None:
    """Have `handle` called for every fact that is a privileged act, whatever its class, as `subscribe` would."""
    if name in _witnesses:
        raise ValueError(f"{name} already witnesses acts.")
    _witnesses[name] = Subscriber(name, handle)


def subscribers_of(fact_name: str, *, is_act: bool = False) -> list[Subscriber]:
    found = list(_subscribers.get(fact_name, {}).values())
    return [*found, *_witnesses.values()] if is_act else found


def encode(fact: Fact) -> str:
    return msgspec.json.encode(fact).decode()


def decode(name: str, payload: str) -> Fact:
    """Rebuild a stored fact; raises KeyError for a name nobody declares and ValidationError for another shape."""
    return msgspec.json.decode(payload, type=FACTS[name])


def digest_of(value: Any) -> str:
    """Return the SHA-256, in hex, of plain data as canonical JSON; empty for None."""
    return "" if value is None else hashlib.sha256(_canonical(value)).hexdigest()


def encode_act(act: Act, fact: Fact) -> str:
    """Return what is kept of an act as JSON."""
    reason = text.clean(act.reason)[:LONGEST_REASON]
    kept = KeptAct(reason, digest_of(act.before), digest_of(act.after), act.subject or _subject_of(fact))
    return msgspec.json.encode(kept).decode()


def decode_act(stored: str) -> KeptAct:
    return msgspec.json.decode(stored, type=KeptAct)


def _subject_of(fact: Fact) -> str:
    ids = (name for name in fact.__dataclass_fields__ if name.endswith("_id"))
    first = next(ids, None)
    return f"{first.removesuffix('_id')}:{getattr(fact, first)}" if first else ""
