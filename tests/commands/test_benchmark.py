"""``tazuna report --benchmark-secret``: the secret, the ledger, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.core.disclosure.test_between_companies import compared, market
from tests.core.measurement.test_company_points import two_companies  # noqa: F401  (a fixture)

from tazuna.commands.benchmark import LEDGER, benchmark_of, ledger_text, read_ledger, read_secret
from tazuna.commands.main import run
from tazuna.disclosure.budget import BudgetError, Ledger, Spending
from tazuna.errors import StudyError
from tazuna.study import Study

DAY = date(2026, 11, 21)
SECRET = "0123456789abcdef0123456789abcdef"


def test_the_line_end_after_a_secret_does_not_count(tmp_path: Path) -> None:
    for name, text in (("a", SECRET), ("b", f"{SECRET}\n"), ("c", f" {SECRET}\r\n")):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        assert read_secret(tmp_path / name) == SECRET.encode()


@pytest.mark.parametrize("content", [None, "", "too short"])
def test_a_missing_or_short_secret_is_refused_with_a_way_to_make_one(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    arguments = ["report", str(tmp_path), "--out", str(tmp_path / "out"), "--benchmark-secret", str(path)]
    assert run([*arguments, "--lang", "en"]) == 1
    assert "openssl rand -hex 32" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    ledger = Ledger((Spending("春, 2026", "between-companies ab12", Fraction(1, 3), 168, DAY),))
    (tmp_path / LEDGER).write_text(ledger_text(ledger), encoding="utf-8")
    assert read_ledger(tmp_path / LEDGER) == ledger
    assert read_ledger(tmp_path / "none") == Ledger()


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "wave,table,epsilon,figures,at\nw,t,1/0,3,2026-01-01\n"])
def test_a_ledger_that_somebody_changed_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / LEDGER).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="not a ledger"):
        read_ledger(tmp_path / LEDGER)


def test_the_ledger_beside_a_report_refuses_a_second_table_from_changed_answers(
    tmp_path: Path,
    two_companies: Study,  # noqa: F811
) -> None:
    first = benchmark_of(two_companies, "W2", secret=SECRET.encode(), out=tmp_path, today=DAY)
    (tmp_path / LEDGER).write_text(ledger_text(first.ledger), encoding="utf-8")
    again = benchmark_of(two_companies, "W2", secret=SECRET.encode(), out=tmp_path, today=DAY)
    assert again.ledger == first.ledger
    fewer = replace(two_companies, responses=two_companies.responses.head(1))
    with pytest.raises(BudgetError):
        benchmark_of(fewer, "W2", secret=SECRET.encode(), out=tmp_path, today=DAY)


def test_a_ledger_holds_no_company() -> None:
    text = ledger_text(compared(market([1500] * 7)).ledger)
    assert text.splitlines()[0] == "wave,table,epsilon,figures,at"
    assert "C0" not in text
