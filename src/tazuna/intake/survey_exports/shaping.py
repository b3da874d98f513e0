"""From an export to the raw tables ``responses`` and ``people``, by what ``study.toml`` says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import blake2s

import polars as pl

from tazuna.intake.headers import normalise_heading
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import normalised
from tazuna.intake.survey_exports.export import SurveyExport, export_notice
from tazuna.intake.survey_exports.guessing import compared_addresses
from tazuna.language import message

WAVE = "wave"


def as_responses(export: SurveyExport, named: Mapping[str, str], wave: str | None) -> RawTable:
    """The responses: without what names a person, unless it is the key; every row in ``wave``.

    Parameters
    ----------
    named
        ``[columns.responses]``: column in the file → ours.
    """
    mapped = {normalised(source) for source in named}
    dropped = [
        column.source
        for column in export.columns
        if column.role in ("email", "personal") and normalised(column.source) not in mapped
    ]
    technical = {s for s in export.named("technical", "key") if normalised(s) not in mapped}
    table = _without(export.table, {*dropped, *technical})
    if dropped:
        said = message(
            "{source}: names and addresses, left out: {names}", source=table.source, names=", ".join(dropped)
        )
        notice = export_notice(table, "personal_column", len(dropped), said)
        table = replace(table, notices=(*table.notices, notice))
    if wave is None or any(ours == WAVE for ours in named.values()) or WAVE in table.columns:
        return table
    waves = pl.repeat(wave, table.frame.height, dtype=pl.String, eager=True).alias(WAVE)
    return replace(table, columns=(*table.columns, WAVE), frame=table.frame.with_columns(waves))


def as_people(
    export: SurveyExport,
    named: Mapping[str, str],
    answers: Mapping[str, str],
    codes: Collection[str],
) -> RawTable:
    """The people who answered: one row each, with what the survey asked about them and no answers.

    Parameters
    ----------
    named, answers
        ``[columns.people]`` and ``[columns.responses]``.
    codes
        Codes of questions: a column that is called like one holds answers.
    """
    key = next((source for source, ours in named.items() if ours == "person_id"), None)
    mapped = {normalised(source) for source in named}
    answered = {normalised(source) for source in answers} | {normalised(code) for code in codes}
    dropped = {
        column.source
        for column in export.columns
        if normalised(column.source) not in mapped
        and (column.role != "asked" or normalised(column.source) in answered)
    }
    table = replace(_without(export.table, dropped), notices=())
    source = next((c for c in table.columns if key is not None and normalised(c) == normalised(key)), None)
    if source is None:
        return table
    frame = table.frame.drop_nulls(source).unique(source, keep="first", maintain_order=True)
    return replace(table, frame=frame)


def with_person_ids(table: RawTable, named: Mapping[str, str], ids: pl.DataFrame | None) -> RawTable:
    """The table with identifiers in place of addresses.

    Parameters
    ----------
    ids
        ``email`` and ``person_id`` of the list of staff: an address that is not in it stays, and the check
        names it; None: a pseudonym (仮名), the same for the same address in every survey.
    """
    key = next((source for source, ours in named.items() if ours == "person_id"), None)
    source = next((c for c in table.columns if key is not None and normalised(c) == normalised(key)), None)
    if source is None:
        return table
    cells = compared_addresses(table.frame[source])
    if ids is None:
        known = {address: pseudonym(address) for address in cells.drop_nulls().unique()}
    else:
        pairs = ids.with_columns(compared_addresses(ids["email"]).alias("email")).drop_nulls()
        known = dict(pairs.unique("email", keep="none").select("email", "person_id").iter_rows())
    replaced = cells.replace(known).alias(source)
    return replace(table, frame=table.frame.with_columns(replaced))


def pseudonym(address: str) -> str:
    """A short code that stands for an address.

    Examples
    --------
    >>> pseudonym("hanako@example.com") == pseudonym("hanako@example.com")
    True
    """
    return "p" + blake2s(normalise_heading(address).encode(), digest_size=8).hexdigest()


def _without(table: RawTable, dropped: Collection[str]) -> RawTable:
    gone = {column for column in table.columns if column in dropped}
    return replace(
        table,
        columns=tuple(column for column in table.columns if column not in gone),
        frame=table.frame.drop(gone),
        error_cells=tuple(cell for cell in table.error_cells if cell.column not in gone),
    )
