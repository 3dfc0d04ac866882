"""Extension points: what an app may add to the whole, declared as frozen values before the start."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from guildry.kernel.configuration import Rule, Setting
from guildry.kernel.inventory import ForeignInventory
from guildry.kernel.observing import HealthCheck, Metric, Queue
from guildry.kernel.offline import OfflineEntity
from guildry.kernel.safety import AfterRestore, RestorePoints, RollCall

T = TypeVar("T")


class PointError(RuntimeError):
    """An entry is malformed, taken, or late; the process must not start."""


class Point(Generic[T]):
    """An ordered registry of one kind of frozen dataclass, unique by its key, closed once the apps are ready."""

    def __init__(self, name: str, kind: type[T], *, key: str = "key") -> None:
        self.name, self.kind, self.key = name, kind, key
        self._entries: dict[Any, T] = {}
        self._closed = False
        ALL_POINTS.append(self)

    def register(self, *entries: T) -> None:
        """Add entries; raises PointError when one is of another kind, its key is taken, or the point is closed."""
        for entry in entries:
            if self._closed:
                raise PointError(f"{self.name} is closed: register {entry!r} in apps.ready().")
            if not (isinstance(entry, self.kind) and is_dataclass(entry)):
                raise PointError(f"{self.name} takes {self.kind.__name__} entries, not {entry!r}.")
            key = getattr(entry, self.key)
            if key in self._entries:
                raise PointError(f"{self.name} already has an entry {key!r}.")
            self._entries[key] = entry

    def close(self) -> None:
        self._closed = True

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, key: Any) -> T:
        return self._entries[key]

    def __contains__(self, key: Any) -> bool:
        return key in self._entries

    def get(self, key: Any) -> T | None:
        return self._entries.get(key)


ALL_POINTS: list[Point[Any]] = []


def close_all() -> None:
    """Refuse further entries everywhere; called once, after every app is ready."""
    for point in ALL_POINTS:
        point.close()


@dataclass(frozen=True)
class Module:
    """A place a member can go: one entry feeds bar, mega menu, rail, tab bar, palette and sitemap.

    `group` is the heading it stands under; `placement` names the bars that show it: bar, rail, tabs, create,
    account, footer, public, settings, console (there the group is Operate, Configure, Secure or Help). `live` gives
    one short line of context and is called only when a menu opens.
    """

    key: str
    label: str
    icon: str
    group: str
    url_name: str
    description: str = ""
    placement: frozenset[str] = frozenset({"rail"})
    permission: str = ""
    public: bool = False
    hats: frozenset[str] = frozenset()
    order: int = 100
    badge: Callable[[Any], int] | None = None
    live: Callable[[Any], str] | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asset:
    """A stylesheet or a JavaScript module, by its static path, loaded on every page, or only on those of one frame."""

    path: str
    frame: str = ""


@dataclass(frozen=True)
class Component:
    """A part of the running process: `needs` start before it, within `start_timeout`; `stop` undoes that within `timeout`.

    The process does without a component that is not `critical`. `probe` returns a short observation while it runs, or
    raises; it is sampled in the background as a health check of the same name.
    """

    name: str
    start: Callable[[], Any]
    stop: Callable[[], Any]
    needs: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset({"web", "realtime", "worker"})
    timeout: timedelta = timedelta(seconds=10)
    start_timeout: timedelta = timedelta(seconds=30)
    probe: Callable[[], str] | None = None
    critical: bool = True


@dataclass(frozen=True)
class Reload:
    """What SIGHUP makes a running process read again; `run` returns a short line for the log, or raises and changes nothing."""

    name: str
    run: Callable[[], str]


@dataclass(frozen=True)
class ScheduledJob:
    """A task run once per slot across all processes; `task` is a dotted path to a declared task."""

    name: str
    task: str
    every: timedelta


@dataclass(frozen=True)
class SeedPack:
    """Demo rows made through actions, deterministic for one `now`, in order.

    `steps` takes the World and returns the same steps every time; each is one transaction and happens once. The doors
    open before a pack with `after_opening`. `totals` says from what is written, not from rows, how many there are of
    each kind once the pack is loaded. `version` goes up when what the pack tells changes.
    """

    name: str
    order: int
    steps: Callable[[Any], Sequence[Callable[[], None]]]
    after_opening: bool = False
    version: int = 1
    totals: Callable[[Any], Mapping[str, int]] | None = None


@dataclass(frozen=True)
class PaletteSource:
    """Results for the command palette: `search(viewer, text, limit)` returns PaletteItem values it may see."""

    key: str
    label: str
    search: Callable[[Any, str, int], list["PaletteItem"]]
    order: int = 100


@dataclass(frozen=True)
class PaletteItem:
    label: str
    url: str
    detail: str = ""
    icon: str = ""
    portrait: str = ""


@dataclass(frozen=True)
class NotificationKind:
    """A reason to tell a member something, with its default channels: app, mail.

    Where it `folds`, lists tell what several people caused at one place in one line: their names, then the common words.
    """

    key: str
    label: str
    description: str
    group: str
    icon: str = "bell"
    mail: bool = False
    folds: bool = False
    settings: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class FileUse:
    """What files of one use may be: accepted media types, the largest size in bytes, how images are re-encoded.

    `image_ratio` (width, height) crops images around their focus. `in_use` returns which of these keys something
    still refers to; files of a use without it are kept for ever.
    """

    key: str
    media_types: frozenset[str]
    max_bytes: int
    image_widths: tuple[int, ...] = ()
    image_ratio: tuple[int, int] | None = None
    in_use: Callable[[list[str]], set[str]] | None = None


@dataclass(frozen=True)
class SocketSession:
    """One connected socket: `viewer` is the signed-in member, fresh for this event."""

    sid: str
    viewer: Any


@dataclass(frozen=True)
class SocketEvent:
    """An event clients may send. `handle(session, payload)` runs in a worker thread and returns the ack's body.

    `payload` is an instance of `shape`, a msgspec struct that forbids unknown fields; `answer` is that of the ack.
    `permission` names what the viewer must hold; empty means any signed-in member.
    """

    name: str
    shape: type
    handle: Callable[[SocketSession, Any], dict[str, Any]]
    permission: str = ""
    burst: int = 60
    per_second: float = 10.0
    answer: type | None = None
    meaning: str = ""


@dataclass(frozen=True)
class SocketNews:
    """An event that a namespace tells, in the shape of a msgspec struct; `meaning` says to clients when."""

    name: str
    shape: type
    meaning: str


@dataclass(frozen=True)
class Broadcast:
    """An event for everybody in a room; the dispatcher adds the fact's `seq`."""

    room: str
    event: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Namespace:
    """A Socket.IO namespace. Every socket is authenticated, then joins `rooms(viewer)`.

    `project` maps a fact name to the broadcasts it causes, in the one order of facts; a reconnecting client gets
    what it missed through the same functions, limited to its rooms. `regroup` maps a fact name to the ids of
    members whose rooms must be computed again because of it, before the fact is projected. `area` is that of the API
    whose scopes a token needs to listen (read) and to send events (write). `news` declares every event that `project`
    tells.
    """

    path: str
    rooms: Callable[[Any], list[str]]
    area: str
    events: tuple[SocketEvent, ...] = ()
    project: dict[str, Callable[[Any], list[Broadcast]]] = field(default_factory=dict, hash=False)
    regroup: dict[str, Callable[[Any], list[int]]] = field(default_factory=dict, hash=False)
    permission: str = ""
    news: tuple[SocketNews, ...] = ()
    meaning: str = ""


