"""How hot a column is, and where tables stand in a drawing."""

import pytest

from guildry.kernel import inventory
from guildry.kernel.inventory import DataClass
from guildry.ops.blueprint.rules import Entity, Heat, Line, drawing, heat_of, hottest


@pytest.mark.parametrize(
    ("data_class", "expected"),
    [
        (inventory.SYSTEM, Heat.COLD),
        (inventory.PROFILE, Heat.PERSONAL),
        (inventory.CONTACT, Heat.PRIVATE),
        (inventory.PRIVATE_CONTENT, Heat.PRIVATE),
        (inventory.SECRET, Heat.SECRET),
        (None, Heat.PRIVATE),
    ],
)
def test_heat_follows_from_what_a_field_declares(data_class: DataClass | None, expected: Heat) -> None:
    assert heat_of(data_class) == expected


def test_the_hottest_counts_and_nothing_is_cold() -> None:
    assert hottest([Heat.PERSONAL, Heat.SECRET, Heat.COLD]) == Heat.SECRET
    assert hottest([]) == Heat.COLD


def entity(name: str, *targets: str, inside: bool = True, columns: int = 1) -> Entity:
    lines = [Line("id", "key", Heat.COLD)] * columns
    return Entity(name, (*lines, *(Line(f"{to}_id", "bigint", Heat.PERSONAL, to, inside) for to in targets)))


def test_references_lead_back_to_the_start() -> None:
    found = drawing([entity("reply", "post"), entity("post"), entity("vote", "reply", "post")])

    x = {box.name: box.x for box in found.boxes}
    assert x["post"] < x["reply"] < x["vote"]
    assert len(found.wires) == 3


def test_boxes_do_not_overlap_and_all_is_inside() -> None:
    found = drawing(
        [
            entity(f"t{number:02}", "t00" if number else "", inside=bool(number), columns=9)
            for number in range(20)
        ]
    )

    for one in found.boxes:
        assert one.x + one.width <= found.width
        assert one.y + one.height <= found.height
        for other in found.boxes:
            apart = (
                one.x + one.width <= other.x or other.x + other.width <= one.x
                or one.y + one.height <= other.y or other.y + other.height <= one.y
            )  # fmt: skip
            assert apart or one is other


def test_tall_areas_are_broken_into_several_columns() -> None:
    found = drawing([entity(f"t{number}", columns=12) for number in range(8)])

    assert len({box.x for box in found.boxes}) > 1


def test_circles_and_references_to_itself_are_drawn() -> None:
    found = drawing([entity("a", "b"), entity("b", "a"), entity("c", "c")])

    assert len(found.boxes) == len(found.wires) == 3


def test_a_reference_out_of_the_area_has_no_wire() -> None:
    assert drawing([entity("a", "far", inside=False)]).wires == ()


def test_the_same_tables_make_the_same_drawing() -> None:
    tables = [entity("b", "a"), entity("a"), entity("c", "a")]

    assert drawing(tables) == drawing(list(reversed(tables)))


def test_no_tables_make_an_empty_drawing() -> None:
    assert drawing([]).boxes == ()
