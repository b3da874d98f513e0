"""The section on other companies: shown, withheld, without a secret, and in a study of one company."""

from __future__ import annotations

import polars as pl
import pytest
from tests.core.disclosure.test_between_companies import company, compared, market
from tests.core.reporting import made_study
from tests.core.reporting.conftest import TODAY

from tazuna.disclosure.between_companies import Benchmark
from tazuna.language import Language
from tazuna.reporting.content import Figure, Missing, Paragraph, Section
from tazuna.reporting.management import material
from tazuna.reporting.sections.between_companies import between_companies_sections
from tazuna.reporting.sections.executive import executive_part


def many_companies() -> pl.DataFrame:
    return pl.DataFrame(
        {"person_id": [f"P{n}" for n in range(8)], "organisation_id": [f"C{n}" for n in range(8)]}
    )


def consortium():
    made = made_study.study()
    return made_study.study(tables={**made.tables, "people": many_companies()})


def own(benchmark: Benchmark, company: str) -> Benchmark:
    """The comparison as read by one of its companies, under the id of the made study."""
    renamed = benchmark.own.with_columns(
        organisation_id=pl.col("organisation_id").replace(company, made_study.ORGANISATION)
    )
    return Benchmark("W2", benchmark.quartiles, renamed, benchmark.ledger, benchmark.budget)


def sections(benchmark: Benchmark | None, language: Language = "en", study=None) -> tuple[Section, ...]:
    figures = made_study.figures()
    where = study or consortium()
    m = material(where, figures, made_study.ORGANISATION, language, TODAY, benchmark)
    return between_companies_sections(m)


def test_a_study_of_one_company_has_no_such_section() -> None:
    assert sections(None, study=made_study.study()) == ()


def test_without_a_secret_the_section_says_how_to_get_it() -> None:
    (section,) = sections(None)
    (missing,) = section.blocks
    assert isinstance(missing, Missing)
    assert "--benchmark-secret" in missing.how


def test_a_withheld_comparison_names_the_conditions_but_not_the_one_that_failed() -> None:
    few, dominated = (compared(market(sizes)) for sizes in ([1500] * 5, [9000, *[1000] * 7]))
    said = [sections(benchmark)[0].blocks for benchmark in (few, dominated)]
    assert said[0] == said[1]
    assert isinstance(said[0][0], Missing)
    assert "at least 6 companies" in said[0][0].how


def test_own_value_quartiles_companies_and_budget_are_shown() -> None:
    companies = market([1500] * 7) | {"C06": company(1500, 85)}
    (section,) = sections(own(compared(companies), "C06"))
    finding, figure, _ = section.blocks
    assert isinstance(finding, Paragraph)
    assert finding.text.startswith("Above the upper quartile, beyond noise and chance: ")
    assert isinstance(figure, Figure)
    assert len(figure.table.rows) == 13 * 4
    assert {row[1] for row in figure.table.rows} == {
        "Own value",
        "Lower quartile",
        "Median",
        "Upper quartile",
    }
    notes = " ".join(figure.notes)
    assert "Quartiles of 7 companies" in notes
    assert "ε = 1" in notes
    assert "2.7" in notes


def test_a_company_that_is_counted_with_others_sees_the_quartiles_only() -> None:
    benchmark = compared(market([1500] * 7))
    (section,) = sections(benchmark)
    note, figure, comparable = section.blocks
    assert isinstance(note, Paragraph)
    assert "no value of its own" in note.text
    assert isinstance(figure, Figure)
    assert {row[1] for row in figure.table.rows} == {"Lower quartile", "Median", "Upper quartile"}
    assert isinstance(comparable, Paragraph)
    assert comparable.text.startswith("Between companies: ")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_other_company_and_none_of_its_values_is_in_the_section(language: Language) -> None:
    benchmark = own(compared(market([1500] * 7)), "C03")
    told = repr(sections(benchmark, language))
    mine = benchmark.own_of(made_study.ORGANISATION)
    others = benchmark.own.filter(pl.col("organisation_id") != made_study.ORGANISATION)
    assert (mine.height, others.height) == (13, 6 * 13)
    assert all(repr(mean) in told for mean in mine["mean"])  # so that the search would find one
    assert not [mean for mean in others["mean"] if repr(mean) in told]
    assert not [name for name in others["organisation_id"].unique() if name in told]


def test_the_section_stands_in_the_management_view_between_trend_and_contribution() -> None:
    figures = made_study.figures([])
    m = material(consortium(), figures, made_study.ORGANISATION, "ja", TODAY, compared(market([1500] * 7)))
    titles = [section.code for section in executive_part(m).sections]
    assert titles == ["gaps", "trend", "companies", "contribution", "age"]
