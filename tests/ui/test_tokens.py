"""Design tokens and the gate for their contrast."""

import pytest

from guildry.ui import tokens


def test_the_committed_stylesheet_is_what_the_tokens_build() -> None:
    assert tokens.STYLESHEET.read_text(encoding="utf-8") == tokens.stylesheet()


def test_every_declared_pair_is_readable_in_both_themes() -> None:
    assert tokens.failures() == []


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_any_hue_an_operator_picks_stays_readable(hue: int) -> None:
    assert tokens.failures(float(hue)) == []


def test_both_themes_name_the_same_colours() -> None:
    themes = tokens.themes()

    assert themes["light"].keys() == themes["dark"].keys()


def test_contrast_is_that_of_wcag() -> None:
    black, white = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)

    assert tokens.contrast(black, white) == pytest.approx(21.0, abs=0.01)
    assert tokens.contrast(white, white) == pytest.approx(1.0)


def test_a_hue_changes_brand_colours_and_leaves_tones_alone() -> None:
    light = tokens.themes(30.0)["light"]

    assert light["color-brand"].components[2] == 30.0
    assert light["color-success"] == tokens.themes()["light"]["color-success"]
