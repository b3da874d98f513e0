"""Hypothesis draws recipes: what good study, which damage, which format, which commands."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from tests.properties.damaged_bytes import BYTE_DAMAGES
from tests.properties.good_studies import GOOD
from tests.properties.known_damage import KNOWN_DAMAGES
from tests.properties.recipe import ALL_TEXT_DAMAGES, Recipe
from tests.properties.writing import ENCODINGS, LAYOUTS, Format

_SEEDS = st.integers(0, 2**32 - 1)
_FORMATS = st.builds(
    Format,
    layout=st.sampled_from(LAYOUTS),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from((",", ",", "\t", ";")),
    line_end=st.sampled_from(("\n", "\r\n", "\r\n", "\r")),
    quote_all=st.booleans(),
    zipped=st.sampled_from((False, False, False, True)),
)
_TEXT_FORMATS = _FORMATS.filter(lambda form: form.layout == "text")


def _steps(names: Mapping[str, object], most: int) -> st.SearchStrategy[tuple[tuple[str, int], ...]]:
    return st.lists(st.tuples(st.sampled_from(sorted(names)), _SEEDS), max_size=most).map(tuple)


def recipes(*, scored: int = 10, reported: int = 1000) -> st.SearchStrategy[Recipe]:
    """Recipes of damaged folders; one in ``scored`` is scored as well, one in ``reported`` reported."""
    then = st.sampled_from(
        ("check",) * (reported // 2)
        + ("report",)
        + ("score",) * (reported // scored)
        + ("check",) * (reported - reported // 2 - reported // scored - 1)
    )
    several = st.builds(
        Recipe,
        good=st.sampled_from(sorted(GOOD)),
        seed=_SEEDS,
        form=_FORMATS,
        in_text=_steps(ALL_TEXT_DAMAGES, 3),
        in_bytes=_steps(BYTE_DAMAGES, 1),
        then=then,
    )
    single = st.builds(
        Recipe,
        good=st.sampled_from(sorted(GOOD)),
        seed=_SEEDS,
        form=_TEXT_FORMATS,
        known=st.tuples(st.sampled_from(sorted(KNOWN_DAMAGES)), _SEEDS),
        then=then,
    )
    return st.one_of(several, several, several, single)
