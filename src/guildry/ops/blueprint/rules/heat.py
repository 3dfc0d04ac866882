"""How much harm a column could do in the wrong hands, from the class its field declares."""

from collections.abc import Iterable
from enum import StrEnum

from guildry.kernel.inventory import DataClass, Log


class Heat(StrEnum):
    """`personal` says something of somebody, `private` is for few eyes or reaches them, `secret` proves who they are."""

    COLD = "cold"
    PERSONAL = "personal"
    PRIVATE = "private"
    SECRET = "secret"  # noqa: S105  no password: the name of a level


ORDER = tuple(Heat)


def heat_of(data_class: DataClass | None) -> Heat:
    """Return the heat of a class; what nobody classified counts as private until somebody does."""
    if data_class is None:
        return Heat.PRIVATE
    if data_class.is_secret:
        return Heat.SECRET
    if not data_class.personal:
        return Heat.COLD
    return Heat.PERSONAL if data_class.log == Log.PLAIN else Heat.PRIVATE


def hottest(heats: Iterable[Heat]) -> Heat:
    return max(heats, key=ORDER.index, default=Heat.COLD)
