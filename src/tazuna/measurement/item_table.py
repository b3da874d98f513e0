"""A table of items (項目の表): answers by question, from any file, for psychometrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.errors import TazunaError
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.language import message

MISSING_WORDS = ("", "NA", "NaN", "nan", "null", ".", "-")
"""What R, spreadsheets and survey tools write for no answer, besides an empty cell."""

Floats = npt.NDArray[np.float64]


class ItemTableError(TazunaError):
    """A table of items cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Answers of people without names.

    Parameters
    ----------
    names
        Of the questions.
    answers
        Shape (n, p): NaN = not answered.
    groups
        Shape (n,): the group of each person, None where no column was named; null = unknown.
    """

    names: tuple[str, ...]
    answers: Floats
    groups: pl.Series | None

    def of(self, names: Sequence[str]) -> Floats:
        """Columns of some questions, shape (n, len(names))."""
        return np.asarray(self.answers[:, [self.names.index(name) for name in names]])


def item_table(
    raw: RawTable, names: Sequence[str], *, missing: Sequence[float] = (), group: str | None = None
) -> ItemTable:
    """Take questions out of a table.

    Parameters
    ----------
    raw
        As it stands in its file.
    names
        Columns to take.
    missing
        Numbers that stand for no answer, such as 0 or 99.
    group
        A column by which people are compared.

    Raises
    ------
    ItemTableError
        A column that is not there, or a cell that is no number, with its line.
    """
    wanted = [*names, *([group] if group else [])]
    absent = [name for name in wanted if name not in raw.columns]
    if absent:
        raise ItemTableError(
            message("{source} has no column {names}.", source=raw.source, names=", ".join(absent)),
            message("The table has {columns}.", columns=", ".join(raw.columns[:60])),
        )
    columns = [_numbers(raw, name, missing) for name in names]
    return ItemTable(
        tuple(names),
        np.column_stack(columns) if columns else np.empty((raw.frame.height, 0)),
        raw.frame[group].cast(pl.String) if group else None,
    )


def with_reversed(table: ItemTable, names: Sequence[str]) -> ItemTable:
    """Reverse some questions: the lowest and the highest answer that anybody gave change places.

    Raises
    ------
    ItemTableError
        A question that the model does not name.
    """
    absent = [name for name in names if name not in table.names]
    if absent:
        raise ItemTableError(
            message("The model has no question {names}.", names=", ".join(absent)),
            message("It has {columns}.", columns=", ".join(table.names)),
        )
    answers = table.answers.copy()
    for name in names:
        column = table.names.index(name)
        given = answers[:, column]
        answers[:, column] = np.nanmin(given) + np.nanmax(given) - given
    return ItemTable(table.names, answers, table.groups)


def _numbers(raw: RawTable, name: str, missing: Sequence[float]) -> Floats:
    cells = raw.frame[name]
    if cells.dtype == pl.String:
        told = cells.str.normalize("NFKC").str.strip_chars()
        told = told.set(told.is_in(MISSING_WORDS), None)
        found = told.cast(pl.Float64, strict=False)
        odd = raw.frame.filter(told.is_not_null() & found.is_null())
        if odd.height:
            raise ItemTableError(
                message(
                    "{source}, line {line}, {column}: “{found}” is no number.",
                    source=raw.source,
                    line=odd[LINE][0],
                    column=name,
                    found=odd[name][0],
                ),
                message("Code answers as numbers and leave the cell empty where there is none."),
            )
    else:
        found = cells.cast(pl.Float64)
    values = found.fill_null(np.nan).to_numpy().copy()
    values[np.isin(values, missing)] = np.nan
    return values
