"""The dispatcher: follows the sealed facts in their one order and tells every socket what concerns its rooms."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import structlog
from django.db import Error as DatabaseError

from guildry.kernel import errors, permissions, promptness, tracing
from guildry.kernel.loops import Loop
from guildry.kernel.points import NAMESPACES
from guildry.kernel.tracing import Span
from guildry.platform.facts import queries as facts
from guildry.platform.facts.queries import Place
from guildry.platform.realtime import rules
from guildry.platform.realtime.gateway.connections import Connection, Socket
from guildry.platform.realtime.gateway.entrance import Doors
from guildry.platform.realtime.gateway.events import Resume
from guildry.platform.realtime.gateway.lines import event_frame

BATCH = 200
HANDED_OVER_WITHIN = 10.0
LONGEST_PAUSE = 0.025
VERIFIED_AT_ONCE = 20
log = structlog.get_logger("guildry.realtime")


class Listeners(Protocol):
    """Those the dispatcher speaks to; what changes them runs on their loop."""

    doors: Doors
    loop: asyncio.AbstractEventLoop | None

    @property
    def connections(self) -> Collection[Connection]: ...
    def sockets_of(self, member_id: int) -> list[Socket]: ...
    def sockets(self) -> list[Socket]: ...
    def place(self, socket: Socket, rooms: Iterable[str]) -> None: ...
    def broadcast(self, path: str, room: str, frame: bytes) -> None: ...
    def dismiss(self, socket: Socket, reason: str) -> None: ...


class Letter:
    """One broadcast of one fact; framed when somebody is there to read it."""

    __slots__ = ("_frame", "body", "event", "part", "path", "place", "room", "seq")

    def __init__(
        self, place: Place, part: int, path: str, room: str, event: str, body: dict[str, Any]
    ) -> None:
        self.place, self.seq, self.part = place, place.seq, part
        self.path, self.room, self.event, self.body = path, room, event, body
        self._frame = b""

    @property
    def frame(self) -> bytes:
        if not self._frame:
            place = {"seq": self.seq, "part": self.part} if self.part else {"seq": self.seq}
            trace = {"trace_id": self.place.trace_id} if self.place.trace_id else {}
            self._frame = event_frame(self.path, self.event, self.body | place | trace)
        return self._frame


@dataclass(frozen=True)
class Question:
    """A socket that wants to go on from somewhere; the answer belongs to the loop."""

    socket: Socket
    wanted: Resume
    answer: "asyncio.Future[dict[str, Any]]"


class Dispatcher:
    """One thread a process. `seq` is the place up to which everything was dispatched, None before the start."""

    def __init__(self, listeners: Listeners) -> None:
        self.seq: int | None = None
        self._listeners = listeners
        self._remembered_from = 0
        self._remembered: deque[Letter] = deque()
        self._questions: deque[Question] = deque()
        self._looked_at = 0.0
        self._loop = Loop(
            "realtime dispatcher", self.look, every=0.25, topics=("facts.sealed",), is_prompt=True
        )

    def start(self) -> None:
        self._looked_at = time.monotonic()
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()
        self.seq = None

    def silence(self) -> float:
        """Return for how many seconds no look at the facts has succeeded."""
        return time.monotonic() - self._looked_at

    async def ask(self, socket: Socket, wanted: Resume) -> dict[str, Any]:
        """Let a socket hear what it missed and everything after; raises a refusal."""
        question = Question(socket, wanted, asyncio.get_running_loop().create_future())
        self._questions.append(question)
        self._loop.wake()
        return await question.answer

    def look(self) -> bool:
        """Dispatch what was sealed and answer who asked; returns whether there is more to do."""
        self._advance()
        for _ in range(len(self._questions)):
            self._answer(self._questions.popleft())
        self._verify_some()
        self._looked_at = time.monotonic()
        return bool(self._questions)

    def _advance(self) -> None:
        if self.seq is None or not self._listeners.connections:
            self._begin_at(facts.last_seq())
        # Before the gateway is mounted, and where there is none, nobody is here and there are no doors to ask.
        if not self._listeners.connections:
            return
        names, has_more = frozenset(_names()) | self._listeners.doors.reviews.keys(), True
        while has_more:
            found = facts.facts_following(self.seq or 0, names)
            if found.until == self.seq:
                self._notice_an_older_past()
                break
            self._tell(found)
            has_more = found.has_more
        while self._remembered and self._remembered[0].seq <= (self.seq or 0) - rules.MOST_BEHIND:
            self._remembered_from = self._remembered.popleft().seq

    def _tell(self, found: facts.Stretch) -> None:
        letters: list[Letter] = []
        for place, fact in found.facts:
            if self._concerns_places(fact):
                letters = self._hand_over(letters)
                self._regroup(fact)
                self._review(fact)
            letters.extend(_letters(place, fact))
        self._hand_over(letters)
        self.seq = found.until
        self._wait_for_loop()

    def _notice_an_older_past(self) -> None:
        """Begin anew when a copy of the database from before took its place."""
        if (head := facts.last_seq()) < (self.seq or 0):
            self._begin_at(head)

    def _begin_at(self, head: int) -> None:
        self.seq = self._remembered_from = head
        self._remembered.clear()

    def _concerns_places(self, fact: Any) -> bool:
        is_reviewed = fact.name in self._listeners.doors.reviews
        return is_reviewed or any(fact.name in namespace.regroup for namespace in NAMESPACES)

    def _hand_over(self, letters: list[Letter]) -> list[Letter]:
        """Remember letters, have the loop deliver them, and return an empty list for the next."""
        if letters:
            self._remembered.extend(letters)
            self._post(self._deliver, letters)
        return []

    def _deliver(self, letters: list[Letter]) -> None:
        """Write what follows one another in a room as one, because each write costs more than what it carries."""
        with promptness.in_one_go():
            for (path, room), together in groupby(letters, key=lambda letter: (letter.path, letter.room)):
                self._listeners.broadcast(path, room, b"".join(map(_told, together)))

    def _regroup(self, fact: Any) -> None:
        for namespace in NAMESPACES:
            if whom := namespace.regroup.get(fact.name):
                for member_id in whom(fact):
                    for socket in self._listeners.sockets_of(member_id):
                        if socket.namespace is namespace and socket.is_live:
                            self._place_again(socket)

    def _place_again(self, socket: Socket) -> None:
        if (viewer := self._listeners.doors.again(socket.proof)) is not None:
            self._post(self._listeners.place, socket, socket.namespace.rooms(viewer))

    def _review(self, fact: Any) -> None:
        if review := self._listeners.doors.reviews.get(fact.name):
            for socket in self._listeners.sockets_of(review.whom(fact)):
                self._verify(socket, review.reason)

    def _verify_some(self) -> None:
        """Look again at passes that may have expired without a fact, a few at a time."""
        if not self._listeners.connections:
            return
        old = time.monotonic() - rules.VERIFY_EVERY
        due = (socket for socket in self._listeners.sockets() if socket.verified_at < old)
        for socket, _ in zip(due, range(VERIFIED_AT_ONCE), strict=False):
            self._verify(socket, "session_ended")

    def _verify(self, socket: Socket, reason: str) -> None:
        viewer = self._listeners.doors.again(socket.proof)
        socket.verified_at = time.monotonic()
        if viewer is None:
            self._post(self._listeners.dismiss, socket, reason)
        elif (needed := socket.namespace.permission) and not permissions.has(viewer, needed):
            self._post(self._listeners.dismiss, socket, "forbidden")

    def _answer(self, question: Question) -> None:
        try:
            answer: Any = self._resume(question.socket, question.wanted)
        except DatabaseError:
            self._questions.appendleft(question)
            raise
        except errors.DomainError as refusal:
            answer = refusal
        except Exception as error:
            log.exception("resume failed", namespace=question.socket.namespace.path)
            answer = errors.Unavailable()
            answer.__cause__ = error
        self._post(_settle, question.answer, answer)

    def _resume(self, socket: Socket, wanted: Resume) -> dict[str, Any]:
        viewer = self._listeners.doors.again(socket.proof)
        if viewer is None:
            raise errors.Unauthenticated
        rooms = frozenset(socket.namespace.rooms(viewer))
        missed = [] if socket.is_live else self._missed(socket.namespace.path, rooms, wanted)
        socket.is_live = True
        self._post(self._go_live, socket, rooms, missed or [])
        answer = {"ok": True, "last_seq": self.seq}
        return answer | {"reset": True} if missed is None else answer

    def _go_live(self, socket: Socket, rooms: frozenset[str], missed: list[Letter]) -> None:
        socket.connection.line.write(b"".join(letter.frame for letter in missed))
        self._listeners.place(socket, rooms)

    def _missed(self, path: str, rooms: frozenset[str], wanted: Resume) -> list[Letter] | None:
        """Return what these rooms were told since, or None when that is too much or lies in no past of ours."""
        if wanted.after_seq is None:
            return []
        if wanted.after_seq > (self.seq or 0):
            self._advance()
        has_all = wanted.after_part is None
        after = (wanted.after_seq + 1, -1) if has_all else (wanted.after_seq, wanted.after_part)
        behind = (self.seq or 0) - wanted.after_seq
        if not 0 <= behind <= rules.MOST_BEHIND:
            return None
        self._recall(wanted.after_seq - (not has_all))
        found = [
            letter
            for letter in self._remembered
            if (letter.seq, letter.part) > after and letter.path == path and letter.room in rooms
        ]
        return found if len(found) <= rules.MOST_REPLAYED else None

    def _recall(self, after: int) -> None:
        """Project again what happened before this process began to remember."""
        if after >= self._remembered_from:
            return
        earlier: list[Letter] = []
        names, seq = frozenset(_names()), max(after, 0)
        while seq < self._remembered_from:
            until = min(seq + BATCH, self._remembered_from)
            for sealed in facts.facts_after(seq, names=names, until=until):
                place = Place(sealed.seq, sealed.key, sealed.trace_id)
                earlier.extend(_letters(place, sealed.fact))
            seq = until
        self._remembered.extendleft(reversed(earlier))
        self._remembered_from = max(after, 0)

    def _post(self, call: Callable[..., Any], *arguments: Any) -> None:
        loop = self._listeners.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(call, *arguments)

    def _wait_for_loop(self) -> None:
        """Go no further than the loop can follow, and leave it as long for other work; facts gather meanwhile."""
        began = time.monotonic()
        done, patience = threading.Event(), began + HANDED_OVER_WITHIN
        self._post(done.set)
        loop = self._listeners.loop
        while loop is not None and not loop.is_closed() and time.monotonic() < patience:
            if done.wait(0.2):
                time.sleep(min(time.monotonic() - began, LONGEST_PAUSE))
                break


def _names() -> Iterator[str]:
    for namespace in NAMESPACES:
        yield from namespace.project
        yield from namespace.regroup


def _letters(place: Place, fact: Any) -> Iterator[Letter]:
    """Yield the broadcasts of a fact; one that cannot be projected holds up no other."""
    for namespace in NAMESPACES:
        project = namespace.project.get(fact.name)
        if project is None:
            continue
        try:
            told = project(fact)
        except DatabaseError:
            raise
        except Exception:
            log.exception("projection failed", namespace=namespace.path, fact=fact.name, seq=place.seq)
            continue
        for part, broadcast in enumerate(told):
            yield Letter(place, part, namespace.path, broadcast.room, broadcast.event, broadcast.body)


def _told(letter: Letter) -> bytes:
    """Return the frame of a letter that is on its way, and record in its trace that it is."""
    if place := letter.place.trace_id and letter.place:
        tracing.record(
            Span(place.trace_id, tracing.new_span(), tracing.of_fact(place.key), "socket",
                 f"{letter.path} {letter.event}", time.time(), None, {"room": letter.room})
        )  # fmt: skip
    return letter.frame


def _settle(answer: "asyncio.Future[dict[str, Any]]", outcome: Any) -> None:
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
