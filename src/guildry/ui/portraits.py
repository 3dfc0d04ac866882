"""Drawn portraits, marks and covers: the same seed always looks the same, so nobody looks empty."""

import hashlib
import random
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol
from urllib.parse import quote

from django.urls import reverse
from markupsafe import Markup, escape

# Part of every address, so that a change of drawing is never hidden by a year-old cache.
EDITION = "1"
SIZES = {"xs": 22, "sm": 28, "md": 36, "lg": 48, "xl": 72}
SKIN = ("#f6d3b8", "#e9b892", "#d09468", "#a86c45", "#7c4a2d", "#5a3522")
HAIR = ("#22201f", "#3b2a20", "#6b4226", "#a8682f", "#d9b26a", "#8d8f96", "#7a2f22")
CLOTHES = ("#3751d9", "#e2a32a", "#1f8a7d", "#d9573f", "#8a4fc9", "#2b3245", "#e7e9f2", "#3f7fd0")
GROUND = ("#dfe5ff", "#fdeccb", "#d3f0ea", "#fde0d8", "#ecdffa", "#e6e9f1", "#d9ecff", "#f3efe2")
MARKS = (
    ("#22305f", "#f3c14b"), ("#0f6b5f", "#c9f0e4"), ("#b8452c", "#ffe3d3"), ("#5b3aa8", "#e5dbff"),
    ("#14213d", "#8fb7ff"), ("#7a2f4f", "#ffd9e4"), ("#2f5d2a", "#dff0c4"), ("#5a4632", "#f6e3c5"),
)  # fmt: skip
PALETTES = (
    ("#dfe5ff", "#3751d9", "#f0b541", "#b9c6ff", "#17203d"),
    ("#f4efe4", "#2a3fb8", "#f0b541", "#e2603f", "#17203d", "#9fc7c0", "#f7d9cf"),
    ("#e3f3ee", "#1f8a7d", "#f3c14b", "#0f3d3a", "#b7ddd2"),
    ("#fde7df", "#d9573f", "#2b3245", "#f3b8a4", "#f6dca8"),
    ("#efe6fb", "#7a45bf", "#e2a32a", "#2b1f4d", "#d3bff0"),
)


class Person(Protocol):
    handle: str
    name: str
    portrait: str


FileAddress = Callable[[str, int], str]
_file_address: FileAddress | None = None


def serve_files_with(address: FileAddress) -> None:
    """Say how the address of an uploaded portrait is made from its key and a width in pixels."""
    global _file_address
    _file_address = address


def _dice(kind: str, seed: str) -> random.Random:
    return random.Random(hashlib.sha256(f"{kind}:{seed}".encode()).digest())  # noqa: S311 - a drawing, not a secret


def portrait_url(handle: str, key: str = "", pixels: int = 36) -> str:
    """Return the address of the uploaded portrait of that key, else of the one drawn for the handle."""
    if key and _file_address is not None:
        return _file_address(key, 288 if pixels > 48 else 96)
    return _drawn("ui:portrait", handle)


def mark_url(handle: str, key: str = "", pixels: int = 36) -> str:
    """Return the address of the uploaded mark of that key, else of the one drawn for the handle."""
    if key and _file_address is not None:
        return _file_address(key, 288 if pixels > 48 else 96)
    return _drawn("ui:mark", handle)


def _drawn(name: str, seed: str) -> str:
    return _form_of(name) % (seed if _PLAIN.fullmatch(seed) else quote(seed, safe=""))


_PLAIN = re.compile(r"[a-z0-9_]+")


@cache
def _form_of(name: str) -> str:
    """Return the address of a drawing with %s for its seed, worked out once."""
    return f"{reverse(name, kwargs={'seed': 'mark-of-seed'}).replace('mark-of-seed', '%s')}?{EDITION}"


def avatar(who: Person, size: str = "md", on: bool = False, alt: str = "") -> Markup:
    """Return a person's portrait; without `alt` it is decoration beside their name."""
    pixels = SIZES[size]
    address = portrait_url(who.handle, who.portrait, pixels)
    return _frame(address, f"av av-{size}{' is-on' if on else ''}", pixels, alt)


