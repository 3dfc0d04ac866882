"""The pictures of the demo community: every pattern in every colour, and always the same for the same dice."""

from random import Random

import pytest
from PIL import Image

from guildry.ui import paintings


@pytest.mark.parametrize("pattern", sorted(paintings.PATTERNS))
@pytest.mark.parametrize("colours", ["harbour", "night"])
def test_every_pattern_is_painted_the_same_for_the_same_dice(pattern: str, colours: str) -> None:
    what = f"{pattern} {colours}"

    assert paintings.painted(what, Random(5)).read() == paintings.painted(what, Random(5)).read()


def test_a_picture_comes_in_two_sizes() -> None:
    sizes = [Image.open(paintings.painted("hills moss", Random(5), size)).size for size in ("small", "large")]

    assert sizes == [(640, 400), (1280, 800)]


def test_every_palette_has_five_colours() -> None:
    assert {len(palette) for palette in paintings.PALETTES.values()} == {5}
