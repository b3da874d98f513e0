"""The people of an export: beside a list of staff, or as the survey itself asks about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import zip_longest

import polars as pl

from tazuna.intake.dates import parse_dates
from tazuna.intake.headers import column_names, normalise_heading
from tazuna.intake.raw_table import RawTable
from tazuna.intake.survey_exports.export import SurveyExport
from tazuna.intake.survey_exports.guessing import ListedPeople, ListedWave
from tazuna.intake.words import as_identifiers


def listed_people(ids: pl.Series | None, emails: pl.Series | None) -> ListedPeople | None:
    """The list of staff by its columns, or None where the folder has none."""
    return None if ids is None else ListedPeople(ids, emails)


def listed_waves(
    waves: pl.Series | None, opened: pl.Series | None, closed: pl.Series | None
) -> tuple[ListedWave, ...]:
    """The waves of the folder's table of waves, in its order."""
    if waves is None:
        return ()
    names = as_identifiers(waves).values
    first, last = ([] if cells is None else parse_dates(cells).values.to_list() for cells in (opened, closed))
    return tuple(
        ListedWave(name, start, end)
        for name, start, end in zip_longest(names, first, last)
        if name is not None
    )


def people_raw(export: SurveyExport, questions: Collection[str]) -> tuple[RawTable, dict[str, str]]:
    """What the survey asks about people, headed by its wordings; and each wording's column in the file."""
    asked = [column for column in export.columns if column.role == "asked" and column.source not in questions]
    names, _ = column_names(
        [normalise_heading(column.wording).rstrip("。.?？:：") for column in asked],
        [str(place) for place, _ in enumerate(asked)],
    )
    wordings = {name: column.source for name, column in zip(names, asked, strict=True)}
    frame = export.table.frame.select(pl.col(source).alias(name) for name, source in wordings.items())
    return replace(export.table, columns=names, frame=frame), wordings