def mark(organisation: Any, size: str = "md", alt: str = "") -> Markup:
    """Return an organisation's mark; without `alt` it is decoration beside its name."""
    pixels = SIZES[size]
    address = mark_url(organisation.handle, organisation.mark, pixels)
    return _frame(address, f"av sq av-{size}", pixels, alt)


def cover(who: Any) -> Markup:
    """Return the pattern drawn for a person or an organisation, to stand behind their name."""
    address = _drawn("ui:cover", who.handle)
    return Markup(f'<img src="{escape(address)}" alt="" width="960" height="240">')


def _frame(address: str, classes: str, pixels: int, alt: str) -> Markup:
    return Markup(
        f'<span class="{classes}"><img src="{escape(address)}" alt="{escape(alt)}" '
        f'width="{pixels}" height="{pixels}" loading="lazy" decoding="async"></span>'
    )


def _hair(style: int, hair: str, cloth: str) -> tuple[str, str]:
    """Return what is drawn behind the head and in front of it."""
    behind, before = (
        ("", "M24.5 37c-2-15 5-23 15.5-23s18 7 15.5 23c-1.5-8-4-11-7-12.5-5 2.5-12 2-16-.5-4 2-7 6-8 13z"),
        (f'<path d="M20 66V34c0-13 8-21 20-21s20 8 20 21v32z" fill="{hair}"/>',
         "M25 36c0-14 7-19 15-19s15 5 15 19c-3-8-8-12-13-13-5 6-12 7-17 13z"),
        (f'<circle cx="40" cy="11.5" r="7.5" fill="{hair}"/>',
         "M24.5 37c-1-14 6-22 15.5-22s16.5 8 15.5 22c-3-10-8-14-15.5-14s-12.5 4-15.5 14z"),
        (f'<circle cx="40" cy="28" r="20.5" fill="{hair}"/>',
         "M26 33c1-9 7-13 14-13s13 4 14 13c-4-5-8-7-14-7s-10 2-14 7z"),
        ("", "M26 39c0 14 6 18 14 18s14-4 14-18c-2 6-4 8-8 8h-12c-4 0-6-2-8-8zM25.5 31c1-11 7-15 14.5-15s13.5 4 "
             "14.5 15c-4-6-8-8-14.5-8s-10.5 2-14.5 8z"),
        (f'<path d="M19 74c-2-20 0-42 21-61 21 19 23 41 21 61z" fill="{cloth}"/>', ""),
        (f'<path d="M22 50V33c0-12 8-20 18-20s18 8 18 20v17c-4 4-32 4-36 0z" fill="{hair}"/>',
         "M25.5 36v-9c8 1 20 0 24-6 4 3 5 8 5 15-2-5-4-8-6-9-6 4-16 5-20 3-2 1-3 3-3 6z"),
        ("", "M25 34c-1-13 6-19.5 16-19.5 9 0 15.5 6 14 19.5-1-5-3-8-5-9-9 0-15-2-18-4-3 3-6 7-7 13z"),
        (f'<path d="M20 70c-3-10 2-16 1-34 0-14 8-22 19-22s19 8 19 22c-1 18 4 24 1 34z" fill="{hair}"/>',
         "M25 37c0-11 3-17 9-19 2 7 12 11 21 19 1-13-5-21-15-21s-17 8-15 21z"),
        ("", "M26 30c2-9 7-13 14-13s12 4 14 13c-4-3-8-4-14-4s-10 1-14 4z"),
    )[style]  # fmt: skip
    return behind, f'<path d="{before}" fill="{hair}"/>' if before else ""


def _glasses() -> str:
    return (
        '<g fill="none" stroke="#23252e" stroke-width="1.6"><circle cx="33.5" cy="37" r="4.6"/>'
        '<circle cx="46.5" cy="37" r="4.6"/><path d="M38.1 37h3.8M28.9 36.5l-3.400-1M51.1 36.5l3.400-1"/></g>'
    )


def _collar(kind: int, cloth: str) -> str:
    if kind == 0:
        return '<path d="M32.5 57.5 40 66l7.5-8.5 4 1.5L40 74 28.5 59z" fill="#fff" fill-opacity=".85"/>'
    if kind == 1:
        return f'<path d="M33 56c4 5 10 5 14 0v4c-3 5-11 5-14 0z" fill="{cloth}"/>'
    return ""


