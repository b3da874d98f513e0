"""Small studies made by hand: a question, an instrument, a study, and a whole random study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl
import pytest

from tazuna.instrument.model import Category, Instrument, Question, ResponseScale, Scale
from tazuna.instrument.shipped import shipped_instruments
from tazuna.study import Study, Wave

WORDS = {"ja": "あ", "en": "a"}


def response(lowest: int, highest: int, *, ordered: bool = True) -> ResponseScale:
    categories = tuple(Category(value, WORDS) for value in range(lowest, highest + 1))
    return ResponseScale(f"r{lowest}{highest}{ordered}", categories, ordered=ordered)


@pytest.fixture(scope="session")
def make_question() -> Callable[..., Question]:
    def make(
        code: str, lowest: int = 1, highest: int = 5, *, ordered: bool = True, **more: object
    ) -> Question:
        return Question(code, WORDS, response(lowest, highest, ordered=ordered), WORDS, **more)

    return make


@pytest.fixture(scope="session")
def make_instrument() -> Callable[..., Instrument]:
    def make(
        questions: Sequence[Question], scales: Mapping[str, Sequence[str]], **more: object
    ) -> Instrument:
        return Instrument(
            id="made",
            version="1",
            title=WORDS,
            source=WORDS,
            licence="CC0-1.0",
            languages=("ja", "en"),
            validation=WORDS,
            questions={question.code: question for question in questions},
            scales={
                code: Scale(code, WORDS, "outcome", tuple(asked), **more) for code, asked in scales.items()
            },
            responses={question.response.code: question.response for question in questions},
        )

    return make


@pytest.fixture(scope="session")
def make_study() -> Callable[..., Study]:
    def make(
        instruments: Sequence[Instrument],
        responses: pl.DataFrame,
        people: pl.DataFrame | None = None,
        k: int = 10,
        orders: Mapping[str, tuple[str, ...]] | None = None,
        **tables: pl.DataFrame,
    ) -> Study:
        if "wave" not in responses.columns:
            responses = responses.with_columns(pl.lit("w1").alias("wave"))
        waves = responses["wave"].unique(maintain_order=True).to_list() or ["w1"]
        if people is None:
            people = responses.select("person_id", organisation_id=pl.lit("A")).unique(maintain_order=True)
        companies = people["organisation_id"].unique(maintain_order=True)
        tables.setdefault("organisations", pl.DataFrame({"organisation_id": companies}))
        return Study(
            title="made",
            tables={"people": people, **tables},
            responses=responses,
            instruments=tuple(instruments),
            waves=tuple(Wave(wave, wave, 2024 + place, 2024 + place, k) for place, wave in enumerate(waves)),
            orders=orders or {},
            sha256="0" * 64,
        )

    return make


@pytest.fixture(scope="session")
def random_study(make_study: Callable[..., Study]) -> Study:
    """Two companies under a consortium, 14 departments, two waves; what can be missing is, somewhere."""
    rng = np.random.default_rng(20260401)
    count = 420
    department = rng.integers(0, 14, count)
    company = np.where(department < 11, "A", "B")
    people = pl.DataFrame(
        {
            "person_id": [f"P{number:03d}" for number in range(count)],
            "organisation_id": company,
            "department": [None if number % 60 == 0 else f"D{d:02d}" for number, d in enumerate(department)],
            "birth_year": [
                None if number % 50 == 0 else int(year)
                for number, year in enumerate(rng.integers(1962, 2004, count))
            ],
            "gender": rng.choice(["f", "m"], count),
            "worksite": rng.choice(["office", "field"], count),
            "status": rng.choice(
                ["active", "leave", "seconded_out", "left"], count, p=[0.85, 0.05, 0.05, 0.05]
            ),
            "is_manager": rng.random(count) < 0.2,
            "contribution": rng.choice(["C", "B", "A"], count),
        }
    )
    shipped = [
        shipped_instruments()[name]
        for name in ("co_profile", "management_score", "outcomes", "layers_groups")
    ]
    waves = [answers_of(people, shipped, wave, rng) for wave in ("w1", "w2")]
    return make_study(
        shipped,
        pl.concat(waves),
        people,
        orders={"contribution": ("C", "B", "A")},
        organisations=pl.DataFrame({"organisation_id": ["X", "A", "B"], "parent_id": [None, "X", "X"]}),
        departments=pl.DataFrame(
            {
                "department_id": [f"D{d:02d}" for d in range(14)],
                "organisation_id": ["A"] * 11 + ["B"] * 3,
                "successor_id": [None] * 9 + ["D00", "D09"] + [None] * 3,
            }
        ),
        company_answers=company_side(rng),
    )


def answers_of(
    people: pl.DataFrame, instruments: Sequence[Instrument], wave: str, rng: np.random.Generator
) -> pl.DataFrame:
    """Seven in ten answer, each leaves out one question in ten."""
    leaning = rng.normal(0, 1, people.height)
    columns: dict[str, pl.Series] = {}
    for instrument in instruments:
        for question in instrument.questions.values():
            values = [category.value for category in question.response.categories]
            place = np.clip(
                (leaning + rng.normal(0, 1, people.height) + 2) / 4 * len(values), 0, len(values) - 0.01
            )
            answers = pl.Series(np.array(values)[place.astype(int)], dtype=pl.Int16)
            columns[question.code] = answers.set(pl.Series(rng.random(people.height) < 0.1), None)
    frame = people.select("person_id", wave=pl.lit(wave)).with_columns(**columns)
    return frame.filter(pl.Series(rng.random(people.height) < 0.7))


def company_side(rng: np.random.Generator) -> pl.DataFrame:
    rows = [
        {
            "organisation_id": company,
            "respondent": f"{viewpoint}{number}",
            "viewpoint": viewpoint,
            "wave": wave,
        }
        | {f"ms{question}": int(rng.integers(2, 6)) for question in range(1, 10)}
        for company in ("A", "B")
        for viewpoint, respondents in (("executive", 1), ("hr", 3))
        for number in range(respondents)
        for wave in ("w1", "w2")
    ]
    return pl.DataFrame(rows)
