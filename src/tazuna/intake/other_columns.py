"""Columns that the schema does not know: kept as attributes, read as outcomes, or left out for privacy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.faults import listed
from tazuna.intake.figures import as_numbers
from tazuna.intake.headings import Headings, looks_like_question
from tazuna.intake.schema import normalised, schema
from tazuna.intake.words import as_one_of, as_text, nearest_words
from tazuna.language import message


def with_other_columns(
    draft: Draft,
    headings: Headings,
    codes: Collection[str],
    orders: Mapping[str, tuple[str, ...]],
) -> Draft:
    """The draft with the columns of ``headings.others``, as the table wants them.

    Attributes of people, programmes and so on stay text; those of ``outcomes`` are numbers (or one of
    ``orders``); those of ``responses`` are left out, and one that is written like a question code is a
    fault. A column of people that looks like a name, an address or a date of birth is left out.
    """
    if draft.table.other_columns in ("questions", "company_questions"):
        return _ignored(draft, headings, codes)
    private = (
        {name for name in headings.others if _is_private(name)} if draft.table.name == "people" else set()
    )
    kept = {name: source for name, source in headings.others.items() if name not in private}
    if private:
        said = message(
            "{source}: {names} looks like personal data and was left out; map it in study.toml under "
            "[columns.people] if it is one of the table's columns",
            source=draft.source,
            names=listed(sorted(private)),
        )
        draft = draft.noticed("personal_column", len(private), said)
    if not kept:
        return draft
    if draft.table.other_columns == "numbers":
        return _outcomes(draft, kept, orders)
    said = message("{source}: kept as attributes: {names}", source=draft.source, names=listed(kept))
    draft = draft.noticed("attributes", len(kept), said)
    return draft.with_columns(*(as_text(draft.cells[source]).alias(name) for name, source in kept.items()))


def _is_private(heading: str) -> bool:
    wanted = normalised(heading)
    return any(
        wanted in {normalised(word) for word in (column.name, *column.label.values(), *column.also)}
        for column in schema()["people"].columns.values()
        if column.identifying or column.name == "birth_date"
    )


def _outcomes(draft: Draft, kept: Mapping[str, str], orders: Mapping[str, tuple[str, ...]]) -> Draft:
    for name, source in kept.items():
        cells = draft.cells[source]
        typed = as_one_of(cells, orders[name]) if name in orders else as_numbers(cells)
        draft = replace(draft, headers={**draft.headers, name: source})
        draft = draft.with_columns(typed.values.alias(name)).without_cells(name, *typed.bad)
    return draft


def _ignored(draft: Draft, headings: Headings, codes: Collection[str]) -> Draft:
    ignored = []
    for name, source in headings.others.items():
        if not looks_like_question(name, codes):
            ignored.append(name)
            continue
        nearest = nearest_words(pl.Series([name]), codes).get(name)
        cure = message("Correct the code, or name the instrument's file in study.toml under [instruments]")
        if nearest is not None:
            cure = message(
                "Did you mean {nearest}? Else name the instrument's file in study.toml under [instruments]",
                nearest=nearest,
            )
        expected = message("no instrument of this study has a question of this code")
        draft = draft.faulted("unknown_question", source, expected, cure, readable=True)
    if ignored:
        said = message("{source}: not used: {names}", source=draft.source, names=listed(ignored))
        draft = draft.noticed("columns_not_used", len(ignored), said)
    return draft
