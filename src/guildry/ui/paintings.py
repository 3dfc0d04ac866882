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
# Twice the size of what is kept, because making a picture smaller smooths every edge.
CANVASES = {"small": ((960, 600), (640, 400)), "large": ((1920, 1200), (1280, 800))}
# Dark, first colour, second colour, warm, light.
PALETTES: dict[str, Palette] = {
    "harbour": ((24, 32, 64), (40, 62, 186), (238, 98, 64), (244, 180, 66), (246, 240, 228)),
    "coast": ((18, 52, 59), (45, 130, 128), (214, 92, 74), (236, 178, 110), (248, 244, 234)),
    "oak": ((52, 40, 34), (140, 84, 52), (182, 124, 74), (226, 188, 138), (250, 244, 234)),
    "moss": ((28, 44, 38), (72, 120, 84), (150, 180, 122), (230, 202, 120), (246, 246, 236)),
    "dusk": ((40, 30, 60), (112, 78, 166), (226, 122, 150), (248, 196, 168), (250, 244, 244)),
    "ember": ((58, 22, 28), (176, 52, 44), (228, 112, 58), (246, 190, 110), (252, 244, 232)),
    "linen": ((30, 42, 84), (74, 108, 174), (158, 184, 212), (226, 214, 190), (249, 246, 239)),
    "night": ((12, 16, 36), (44, 62, 120), (104, 132, 190), (250, 202, 98), (32, 42, 82)),
}


class Pen:
    """Draws on a canvas what is written for WIDTH by HEIGHT."""

    def __init__(self, image: Image.Image) -> None:
        self._draw, self._scale = ImageDraw.Draw(image), image.width / WIDTH

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


def painted(what: str, dice: Random, size: str = "small") -> SimpleUploadedFile:
    """Return a new picture as if it had been chosen in a browser.

    `what` is a key of PATTERNS and one of PALETTES, such as "hills moss"; `size` is a key of CANVASES.
    """
    pattern, _, colours = what.partition(" ")
    palette, (canvas, shown) = PALETTES[colours], CANVASES[size]
    image = Image.new("RGB", canvas, palette[-1])
    PATTERNS[pattern](Pen(image), palette, dice)
    out = io.BytesIO()
    image.resize(shown, Image.Resampling.BILINEAR).save(out, "PNG", compress_level=1)
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
    """Three boards side by side, each with its own shade and its own knot."""
    top = 0.0
    for board in range(3):
        bottom = HEIGHT if board == 2 else top + dice.uniform(200, 320)
        ground = _between(palette[3], palette[4], dice.uniform(0.1, 0.6))
        draw.rectangle((0, top, WIDTH, bottom), ground)
        knot = (dice.uniform(0.15, 0.85) * WIDTH, dice.uniform(top + 60, bottom - 60))
        for line in range(int(top) - 60, int(bottom) + 60, 13):
            shade = _between(ground, palette[2], dice.uniform(0.3, 0.9))
            draw.line(list(_fibre(line, knot)), shade, 2 + line % 3, joint="curve")
        for ring in range(5, 0, -1):
            draw.ellipse(_around(knot, ring * 5), _between(palette[2], palette[1], 1 - ring / 6))
        draw.rectangle((0, bottom, WIDTH, bottom + 900), palette[0])
        top = bottom + 5


def _fibre(level: float, knot: Point) -> Iterable[Point]:
    """Return the points of one fibre, which bends around the knot of its board."""
    for x in range(0, WIDTH + 16, 16):
        near = math.exp(-(((x - knot[0]) / 130) ** 2) - ((level - knot[1]) / 80) ** 2)
        yield x, level + 42 * near * (1 if level > knot[1] else -1) + 4 * math.sin(x / 150 + level / 37)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that lies so far on the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


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


def _hills(draw: Pen, palette: Palette, dice: Random) -> None:
    """Ridges, one behind the other, under a low sun."""
    for band in range(20):
        sky = _between(palette[4], palette[3], band / 24)
        draw.rectangle((0, band * 30, WIDTH, band * 30 + 30), sky)
    sun = (dice.uniform(0.2, 0.8) * WIDTH, dice.uniform(0.24, 0.36) * HEIGHT)
    draw.ellipse(_around(sun, dice.uniform(58, 96)), palette[2])
    for ridge in range(6):
        level, phase = 330 + ridge * 92, dice.uniform(0, 6)
        line = [
            (x, level + 46 * math.sin(x / (240 - ridge * 18) + phase) + 12 * math.sin(x / 57 + phase))
            for x in range(0, WIDTH + 20, 20)
        ]
        shade = _between(_between(palette[2], palette[3], 0.5), palette[1], ridge / 4) if ridge < 4 else None
        draw.polygon(
            [*line, (WIDTH, HEIGHT), (0, HEIGHT)], shade or _between(palette[1], palette[0], (ridge - 3) / 2)
        )


