"""The Big Five example against the public answers: if a key were wrong, alpha would be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tazuna.instrument.reading import read_instrument

EXAMPLE = Path(__file__).parents[3] / "examples" / "big5" / "instrument.yaml"
# Published to three digits; people who answered all ten questions.
ALPHAS = {"E": 0.892, "N": 0.869, "A": 0.832, "C": 0.813, "O": 0.794}


def test_the_example_has_ten_questions_a_scale_and_reads_zero_as_missing() -> None:
    big5 = read_instrument(EXAMPLE)
    assert {code: len(scale.questions) for code, scale in big5.scales.items()} == dict.fromkeys("ENACO", 10)
    assert all(question.response.missing_codes == (0,) for question in big5.questions.values())
    assert "public domain" in big5.source["en"]
    assert "訳" in big5.source["ja"]


@pytest.mark.parametrize("scale", list(ALPHAS))
def test_the_keys_of_the_example_give_the_known_alphas(shared_data: Path, scale: str) -> None:
    big5 = read_instrument(EXAMPLE)
    codes = big5.scales[scale].questions
    answers = (
        pl.read_csv(shared_data / "big5.tsv", separator="\t", columns=list(codes), infer_schema_length=0)
        .select(pl.col(code).cast(pl.Int16) for code in codes)
        .filter(pl.all_horizontal(pl.all() != 0))
        .to_numpy()
        .astype(float)
    )
    keyed = np.where([big5.questions[code].key == 1 for code in codes], answers, 6 - answers)
    shared = 1 - keyed.var(axis=0, ddof=1).sum() / keyed.sum(axis=1).var(ddof=1)
    assert len(codes) / (len(codes) - 1) * shared == pytest.approx(ALPHAS[scale], abs=0.0005)
