"""Shapes that every part of the JSON API shares: ids that a column can hold, and bodies without surprises."""

from datetime import time
from typing import Annotated

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


WallTime = Annotated[time, AfterValidator(_on_no_clock_of_its_own)]
Moment = AwareDatetime