def _bowls(draw: Pen, palette: Palette, dice: Random) -> None:
    """Vessels on two boards, every one glazed differently."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), _between(palette[4], palette[3], 0.25))
    for shelf in (360, 730):
        draw.rectangle((0, shelf, WIDTH, shelf + 26), palette[0])
        draw.rectangle((0, shelf + 26, WIDTH, shelf + 44), _between(palette[3], palette[0], 0.25))
        x = 70.0
        while x < WIDTH - 160:
            width, height = dice.uniform(110, 210), dice.uniform(90, 210)
            glaze = dice.choice(palette[1:4])
            rim = _between(glaze, palette[0], 0.35)
            foot = width * dice.uniform(0.22, 0.34)
            draw.polygon(
                (
                    (x, shelf - height),
                    (x + width, shelf - height),
                    (x + width - foot, shelf),
                    (x + foot, shelf),
                ),
                glaze,
            )
            draw.ellipse((x, shelf - height - 16, x + width, shelf - height + 16), rim)
            x += width + dice.uniform(24, 60)


def _screens(draw: Pen, palette: Palette, dice: Random) -> None:
    """Three screens of a design, with a picture, lines of text and one button each."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), _between(palette[4], palette[2], 0.28))
    for screen in range(3):
        x, y = 110 + screen * 370, 90 + 40 * (screen % 2)
        draw.rectangle((x + 10, y + 14, x + 330, y + 634), _between(palette[2], palette[0], 0.25))
        draw.rectangle((x, y, x + 320, y + 620), (255, 255, 255))
        draw.rectangle((x, y, x + 320, y + 190), dice.choice(palette[1:4]))
        draw.ellipse(_around((x + dice.uniform(70, 250), y + 95), dice.uniform(34, 62)), palette[4])
        for line in range(7):
            end = x + (290 if line % 3 else dice.uniform(160, 250))
            shade = palette[0] if line == 0 else _between(palette[4], palette[0], 0.22)
            draw.rectangle(
                (x + 28, y + 226 + line * 40, end, y + 226 + line * 40 + (22 if line == 0 else 12)), shade
            )
        draw.rectangle((x + 28, y + 536, x + 172, y + 584), palette[1])


def _beams(draw: Pen, palette: Palette, dice: Random) -> None:
    """A hall seen from its door: frames of timber, smaller and lighter towards the far end."""
    centre = (WIDTH * dice.uniform(0.44, 0.56), HEIGHT * 0.56)
    for frame in range(9):
        share = 1 - frame / 9.5
        half, rise, floor = 760 * share, 620 * share, centre[1] + 300 * share
        shade = _between(palette[1], palette[4], frame / 10)
        inside = _between(palette[2], palette[4], frame / 9)
        for inset, colour in ((0, shade), (46 * share, inside)):
            arch = [
                (
                    centre[0] - (half - inset) * math.cos(math.pi * step / 24),
                    floor - (rise - inset) * math.sin(math.pi * step / 24) ** 0.8 - 40 * share,
                )
                for step in range(25)
            ]
            draw.polygon(
                [*arch, (centre[0] + half - inset, floor), (centre[0] - half + inset, floor)], colour
            )
    draw.polygon(
        (centre, (centre[0] + 1100, HEIGHT + 60), (centre[0] - 1100, HEIGHT + 60)),
        _between(palette[3], palette[1], 0.4),
    )


def _leaves(draw: Pen, palette: Palette, dice: Random) -> None:
    """Stems from the foot of the picture, with leaves on both sides."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), _between(palette[4], palette[3], 0.35))
    for stem in range(9):
        x, lean = 60 + stem * 150 + dice.uniform(-40, 40), dice.uniform(-0.25, 0.25)
        height, colour = dice.uniform(380, 760), dice.choice(palette[:3])
        draw.line(((x, HEIGHT), (x + lean * height, HEIGHT - height)), colour, 7)
        for step in range(2, int(height / 62)):
            foot = (x + lean * step * 62, HEIGHT - step * 62)
            size = 74 * (1.25 - step * 62 / height)
            for side in (-1, 1):
                tip = (foot[0] + side * size, foot[1] - size * 0.8)
                draw.polygon(
                    (
                        foot,
                        (foot[0] + side * size * 0.75, foot[1] - size * 0.12),
                        tip,
                        (foot[0] + side * size * 0.2, foot[1] - size * 0.62),
                    ),
                    colour,
                )


PATTERNS: dict[str, Callable[[Pen, Palette, Random], None]] = {
    "tiles": _tiles,
    "strata": _strata,
    "contour": _contour,
    "grain": _grain,
    "weave": _weave,
    "arcs": _arcs,
    "bars": _bars,
    "map": _map,
    "hills": _hills,
    "bowls": _bowls,
    "screens": _screens,
    "beams": _beams,
    "leaves": _leaves,
}
