"""Shapes that every part of the JSON API shares: ids that a column can hold, and bodies without surprises."""

from collections.abc import Callable
from datetime import time
from typing import Annotated, Any, TypeVar

from django.http import QueryDict
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict

Id = Annotated[int, Field(ge=1, lt=2**63)]


class Body(Schema):
    """What a caller sends; a field that we do not know is refused, because it was meant to do something."""

    model_config = ConfigDict(extra="forbid")


def _on_no_clock_of_its_own(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("Give the time as the clock on your wall shows it, without an offset.")
    return value


V = TypeVar("V", bound=Callable[..., Any])


def in_short(read: Callable[[QueryDict], dict[str, Any] | None]) -> Callable[[V], V]:
    """Mark a busy read, open to everybody, whose parameters `read` takes from a plain query; None is not plain."""

    def mark(view: V) -> V:
        view.reads_plainly = read  # type: ignore[attr-defined]
        return view

    return mark


WallTime = Annotated[time, AfterValidator(_on_no_clock_of_its_own)]
Moment = AwareDatetime