@dataclass(frozen=True)
class Command:
    """A verb of the `guildry` command, or "verb area" for one of the areas that apps add to a verb together.

    `run` returns the exit code, `arguments` adds its own to the parser.
    """

    name: str
    help: str
    run: Callable[[Any], int]
    arguments: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class Card:
    """A card of a page's side column; `render(request)` returns markup or an empty string."""

    key: str
    page: str
    render: Callable[[Any], str]
    order: int = 100


@dataclass(frozen=True)
class Circle:
    """How members stand to each other, for the apps below the one that keeps it; both functions take a viewer's id.

    `close` returns the members who count the viewer among their connections, `apart` those a block keeps away.
    """

    key: str
    close: Callable[[int], Collection[int]]
    apart: Callable[[int], Collection[int]]


@dataclass(frozen=True)
class Reseal:
    """Rows sealed with a secret: `reseal` seals what an older secret sealed with the one in use, and counts them."""

    name: str
    secret: str
    reseal: Callable[[], int]


@dataclass(frozen=True)
class Admission:
    """A reason why somebody may join where that takes an invitation: `is_invited` is given their address."""

    key: str
    is_invited: Callable[[str], bool]


@dataclass(frozen=True)
class ContractDocument:
    """A document that clients build on, made from the program as plain JSON, the same wherever it runs."""

    name: str
    title: str
    make: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Greeting:
    """Lines that `guildry serve` prints when a demo community is loaded, made from the address it is open at."""

    key: str
    lines: Callable[[str], list[str]]


