"""No file that the command line writes holds a hidden figure, and the report reads no answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from doors.conftest import Written
from doors.hidden_figures import KEYS, small_counts
from tazuna.reporting import management
from tazuna.reporting.content import Report
from tazuna.reporting.management import management_report
from tazuna.study import Study

K = 10
TODAY = date(2026, 11, 20)
ENOUGH = 200
"""Hidden figures that say whose they are, below which finding none means little."""


def test_no_hidden_figure_is_in_any_file(written: Written) -> None:
    secrets = written.secrets
    assert len(secrets.of) > ENOUGH
    formats = {path.suffix for path in written.files()}
    assert formats >= {".csv", ".json", ".html", ".xlsx"}
    assert {path.name: found for path in written.files() if (found := secrets.in_file(path))} == {}


def test_no_table_or_document_names_a_group_of_fewer_than_k_people(written: Written) -> None:
    told = [path for path in written.files() if path.suffix in (".csv", ".json")]
    assert [place for path in told for place in small_counts(path, K)] == []


def one_hidden(written: Written) -> tuple[float, tuple[str, ...]]:
    return next(iter(written.secrets.of.items()))


def test_a_hidden_figure_that_somebody_puts_into_a_file_is_found(written: Written, tmp_path: Path) -> None:
    value, cell = one_hidden(written)
    table, document, page, book = (tmp_path / f"leak.{form}" for form in ("csv", "json", "html", "xlsx"))
    table.write_text(f"department,mean\nD01,{value}\n", encoding="utf-8")
    document.write_text(json.dumps({"scales": {"co": {"mean": value}}}), encoding="utf-8")
    page.write_text(f'<svg width="9.123456"><text x="1">{value}</text></svg>', encoding="utf-8")
    with ZipFile(book, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", f"<c><v>{value}</v></c>")
    for path in (table, document, page, book):
        assert written.secrets.in_file(path) == [cell]


def test_a_protected_table_without_its_protection_is_found(written: Written, tmp_path: Path) -> None:
    bare = tmp_path / "groups.csv"
    written.measured.cells.write_csv(bare)
    hidden = written.figures.release.cells.filter("suppressed").select(KEYS)
    assert len(set(written.secrets.in_file(bare))) > ENOUGH / 4
    assert hidden.height > ENOUGH
    assert small_counts(bare, K)


def without_answers(study: Study) -> Study:
    """The same study as if nobody had answered, nor ever been on the staff."""
    kept = {name: frame for name, frame in study.tables.items() if name in ("organisations", "departments")}
    emptied = {name: frame.clear() for name, frame in study.tables.items() if name not in kept}
    return replace(study, tables={**kept, **emptied}, responses=study.responses.clear())


def composed(written: Written, study: Study) -> Report:
    return management_report(study, written.figures, "C01", "ja", today=TODAY)


@pytest.fixture(scope="module")
def from_figures_alone(written: Written) -> Report:
    return composed(written, without_answers(written.study))


def test_the_report_is_written_from_released_figures_alone(
    written: Written, from_figures_alone: Report
) -> None:
    assert composed(written, written.study) == from_figures_alone


def test_a_report_that_reads_one_answer_is_found(
    written: Written, from_figures_alone: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        management,
        "_provenance",
        lambda m: (("mean", str(m.study.responses.select(pl.col("co1a1").mean()).item())),),
    )
    assert composed(written, written.study) != from_figures_alone
