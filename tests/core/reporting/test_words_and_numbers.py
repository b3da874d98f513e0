"""Labels, numbers, places of labels and colours."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.language import translator
from tazuna.reporting import palette
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Mark
from tazuna.reporting.figures.theme import as_lines, spread
from tazuna.reporting.glyphs import printable
from tazuna.reporting.numbers import points, whole, written
from tazuna.reporting.widths import shown_width

JA = translator("ja")


@pytest.mark.parametrize(("value", "shown"), [(-0.4, "0"), (-2.6, "−3"), (1234.2, "1,234"), (0.49, "0")])
def test_whole_numbers_have_a_true_minus_and_no_minus_zero(value: float, shown: str) -> None:
    assert whole(value) == shown


def test_points_without_an_interval_are_points_alone() -> None:
    assert points(Cell(1, 64.0, None, None, False), JA) == "64点"


def test_a_hidden_cell_has_no_figure_to_write() -> None:
    with pytest.raises(ValueError, match="hidden"):
        points(Cell(None, None, None, None, True), JA)


def test_values_are_written_by_kind() -> None:
    assert [written(-1.25, "score", JA), written(50.0, "percent", JA), written(1000, "count", JA)] == [
        "−1.2",
        "50.0%",
        "1,000",
    ]
    assert [written(Mark.HIDDEN, "score", JA), written(None, "score", JA)] == ["非表示", "–"]


@given(st.lists(st.floats(0, 100), max_size=12), st.floats(1, 10))
def test_spread_labels_keep_their_distance_and_order(places: list[float], apart: float) -> None:
    moved = spread(places, apart)
    by_place = [moved[i] for i in sorted(range(len(places)), key=lambda i: places[i])]
    assert all(b - a >= apart - 1e-6 for a, b in pairwise(by_place))
    assert math.isclose(sum(moved), sum(places), abs_tol=1e-6 * max(1, len(places)) * 100)


@given(st.text(st.characters(categories=("L", "N", "P")), max_size=60))
def test_lines_hold_every_letter(words: str) -> None:
    assert "".join("".join(as_lines(words, 12)).split()) == "".join(words.split())


def test_long_japanese_words_are_broken_into_lines_that_fit() -> None:
    assert all(shown_width(line) <= 26 for line in as_lines("新しいものを受容し、自己変容を積み重ねる", 26))


def test_only_characters_without_a_glyph_are_replaced() -> None:
    assert printable("𠮷髙①〜−［］😀\x00") == "𠮷髙①〜−［］〓"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("step", range(5))
def test_the_figures_in_the_heat_map_can_be_read(step: int, share: float) -> None:
    ground = palette.mixed(palette.BLUES[step], palette.BLUES[step + 1], share)
    assert contrast(palette.ink_on(ground), ground) >= 4.5


def test_blues_darken_steadily_so_that_greyscale_keeps_the_order() -> None:
    shades = [luminance(colour) for colour in palette.BLUES]
    assert shades == sorted(shades, reverse=True)


def test_marks_of_the_viewpoints_differ_in_shape_and_can_be_seen() -> None:
    assert len(set(palette.VIEWPOINT_SHAPES.values())) == len(palette.VIEWPOINT_SHAPES)
    colours = [*palette.VIEWPOINT_COLOURS.values(), *palette.LEVEL_COLOURS.values()]
    assert all(contrast(colour, palette.GROUND) >= 3 for colour in colours)
    assert contrast(palette.QUIET_INK, palette.GROUND) >= 4.5