class Settings(Point[Setting]):
    """The registry of keys, which also keeps the names apart that they have in the environment."""

    def register(self, *entries: Setting) -> None:
        for entry in entries:
            super().register(entry)
            for name in (entry.variable, *entry.aliases):
                if (other := self.names.setdefault(name, entry)) is not entry:
                    raise PointError(f"{entry.key} and {other.key} are both called {name}.")

    def __init__(self) -> None:
        super().__init__("settings", Setting)
        self.names: dict[str, Setting] = {}


RUNTIME_SETTINGS = Settings()
SETTING_RULES: Point[Rule] = Point("setting rules", Rule)
MODULES: Point[Module] = Point("modules", Module)
CIRCLES: Point[Circle] = Point("circles", Circle)
STYLESHEETS: Point[Asset] = Point("stylesheets", Asset, key="path")
SCRIPTS: Point[Asset] = Point("scripts", Asset, key="path")
COMPONENTS: Point[Component] = Point("components", Component, key="name")
RELOADS: Point[Reload] = Point("reloads", Reload, key="name")
HEALTH_CHECKS: Point[HealthCheck] = Point("health checks", HealthCheck, key="name")
QUEUES: Point[Queue] = Point("queues", Queue)
METRICS: Point[Metric] = Point("metrics", Metric, key="name")
SCHEDULED_JOBS: Point[ScheduledJob] = Point("scheduled jobs", ScheduledJob, key="name")
SEED_PACKS: Point[SeedPack] = Point("seed packs", SeedPack, key="name")
PALETTE_SOURCES: Point[PaletteSource] = Point("palette sources", PaletteSource)
NOTIFICATION_KINDS: Point[NotificationKind] = Point("notification kinds", NotificationKind)
FILE_USES: Point[FileUse] = Point("file uses", FileUse)
NAMESPACES: Point[Namespace] = Point("namespaces", Namespace, key="path")
FOREIGN_INVENTORY: Point[ForeignInventory] = Point("foreign inventory", ForeignInventory, key="model")
COMMANDS: Point[Command] = Point("commands", Command, key="name")
CARDS: Point[Card] = Point("cards", Card)
OFFLINE_ENTITIES: Point[OfflineEntity] = Point("offline entities", OfflineEntity, key="box")
RESEALS: Point[Reseal] = Point("reseals", Reseal, key="name")
ADMISSIONS: Point[Admission] = Point("admissions", Admission)
RESTORE_POINTS: Point[RestorePoints] = Point("restore points", RestorePoints)
ROLL_CALLS: Point[RollCall] = Point("roll calls", RollCall)
AFTER_RESTORE: Point[AfterRestore] = Point("what is done after a restore", AfterRestore)
CONTRACT_DOCUMENTS: Point[ContractDocument] = Point("contract documents", ContractDocument, key="name")
GREETINGS: Point[Greeting] = Point("greetings", Greeting)