def draw_portrait(seed: str) -> str:
    """Return a portrait as SVG."""
    dice = _dice("portrait", seed)
    skin, hair, cloth, ground = (dice.choice(choices) for choices in (SKIN, HAIR, CLOTHES, GROUND))
    behind, before = _hair(dice.randrange(10), hair, cloth)
    glasses = _glasses() if dice.random() < 0.2 else ""
    collar = _collar(dice.randrange(4), cloth)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="{ground}"/>'
        f'{behind}<path d="M33 46h14v14a7 7 0 0 1-14 0z" fill="{skin}"/>'
        '<path d="M33 50c4 5 10 5 14 0v3c-4 5-10 5-14 0z" fill="#000" fill-opacity=".14"/>'
        f'<path d="M8 82c1-19 13-25 24-26 4 5 12 5 16 0 11 1 23 7 24 26z" fill="{cloth}"/>{collar}'
        f'<ellipse cx="40" cy="36" rx="14.5" ry="17" fill="{skin}"/>{glasses}{before}</svg>'
    )


def draw_mark(seed: str) -> str:
    """Return an organisation's mark as SVG."""
    dice = _dice("mark", seed)
    ground, ink = dice.choice(MARKS)
    figure = dice.choice(
        (
            f'<path d="M20 60V36a20 20 0 0 1 40 0v24M40 60V42" fill="none" stroke="{ink}" stroke-width="8" stroke-linecap="round"/>',
            f'<circle cx="32" cy="40" r="14" fill="{ink}"/><circle cx="50" cy="40" r="14" fill="{ink}" opacity=".55"/>',
            f'<path d="M20 58 40 20l20 38z" fill="{ink}"/><path d="M40 20l20 38H40z" fill="{ground}" opacity=".35"/>',
            f'<rect x="20" y="20" width="18" height="40" rx="4" fill="{ink}"/><rect x="43" y="34" width="17" height="26" rx="4" fill="{ink}" opacity=".6"/>',
            f'<path d="M40 18a22 22 0 1 0 22 22H40z" fill="{ink}"/><path d="M46 18a16 16 0 0 1 16 16H46z" fill="{ink}" opacity=".6"/>',
            f'<path d="M22 30h36M22 40h36M22 50h22" stroke="{ink}" stroke-width="7" stroke-linecap="round"/>',
            f'<path d="M40 18 60 30v20L40 62 20 50V30z" fill="{ink}"/><path d="M40 40 60 30v20L40 62z" fill="{ground}" opacity=".35"/>',
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="{ground}"/>'
        f"{figure}</svg>"
    )


def _tile(kind: int, side: int, ink: str, ground: str) -> str:
    half = side / 2
    return (
        f'<path d="M0 0h{side}A{side} {side} 0 0 1 0 {side}z" fill="{ink}"/>',
        f'<path d="M0 {half:g}a{half:g} {half:g} 0 0 1 {side} 0z" fill="{ink}"/>',
        f'<path d="M0 0h{side}L0 {side}z" fill="{ink}"/>',
        f'<circle cx="{half:g}" cy="{half:g}" r="{side * 0.3:g}" fill="{ink}"/>',
        f'<path d="M0 0h{side}A{side} {side} 0 0 1 0 {side}z" fill="{ink}"/>'
        f'<path d="M0 0h{half:g}A{half:g} {half:g} 0 0 1 0 {half:g}z" fill="{ground}"/>',
        f'<rect width="{half:g}" height="{side}" fill="{ink}"/>',
        "",
    )[kind]


def draw_cover(seed: str, width: int = 960, height: int = 240, side: int = 120) -> str:
    """Return a pattern of tiles as SVG."""
    dice = _dice("cover", seed)
    palette = dice.choice(PALETTES)
    tiles = []
    for y in range(0, height, side):
        for x in range(0, width, side):
            ground, ink = dice.sample(palette, 2)
            turn = f"translate({x} {y}) rotate({dice.choice((0, 90, 180, 270))} {side / 2:g} {side / 2:g})"
            tiles.append(
                f'<g transform="{turn}"><rect x="-.5" y="-.5" width="{side + 1}" height="{side + 1}" fill="{ground}"/>'
                f"{_tile(dice.randrange(7), side, ink, ground)}</g>"
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice">'
        f'<rect width="{width}" height="{height}" fill="{palette[0]}"/>{"".join(tiles)}</svg>'
    )
