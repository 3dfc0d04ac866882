"""Hints: wake whoever waits for one kind of work, here at once and elsewhere when a carrier is in use.

A hint may be lost, so whoever waits also looks by itself now and then.
"""

import threading
from collections.abc import Callable

_listeners: dict[str, list[Callable[[], None]]] = {}
_lock = threading.Lock()
_carry: Callable[[str], None] | None = None


def use_carrier(carry: Callable[[str], None] | None) -> None:
    """Name the function that takes a topic to the other processes, or None when there are none."""
    global _carry
    _carry = carry


def send(topic: str) -> None:
    """Wake the listeners of a topic in this process and hand the topic to the carrier."""
    receive(topic)
    if _carry is not None:
        _carry(topic)


def receive(topic: str) -> None:
    """Wake the listeners of a topic in this process only; carriers call it for what others sent."""
    for wake in tuple(_listeners.get(topic, ())):
        wake()


def listen(topic: str, wake: Callable[[], None]) -> Callable[[], None]:
    """Have `wake` called at every hint, from any thread; it must return at once. Returns how to stop that."""
    with _lock:
        _listeners[topic] = [*_listeners.get(topic, ()), wake]

    def stop() -> None:
        with _lock:
            _listeners[topic] = [known for known in _listeners[topic] if known is not wake]

    return stop
