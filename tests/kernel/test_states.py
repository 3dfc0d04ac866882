"""State machines refuse illegal jumps and say what can follow."""

import pytest

from guildry.kernel.states import IllegalTransition, Transitions

DOOR = Transitions(
    {"open": frozenset({"shut"}), "shut": frozenset({"open", "locked"}), "locked": frozenset()}
)


def test_a_legal_step_passes() -> None:
    DOOR.check("open", "shut")

    assert DOOR.can("shut", "locked")


def test_an_illegal_step_names_the_legal_ones() -> None:
    with pytest.raises(IllegalTransition, match="What can follow: shut") as refusal:
        DOOR.check("open", "locked")

    assert refusal.value.allowed == {"shut"}


def test_nothing_follows_the_end() -> None:
    with pytest.raises(IllegalTransition, match="this is the end"):
        DOOR.check("locked", "open")


def test_a_table_with_a_dangling_state_is_refused() -> None:
    with pytest.raises(ValueError, match="gone"):
        Transitions({"open": frozenset({"gone"})})
