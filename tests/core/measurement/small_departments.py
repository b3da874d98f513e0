"""A company of seven hundred people with thirty departments of very different size in a tree."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.instrument.model import Category, Instrument, Question, ResponseScale, Scale
from tazuna.study import Study, Wave

PEOPLE, DIVISIONS, SECTIONS = 700, 6, 5
QUESTIONS = ("q1", "q2", "q3")
WORDS = {"ja": "あ", "en": "a"}
_RESPONSE = ResponseScale("r", tuple(Category(value, WORDS) for value in range(1, 6)), ordered=True)
_INSTRUMENT = Instrument(
    id="made",
    version="1",
    title=WORDS,
    source=WORDS,
    licence="CC0-1.0",
    languages=("ja", "en"),
    validation=WORDS,
    questions={code: Question(code, WORDS, _RESPONSE, WORDS) for code in QUESTIONS},
    scales={"co": Scale("co", WORDS, "outcome", QUESTIONS)},
    responses={"r": _RESPONSE},
)


def company(seed: int = 7, *, waves: int = 1, spread: float = 0.7, k: int = 10) -> Study:
    """The study; seven of ten answer each wave.

    Parameters
    ----------
    spread
        Standard deviation of the logarithm of the departments' sizes.
    """
    rng = np.random.default_rng(seed)
    divisions = [f"H{number}" for number in range(1, DIVISIONS + 1)]
    sections = [f"{division}{number}" for division in divisions for number in range(1, SECTIONS + 1)]
    weights = rng.lognormal(0, spread, len(sections))
    department = rng.choice(sections, PEOPLE, p=weights / weights.sum())
    ids = [f"P{number:04d}" for number in range(PEOPLE)]
    people = pl.DataFrame(
        {
            "person_id": ids,
            "organisation_id": "A",
            "department": department,
            "birth_year": rng.integers(1962, 2003, PEOPLE),
        }
    )
    leaning = rng.normal(0, 0.8, PEOPLE)
    answers = []
    for wave in range(1, waves + 1):
        chosen = {
            code: np.clip(np.round(3 + leaning + rng.normal(0, 0.8, PEOPLE)), 1, 5).astype(np.int16)
            for code in QUESTIONS
        }
        sheet = pl.DataFrame({"person_id": ids, "wave": f"w{wave}", **chosen})
        answers.append(sheet.filter(pl.Series(rng.random(PEOPLE) < 0.7)))
    names = [(*divisions, *sections), [None] * DIVISIONS + [section[:-1] for section in sections]]
    departments = pl.DataFrame({"department_id": names[0], "organisation_id": "A", "parent_id": names[1]})
    return Study(
        title="made",
        tables={
            "people": people,
            "organisations": pl.DataFrame({"organisation_id": ["A"], "name": ["A"]}),
            "departments": departments.with_columns(name=pl.col("department_id") + "課"),
        },
        responses=pl.concat(answers),
        instruments=(_INSTRUMENT,),
        waves=tuple(
            Wave(f"w{wave}", f"w{wave}", 2023 + wave, 2023 + wave, k) for wave in range(1, waves + 1)
        ),
        orders={},
        sha256="0" * 64,
    )
