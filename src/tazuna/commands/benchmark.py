"""The comparison with other companies: secret file and ledger, for ``tazuna report``."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path

from tazuna.disclosure.benchmark_rules import benchmark_rules
from tazuna.disclosure.between_companies import Benchmark, compare_companies
from tazuna.disclosure.budget import Ledger, Spending
from tazuna.disclosure.keyed_bits import SHORTEST_SECRET
from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.measurement.company_points import asked_measures, company_points
from tazuna.study import Study

LEDGER = "benchmark-ledger.csv"
_COLUMNS = ("wave", "table", "epsilon", "figures", "at")


def benchmark_of(study: Study, wave: str, *, secret: bytes, out: Path, today: date) -> Benchmark:
    """Compare the companies of a study at a wave, against the ledger in the folder of the report.

    Raises
    ------
    BudgetError
        The ledger says that this wave was compared before, with other answers or another secret.
    StudyError
        The ledger cannot be read.
    """
    rules = benchmark_rules()
    return compare_companies(
        company_points(study, wave, rules.measures),
        asked_measures(study, rules.measures),
        rules,
        wave=wave,
        secret=secret,
        ledger=read_ledger(out / LEDGER),
        today=today,
    )


def read_secret(path: Path) -> bytes:
    """The secret in a file, without blanks and line ends around it.

    Raises
    ------
    StudyError
        There is no such file, or what is in it is too short.
    """
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise StudyError(
            message("The secret {path} cannot be read.", path=path),
            message("Make one, for instance with: openssl rand -hex 32 > {path}", path=path),
        ) from error
    if len(secret) < SHORTEST_SECRET:
        raise StudyError(
            message(
                "The secret {path} has {count} characters; at least {shortest} are needed.",
                path=path,
                count=len(secret),
                shortest=SHORTEST_SECRET,
            ),
            message("Make one, for instance with: openssl rand -hex 32 > {path}", path=path),
        )
    return secret


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file; empty where there is no file.

    Raises
    ------
    StudyError
        A row is not one that `ledger_text` wrote.
    """
    if not path.exists():
        return Ledger()
    try:
        rows = tuple(
            Spending(
                wave=row["wave"],
                table=row["table"],
                epsilon=Fraction(row["epsilon"]),
                figures=int(row["figures"]),
                at=date.fromisoformat(row["at"]),
            )
            for row in csv.DictReader(StringIO(path.read_text(encoding="utf-8")))
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise StudyError(
            message(
                "{path} is not a ledger of privacy budgets; expected are the columns {columns}.",
                path=path,
                columns=", ".join(_COLUMNS),
            ),
            message("Put back the file that an earlier report wrote there, or choose another folder."),
        ) from error
    return Ledger(rows)


def ledger_text(ledger: Ledger) -> str:
    """The ledger as CSV."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((r.wave, r.table, r.epsilon, r.figures, r.at.isoformat()) for r in ledger.rows)
    return text.getvalue()
