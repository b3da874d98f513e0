"""Departments and companies over waves, with the first wave that each answered after its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from tazuna.evaluation.arrays import Asked, PanelArrays
from tazuna.evaluation.asked import asked_of
from tazuna.evaluation.panel_arrays import FEWEST_ANSWERS, panel_arrays
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study, Wave

YEARS = (2024, 2025, 2026)
FIRMS = ("A", "B", "C")
MEMBERS = 6


def study(**changed: pl.DataFrame | None) -> Study:
    """Three firms of two departments of six people each; sick days are 10 · firm + department + wave."""
    rows = [
        (f"{firm}{unit}{at}", firm, f"{firm}-{unit}", float(10 * number + unit))
        for number, firm in enumerate(FIRMS)
        for unit in (1, 2)
        for at in range(MEMBERS)
    ]
    people = pl.DataFrame(rows, schema=["person_id", "organisation_id", "department", "base"], orient="row")
    outcomes = pl.concat(
        people.select("person_id", wave=pl.lit(str(year)), sick_days=pl.col("base") + year - YEARS[0])
        for year in YEARS
    )
    departments = pl.DataFrame(
        {
            "department_id": [f"{firm}-{unit}" for firm in FIRMS for unit in (1, 2)],
            "organisation_id": [firm for firm in FIRMS for _ in (1, 2)],
            "name": [f"{firm} dept {unit}" for firm in FIRMS for unit in (1, 2)],
        }
    )
    tables = {
        "organisations": pl.DataFrame({"organisation_id": FIRMS, "name": FIRMS, "kind": ["company"] * 3}),
        "people": people.drop("base"),
        "departments": departments,
        "outcomes": outcomes,
        "waves": pl.DataFrame(
            {
                "wave": [str(year) for year in YEARS],
                "opened_on": [date(year, 10, 1) for year in YEARS],
                "closed_on": [date(year, 10, 20) for year in YEARS],
            }
        ),
        "measures": pl.DataFrame({"measure_id": ["M"], "name_ja": ["対話"]}),
        "adoptions": adoptions([("A", None, date(2025, 4, 1), "effect")]),
        **changed,
    }
    return Study(
        title="roll-out",
        tables={name: table for name, table in tables.items() if table is not None},
        responses=pl.DataFrame(
            schema={"person_id": pl.String, "wave": pl.String, "answered_at": pl.Datetime("us")}
        ),
        instruments=(),
        waves=tuple(Wave(str(year), str(year), year, year, 10) for year in YEARS),
        orders={},
        sha256="0" * 64,
    )


def adoptions(rows: Sequence[tuple[str, str | None, date | None, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "organisation_id": [row[0] for row in rows],
            "measure_id": ["M"] * len(rows),
            "group": pl.Series([row[1] for row in rows], dtype=pl.String),
            "started_on": pl.Series([row[2] for row in rows], dtype=pl.Date),
            "result": [row[3] for row in rows],
        }
    )


def question(of: Study, program: str = "M", **waves: str) -> Asked:
    return asked_of(of, "sick_days", program=program, **waves)


def found(of: Study, program: str = "M", **waves: str) -> PanelArrays:
    arrays = panel_arrays(of, question(of, program, **waves))
    assert isinstance(arrays, PanelArrays)
    return arrays


def code(of: Study, program: str = "M", **waves: str) -> str:
    arrays = panel_arrays(of, question(of, program, **waves))
    assert isinstance(arrays, Refusal)
    return arrays.code


def test_companies_are_followed_where_the_adoption_names_no_group() -> None:
    arrays = found(study())
    assert (arrays.level, arrays.units, arrays.waves) == ("organisation", FIRMS, ("2024", "2025", "2026"))
    assert arrays.panel.outcomes.tolist() == [[1.5, 2.5, 3.5], [11.5, 12.5, 13.5], [21.5, 22.5, 23.5]]
    assert arrays.people.tolist() == [[12] * 3] * 3
    assert arrays.panel.starts.tolist() == [1, np.inf, np.inf]
    assert arrays.panel.periods.tolist() == [0, 1, 2]


def test_departments_are_followed_where_groups_name_them_by_id_or_name() -> None:
    given = adoptions(
        [
            ("A", "A-1", date(2025, 4, 1), "effect"),
            ("B", "B dept 2", date(2026, 4, 1), "no_effect"),
            ("C", None, date(2026, 4, 1), "effect"),
            ("A", "若手", date(2025, 4, 1), "effect"),
        ]
    )
    arrays = found(study(adoptions=given))
    assert arrays.level == "department"
    starts = dict(zip(arrays.units, arrays.panel.starts.tolist(), strict=True))
    assert starts == {"A-1": 1, "A-2": np.inf, "B-1": np.inf, "B-2": 2, "C-1": 2, "C-2": 2}
    assert [caution.code for caution in arrays.cautions] == ["groups_not_departments"]
    assert "若手" in arrays.cautions[0].text("en")


def test_a_start_while_a_wave_is_answered_counts_from_the_next_one() -> None:
    starts = [
        found(study(adoptions=adoptions([("A", None, day, "effect")]))).panel.starts[0]
        for day in (date(2025, 10, 1), date(2025, 10, 2))
    ]
    assert starts == [1, 2]


def test_a_start_after_the_last_wave_is_no_start_yet() -> None:
    given = adoptions([("A", None, date(2025, 4, 1), "effect"), ("B", None, date(2027, 1, 1), "effect")])
    assert found(study(adoptions=given)).panel.starts.tolist() == [1, np.inf, np.inf]


def test_what_was_not_done_did_not_start() -> None:
    given = adoptions([("A", None, date(2025, 4, 1), "effect"), ("B", None, date(2025, 4, 1), "not_done")])
    assert found(study(adoptions=given)).panel.starts.tolist() == [1, np.inf, np.inf]


def test_waves_after_the_one_asked_about_are_not_looked_at() -> None:
    assert found(study(), after="2025").waves == ("2024", "2025")


def test_a_mean_of_few_answers_counts_as_missing() -> None:
    outcomes = study().tables["outcomes"]
    few = outcomes.filter(
        (pl.col("wave") != "2025")
        | ~pl.col("person_id").str.starts_with("B")
        | pl.col("person_id").is_in([f"B1{at}" for at in range(FEWEST_ANSWERS - 1)])
    )
    panel = found(study(outcomes=few)).panel
    assert np.isnan(panel.outcomes[1, 1])
    assert np.isfinite(panel.outcomes).sum() == 8


def test_answers_without_consent_are_not_used() -> None:
    people = study().tables["people"].with_columns(evaluation_consent=~pl.col("person_id").str.ends_with("0"))
    assert found(study(people=people)).people.max() == 2 * (MEMBERS - 1)


@pytest.mark.parametrize(
    ("kind", "boundary", "started"),
    [("dialogue", "inside", True), ("side_work", "inside", False), ("community", "outside", False)],
)
def test_programmes_that_a_company_holds_for_its_own_people_are_a_roll_out(
    kind: str, boundary: str, started: bool
) -> None:
    programs = pl.DataFrame(
        {
            "program_id": ["P1", "P2"],
            "organisation_id": ["B", "B"],
            "kind": [kind] * 2,
            "boundary": [boundary] * 2,
            "title": ["x", "y"],
            "starts_on": [date(2026, 4, 1), date(2025, 4, 1)],
        }
    )
    of = study(programs=programs)
    if started:
        assert found(of, "any").panel.starts.tolist() == [np.inf, 1, np.inf]
    else:
        assert code(of, "any") == "no_roll_out"


def test_a_roll_out_that_nothing_tells_is_refused() -> None:
    assert code(study(adoptions=None)) == "no_roll_out"
    assert code(study(adoptions=adoptions([("A", None, None, "effect")]))) == "no_roll_out"
    assert code(study(adoptions=adoptions([("A", "若手", date(2025, 4, 1), "effect")]))) == "no_roll_out"


def test_waves_that_do_not_carry_a_roll_out_are_refused() -> None:
    of = study()
    last = of.tables["outcomes"].filter(pl.col("wave") == "2026")
    assert code(study(outcomes=last)) == "wave_missing"
    undated = of.tables["waves"].drop("opened_on", "closed_on")
    assert code(study(waves=undated)) == "wave_dates_missing"
    early = adoptions([("A", None, date(2020, 4, 1), "effect")])
    assert code(study(adoptions=early)) == "no_wave_before_start"
    after = adoptions([("A", None, date(2030, 4, 1), "effect")])
    assert code(study(adoptions=after)) == "none_treated"
    together = adoptions([(firm, None, date(2025, 4, 1), "effect") for firm in FIRMS])
    assert code(study(adoptions=together)) == "all_treated"
    handful = of.tables["outcomes"].filter(pl.col("person_id").is_in(["A10", "B10"]))
    assert code(study(outcomes=handful)) == "too_few_answers"


def test_departments_are_todays_after_a_reorganisation() -> None:
    departments = (
        study()
        .tables["departments"]
        .with_columns(successor_id=pl.when(pl.col("department_id") == "A-1").then(pl.lit("A-2")))
    )
    given = adoptions([("A", "A-2", date(2025, 4, 1), "effect")])
    arrays = found(replace(study(departments=departments, adoptions=given)))
    assert arrays.units == ("A-2", "B-1", "B-2", "C-1", "C-2")
    assert arrays.people[0].tolist() == [2 * MEMBERS] * 3
