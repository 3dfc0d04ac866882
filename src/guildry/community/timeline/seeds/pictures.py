"""Pictures of the demo community, drawn from simple shapes so that they belong to nobody else."""

import io
import math
from collections.abc import Callable, Iterable
from itertools import chain
from random import Random
from typing import Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Palette = tuple[Colour, ...]
Point = tuple[float, float]

WIDTH, HEIGHT = 1280, 800
CANVAS, SHOWN = (960, 600), (640, 400)
PALETTES: tuple[Palette, ...] = (
    ((24, 32, 64), (40, 62, 186), (238, 98, 64), (244, 180, 66), (246, 240, 228)),
    ((18, 52, 59), (45, 130, 128), (236, 178, 110), (214, 92, 74), (248, 244, 234)),
    ((52, 40, 34), (140, 84, 52), (206, 152, 96), (236, 208, 164), (250, 244, 234)),
    ((28, 44, 38), (72, 120, 84), (160, 188, 132), (230, 202, 120), (246, 246, 236)),
    ((40, 30, 60), (112, 78, 166), (226, 122, 150), (248, 196, 168), (250, 244, 244)),
)


class Pen:
    """Draws on a canvas what is written for WIDTH by HEIGHT."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw, self._scale = draw, CANVAS[0] / WIDTH

    def rectangle(self, box: Iterable[float], fill: Colour) -> None:
        self._draw.rectangle(self._scaled(box), fill)

    def ellipse(
        self, box: Iterable[float], fill: Colour | None = None, outline: Colour | None = None, width: int = 1
    ) -> None:
        self._draw.ellipse(self._scaled(box), fill, outline, self._broad(width))

    def pieslice(self, box: Iterable[float], start: float, end: float, fill: Colour) -> None:
        self._draw.pieslice(self._scaled(box), start, end, fill)

    def polygon(
        self, corners: Iterable[Point], fill: Colour, outline: Colour | None = None, width: int = 1
    ) -> None:
        self._draw.polygon(self._scaled(chain.from_iterable(corners)), fill, outline, self._broad(width))

    def line(
        self, points: Iterable[Point], fill: Colour, width: int, joint: Literal["curve"] | None = None
    ) -> None:
        self._draw.line(self._scaled(chain.from_iterable(points)), fill, self._broad(width), joint)

    def _scaled(self, numbers: Iterable[float]) -> list[float]:
        return [number * self._scale for number in numbers]

    def _broad(self, width: int) -> int:
        return max(1, round(width * self._scale))


def drawn(pattern: str, dice: Random) -> SimpleUploadedFile:
    """Return a new picture as if it had been chosen in a browser; `pattern` is a key of PATTERNS."""
    palette = dice.choice(PALETTES)
    image = Image.new("RGB", CANVAS, palette[-1])
    PATTERNS[pattern](Pen(ImageDraw.Draw(image)), palette, dice)
    out = io.BytesIO()
    # Making it smaller smooths every edge.
    image.resize(SHOWN, Image.Resampling.BILINEAR).save(out, "PNG", compress_level=1)
    return SimpleUploadedFile(f"{pattern}.png", out.getvalue(), "image/png")


def _tiles(draw: Pen, palette: Palette, dice: Random) -> None:
    side = 160
    for x in range(0, WIDTH, side):
        for y in range(0, HEIGHT, side):
            ground, shape = dice.sample(palette, 2)
            draw.rectangle((x, y, x + side, y + side), ground)
            corner = dice.choice(((0, 0), (1, 0), (0, 1), (1, 1)))
            left, top = x - side * corner[0], y - side * corner[1]
            kind = dice.randrange(4)
            if kind == 0:
                draw.ellipse((x + 40, y + 40, x + side - 40, y + side - 40), shape)
            elif kind == 1:
                start = {(0, 0): 0, (1, 0): 90, (1, 1): 180, (0, 1): 270}[corner]
                centre = (left + side * corner[0] * 2, top + side * corner[1] * 2)
                draw.pieslice((*_around(centre, side),), start, start + 90, shape)
            elif kind == 2:
                draw.polygon(((x, y), (x + side, y), (x, y + side)), shape)


def _around(centre: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
    return centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius


def _strata(draw: Pen, palette: Palette, dice: Random) -> None:
    level = 0.0
    while level < HEIGHT + 120:
        swing, phase, colour = dice.uniform(8, 34), dice.uniform(0, 6), dice.choice(palette)
        ridge = [
            (x, level + swing * math.sin(x / 170 + phase) + swing / 2 * math.sin(x / 61))
            for x in range(0, WIDTH + 20, 20)
        ]
        draw.polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        level += dice.uniform(34, 90)


def _contour(draw: Pen, palette: Palette, dice: Random) -> None:
    x, y = dice.uniform(0.3, 0.7) * WIDTH, dice.uniform(0.3, 0.7) * HEIGHT
    lobes, phase = dice.randrange(3, 6), dice.uniform(0, 6)
    for step in range(26, 0, -1):
        ring = []
        for degree in range(0, 360, 4):
            angle = math.radians(degree)
            radius = step * 36 * (1 + 0.16 * math.sin(lobes * angle + phase + step / 7))
            ring.append((x + 1.35 * radius * math.cos(angle), y + radius * math.sin(angle)))
        draw.polygon(ring, palette[step * 3 % len(palette)])


def _grain(draw: Pen, palette: Palette, dice: Random) -> None:
    knot = (dice.uniform(0.25, 0.75) * WIDTH, dice.uniform(0.3, 0.7) * HEIGHT)
    draw.rectangle((0, 0, WIDTH, HEIGHT), palette[3])
    for line in range(-40, HEIGHT + 60, 11):
        points = []
        for x in range(0, WIDTH + 16, 16):
            near = math.exp(-(((x - knot[0]) / 150) ** 2) - ((line - knot[1]) / 170) ** 2)
            bend = 74 * near * (1 if line > knot[1] else -1)
            points.append((x, line + bend + 5 * math.sin(x / 130 + line / 40)))
        draw.line(points, palette[1 + line // 11 % 2], 2 + line % 3, joint="curve")


def _weave(draw: Pen, palette: Palette, dice: Random) -> None:
    width, gap = 40, 8
    warp = [dice.choice(palette[:-1]) for _ in range(WIDTH // width + 1)]
    weft = [dice.choice(palette[1:]) for _ in range(HEIGHT // width + 1)]
    for row, across in enumerate(weft):
        for column, down in enumerate(warp):
            x, y = column * width, row * width
            if (row + column) % 2:
                draw.rectangle((x, y + gap, x + width, y + width - gap), across)
                draw.rectangle((x + gap, y, x + width - gap, y + width), down)
            else:
                draw.rectangle((x + gap, y, x + width - gap, y + width), down)
                draw.rectangle((x, y + gap, x + width, y + width - gap), across)


def _arcs(draw: Pen, palette: Palette, dice: Random) -> None:
    for number in range(5):
        centre = (dice.uniform(0, WIDTH), dice.uniform(0.4, 1.1) * HEIGHT)
        colours = dice.sample(palette, 3)
        for ring in range(9, 0, -1):
            draw.ellipse(_around(centre, ring * (34 + 5 * number)), colours[ring % 3])


def _bars(draw: Pen, palette: Palette, dice: Random) -> None:
    base, steps = HEIGHT - 90, 9
    for level in range(base, 60, -110):
        draw.line(((90, level), (WIDTH - 60, level)), palette[3], 2)
    for step in range(steps):
        x, height = 120 + step * 126, (step + 2) * 52
        lower = height * dice.uniform(0.45, 0.75)
        draw.rectangle((x, base - height, x + 42, base), palette[1])
        draw.rectangle((x + 50, base - lower, x + 92, base), palette[2])
    draw.line(((90, base), (WIDTH - 60, base)), palette[0], 4)


def _map(draw: Pen, palette: Palette, dice: Random) -> None:
    draw.rectangle((0, 0, WIDTH, HEIGHT), palette[-1])
    for _ in range(46):
        x, y = dice.randrange(-40, WIDTH), dice.randrange(-40, HEIGHT)
        width, height, lean = dice.randrange(70, 210), dice.randrange(60, 170), dice.randrange(-30, 30)
        block = (
            (x, y),
            (x + width, y + lean / 3),
            (x + width + lean / 3, y + height),
            (x + lean / 3, y + height),
        )
        draw.polygon(block, dice.choice((palette[3], palette[-1], palette[-1])), palette[0], 2)
    course = [
        (x, HEIGHT * 0.55 + 130 * math.sin(x / 260 + 1) + 30 * math.sin(x / 90)) for x in range(0, 1300, 20)
    ]
    draw.line(course, palette[1], 58, joint="curve")
    for _ in range(7):
        centre = (dice.uniform(60, WIDTH - 60), dice.uniform(60, HEIGHT - 60))
        draw.ellipse(_around(centre, dice.uniform(16, 46)), outline=palette[2], width=7)


PATTERNS: dict[str, Callable[[Pen, Palette, Random], None]] = {
    "tiles": _tiles,
    "strata": _strata,
    "contour": _contour,
    "grain": _grain,
    "weave": _weave,
    "arcs": _arcs,
    "bars": _bars,
    "map": _map,
}
