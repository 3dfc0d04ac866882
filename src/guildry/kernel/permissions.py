"""Named permissions and the staff roles that carry them; deny is the default."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest

from guildry.kernel import errors
from guildry.kernel.points import Point


class StaffRole(StrEnum):
    MODERATOR = "moderator"
    SUPPORT_AGENT = "support_agent"
    FINANCE_OFFICER = "finance_officer"
    MODEL_STEWARD = "model_steward"
    CONTENT_EDITOR = "content_editor"
    ANALYST = "analyst"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Permission:
    """A right named `area.verb`, the roles that carry it, and what it lets its holder do."""

    name: str
    description: str
    roles: frozenset[StaffRole]
    reads_only: bool = False

    def __post_init__(self) -> None:
        area, _, verb = self.name.partition(".")
        if not (area.isidentifier() and verb.isidentifier()):
            raise ValueError(f"Permission {self.name!r} is not of the form area.verb.")


PERMISSIONS: Point[Permission] = Point("permissions", Permission, key="name")


class Actor(Protocol):
    """Whoever acts: a member with an integer key, or the system itself with none."""

    @property
    def pk(self) -> Any: ...

    @property
    def staff_roles(self) -> frozenset[StaffRole]: ...


class PermissionMissing(errors.Forbidden):
    problem = errors.problem("permission-missing", 403, "You need a permission for that")

    def __init__(self, name: str) -> None:
        self.permission = name
        holders = ", ".join(sorted(role.label.lower() for role in PERMISSIONS[name].roles)) or "nobody"
        super().__init__(
            f"This needs the permission {name}, held by: {holders}. An administrator can grant it."
        )


class SecondFactorMissing(errors.Forbidden):
    problem = errors.problem("second-factor-missing", 403, "Set up a second factor first")
    detail = (
        "Your staff roles rest until a second factor protects your account. "
        "Set one up under Settings, Security, then try again."
    )


def has(actor: Actor, name: str) -> bool:
    """Tell whether one of the actor's granted roles carries the permission; unknown names raise KeyError."""
    return bool(PERMISSIONS[name].roles & actor.staff_roles)


def require(actor: Actor, name: str) -> None:
    """Raise PermissionMissing, naming the permission and who can grant it, unless the actor holds it.

    Raises SecondFactorMissing when a role that carries it rests until the actor has a second factor.
    """
    if has(actor, name):
        return
    if PERMISSIONS[name].roles & getattr(actor, "withheld_roles", frozenset()):
        raise SecondFactorMissing
    raise PermissionMissing(name)


class MemberRequest(HttpRequest):
    """A request to a view that lets in signed-in members only; typed loosely, for members live on a floor above."""

    user: Any


def viewer_of(request: HttpRequest) -> Any:
    """Return the signed-in member, or None for a guest or a request that never got as far as having a user."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Say that a view is open to everybody, so that the permission matrix knows it was meant."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def needs(name: str) -> Callable[[View], View]:
    """Let only holders of a permission enter a view; raises Unauthenticated or PermissionMissing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            member: Any = request.user
            if not member.is_authenticated:
                raise errors.Unauthenticated
            require(member, name)
            return view(request, *arguments, **named)

        guarded.needs_permission = name  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


@dataclass(frozen=True)
class System:
    """The program acting on its own account, for seeds, schedules and subscribers."""

    pk: None = None
    staff_roles: frozenset[StaffRole] = frozenset(StaffRole)


SYSTEM = System()
