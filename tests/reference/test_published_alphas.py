"""Published reliabilities of public data.

Sources: the Open-Source Psychometrics Project's Big Five answers (19,719 people); ``psychTools::bfi`` by
``psych::alpha`` in R, which takes each covariance from all who answered both questions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tazuna.instrument.model import Category, Instrument, Question, ResponseScale, Scale
from tazuna.measurement.reliability import pairwise_moments, reliability
from tazuna.measurement.scoring import scored_scales

WORDS = {"en": "-"}
BIG5_REVERSED = "E2 E4 E6 E8 E10 N2 N4 A1 A3 A5 A7 C2 C4 C6 C8 O2 O4 O6".split()
BIG5_ALPHAS = {"E": 0.892, "N": 0.869, "A": 0.832, "C": 0.813, "O": 0.794}
BFI_REVERSED = "A1 C4 C5 E1 E2 O2 O5".split()
BFI_ALPHAS = {"A": 0.7030, "C": 0.7267, "E": 0.7617, "N": 0.8140, "O": 0.6002}


def traits(highest: int, questions: int, reversed_codes: list[str]) -> Instrument:
    """Five scales of as many questions, each answered 1 to ``highest``."""
    response = ResponseScale("agree", tuple(Category(value, WORDS) for value in range(1, highest + 1)))
    codes = {trait: tuple(f"{trait}{number}" for number in range(1, questions + 1)) for trait in "EACNO"}
    asked = [
        Question(code, WORDS, response, WORDS, key=-1 if code in reversed_codes else 1)
        for trait in codes.values()
        for code in trait
    ]
    return Instrument(
        id="traits",
        version="1",
        title=WORDS,
        source=WORDS,
        licence="public domain",
        languages=("en",),
        validation=WORDS,
        questions={question.code: question for question in asked},
        scales={trait: Scale(trait, WORDS, "total", codes[trait]) for trait in codes},
        responses={"agree": response},
    )


@pytest.fixture(scope="module")
def big5(shared_data: Path) -> pl.DataFrame:
    answers = pl.read_csv(shared_data / "big5.tsv", separator="\t")
    return answers.select(pl.col(r"^[EACNO]\d+$").replace(0, None))


@pytest.fixture(scope="module")
def bfi(shared_data: Path) -> pl.DataFrame:
    return pl.read_csv(shared_data / "bfi.csv", null_values="NA")


def alphas(instrument: Instrument, answers: pl.DataFrame) -> dict[str, float]:
    moments = pairwise_moments(answers, list(instrument.questions))
    found = {
        scored.code: reliability(moments, scored) for scored in scored_scales([instrument], answers.columns)
    }
    return {trait: figures.alpha for trait, figures in found.items() if figures}


def test_big_five_alphas_agree_to_the_third_decimal(big5):
    found = alphas(traits(5, 10, BIG5_REVERSED), big5)
    assert {trait: round(alpha, 3) for trait, alpha in found.items()} == BIG5_ALPHAS


def test_bfi_alphas_agree_to_the_fourth_decimal(bfi):
    found = alphas(traits(6, 5, BFI_REVERSED), bfi)
    assert {trait: round(alpha, 4) for trait, alpha in found.items()} == BFI_ALPHAS


def test_complete_cases_only_would_not_give_the_published_bfi_alphas(bfi):
    instrument = traits(6, 5, BFI_REVERSED)
    complete = bfi.drop_nulls([f"A{number}" for number in range(1, 6)])
    assert not np.isclose(alphas(instrument, complete)["A"], BFI_ALPHAS["A"], atol=5e-5)
