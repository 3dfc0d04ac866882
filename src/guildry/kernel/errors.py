"""Refusals in business words, each tied to one entry of the problem registry (RFC 9457)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True)
class Problem:
    """A kind of refusal: `slug` names its page, `code` is what programs compare."""

    slug: str
    status: int
    title: str
    retryable: bool = False

    @property
    def code(self) -> str:
        return self.slug.replace("-", "_")


REGISTRY: dict[str, Problem] = {}


def problem(slug: str, status: int, title: str, *, retryable: bool = False) -> Problem:
    """Add a kind of refusal to the registry; raises ValueError when the slug is taken."""
    if slug in REGISTRY:
        raise ValueError(f"Problem {slug!r} is declared twice.")
    REGISTRY[slug] = entry = Problem(slug, status, title, retryable)
    return entry


@dataclass(frozen=True)
class FieldError:
    """One field a caller has to change; `field` is the form or JSON name, dotted when nested."""

    field: str
    detail: str
    code: str = "invalid"


class DomainError(Exception):
    """A refusal that changed nothing and says what to do next."""

    problem: ClassVar[Problem] = problem("refused", 409, "That is not possible right now")
    detail: ClassVar[str] = "That is not possible right now."

    def __init__(
        self, detail: str | None = None, *, field: str = "", retry_after: float | None = None
    ) -> None:
        self.message = detail or self.detail
        self.retry_after = retry_after
        self.errors: tuple[FieldError, ...] = (
            (FieldError(field, self.message, self.problem.code),) if field else ()
        )
        super().__init__(self.message)


class Malformed(DomainError):
    problem = problem("malformed", 400, "The request could not be read")
    detail = "The request could not be read. Check its format and send it again."


class Unauthenticated(DomainError):
    problem = problem("unauthenticated", 401, "Sign in first")
    detail = "Sign in, or send a valid access token."


class Forbidden(DomainError):
    problem = problem("forbidden", 403, "You may not do that")
    detail = "You may not do that."


class NotFound(DomainError):
    problem = problem("not-found", 404, "Nothing here")
    detail = "There is nothing here, or you may not see it."


class Conflict(DomainError):
    problem = problem("conflict", 409, "Someone changed this first")
    detail = "This changed since you opened it. Reload it and try again."


class Gone(DomainError):
    problem = problem("gone", 410, "This is no longer here")
    detail = "This was here once and has been removed."


class TooLarge(DomainError):
    problem = problem("too-large", 413, "That is too large")
    detail = "That is too large. Send something smaller."


class Invalid(DomainError):
    """Input that a field-level message can mend; carries every problem found, not only the first."""

    problem = problem("invalid", 422, "Some answers need another look")
    detail = "Some answers need another look."

    def __init__(
        self, detail: str | None = None, *, field: str = "", errors: tuple[FieldError, ...] = ()
    ) -> None:
        super().__init__(detail, field=field)
        self.errors = errors or self.errors


class TooMany(DomainError):
    problem = problem("too-many", 429, "Too many at once", retryable=True)
    detail = "That is too many in a short time. Wait a moment and try again."


class Unavailable(DomainError):
    problem = problem("unavailable", 503, "Not available right now", retryable=True)
    detail = "A part of the service is not answering. Try again shortly."


class NotSignedByUs(Forbidden):
    problem = problem("csrf", 403, "This form is out of date")
    detail = "This form is out of date, so nothing was changed. Go back, reload the page and send it again."


INTERNAL = problem("internal", 500, "Something went wrong on our side", retryable=True)
METHOD_NOT_ALLOWED = problem("method-not-allowed", 405, "This address does not take that method")
NOT_ACCEPTABLE = problem("not-acceptable", 406, "No representation in that format")
UNSUPPORTED_MEDIA_TYPE = problem("unsupported-media-type", 415, "This address does not take that format")


class WrongFormat(DomainError):
    problem = UNSUPPORTED_MEDIA_TYPE
    detail = "This address takes another format. Send application/json, or multipart/form-data for a file."


PRECONDITION_FAILED = problem("precondition-failed", 412, "This changed since you read it")
PRECONDITION_REQUIRED = problem("precondition-required", 428, "Say which version you are changing")


View = TypeVar("View", bound=Callable[..., Any])


def refuses(*kinds: type[DomainError]) -> Callable[[View], View]:
    """Say which refusals of its own an API operation answers with, so that its documentation names them."""

    def decorate(view: View) -> View:
        view.refusals = kinds  # type: ignore[attr-defined]
        return view

    return decorate
