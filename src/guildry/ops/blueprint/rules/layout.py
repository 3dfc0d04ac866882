"""Where tables stand in a drawing: those that are referred to at the start, those that refer to them further on."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildry.ops.blueprint.rules.heat import Heat

LINE, HEAD, PADDING = 22, 34, 8
LETTER, SMALL_LETTER = 7.4, 6.4
BETWEEN_COLUMNS, BETWEEN_BOXES, MARGIN = 72, 24, 16
TALLEST = 1100


@dataclass(frozen=True)
class Line:
    """A column of a table in a drawing: `target` is the table it refers to, `is_inside` whether that is drawn too."""

    name: str
    kind: str
    heat: Heat
    target: str = ""
    is_inside: bool = False
    y: int = 0


@dataclass(frozen=True)
class Entity:
    """A table to be drawn."""

    name: str
    lines: tuple[Line, ...]

    @property
    def width(self) -> int:
        longest = max(
            (len(line.name) * LETTER + len(_shown(line)) * SMALL_LETTER for line in self.lines), default=0
        )
        return int(max(len(self.name) * 8.2, longest + 56)) + 24

    @property
    def height(self) -> int:
        return HEAD + LINE * len(self.lines) + PADDING


@dataclass(frozen=True)
class Box:
    """A table where it stands."""

    name: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Drawing:
    """Boxes, the wires between them as paths of SVG, and how large all of it is."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    wires: tuple[str, ...]


def _shown(line: Line) -> str:
    return line.target if line.target and not line.is_inside else line.kind


def drawing(entities: Sequence[Entity]) -> Drawing:
    """Place tables in columns so that references lead back; the same tables always make the same drawing."""
    placed: dict[str, Box] = {}
    x = MARGIN
    for column in _columns(entities):
        y, width = MARGIN, max(entity.width for entity in column)
        for entity in column:
            placed[entity.name] = _box(entity, x, y, width)
            y += entity.height + BETWEEN_BOXES
        x += width + BETWEEN_COLUMNS
    boxes = tuple(placed.values())
    height = max((box.y + box.height for box in boxes), default=0) + MARGIN
    wires = tuple(wire for box in boxes for wire in _wires(box, placed))
    return Drawing(max(0, x - BETWEEN_COLUMNS) + MARGIN, height, boxes, wires)


def _box(entity: Entity, x: int, y: int, width: int) -> Box:
    lines = tuple(
        Line(
            line.name, line.kind, line.heat, line.target, line.is_inside, y + HEAD + LINE * number + LINE // 2
        )
        for number, line in enumerate(entity.lines)
    )
    return Box(entity.name, x, y, width, entity.height, lines)


def _columns(entities: Sequence[Entity]) -> list[list[Entity]]:
    """Sort tables into columns by how far references lead from them, none taller than a page."""
    levels = _levels(entities)
    columns: list[list[Entity]] = []
    for level in sorted(set(levels.values())):
        own = [entity for entity in entities if levels[entity.name] == level]
        columns += _broken(sorted(own, key=lambda entity: (-_degree(entity), entity.name)))
    return columns


def _degree(entity: Entity) -> int:
    return sum(line.is_inside for line in entity.lines)


def _levels(entities: Sequence[Entity]) -> dict[str, int]:
    """Return the longest way of references from each table; a way round in a circle ends where it began."""
    targets = {
        entity.name: sorted({line.target for line in entity.lines if line.is_inside} - {entity.name})
        for entity in entities
    }
    found: dict[str, int] = {}

    def depth(name: str, way: tuple[str, ...]) -> int:
        if name not in found:
            further = [depth(target, (*way, name)) for target in targets[name] if target not in (*way, name)]
            found[name] = max(further, default=-1) + 1
        return found[name]

    for name in sorted(targets):
        depth(name, ())
    return found


def _broken(column: list[Entity]) -> list[list[Entity]]:
    whole = sum(entity.height + BETWEEN_BOXES for entity in column)
    share = whole / max(1, round(whole / TALLEST + 0.3))
    broken: list[list[Entity]] = [[]]
    reached = 0.0
    for entity in column:
        if broken[-1] and reached + entity.height / 2 > share * len(broken):
            broken.append([])
        broken[-1].append(entity)
        reached += entity.height + BETWEEN_BOXES
    return broken


def _wires(box: Box, placed: dict[str, Box]) -> list[str]:
    return [_wire(box, line.y, placed[line.target]) for line in box.lines if line.is_inside]


def _wire(box: Box, y: int, target: Box) -> str:
    """Lead from the side of a column to the head of the table it refers to."""
    end_y = target.y + HEAD // 2
    if target.x < box.x:
        start, end, bend = box.x, target.x + target.width, -max(36, (box.x - target.x - target.width) // 2)
        return f"M{start} {y}C{start + bend} {y} {end - bend} {end_y} {end} {end_y}"
    start, end = box.x + box.width, target.x + target.width
    return f"M{start} {y}C{start + 48} {y} {end + 48} {end_y} {end} {end_y}"
