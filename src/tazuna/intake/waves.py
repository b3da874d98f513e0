"""Waves (調査回): which there are, in what order, in which year, and names that differ only in spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.schema import normalised
from tazuna.intake.words import BadCells, compared
from tazuna.language import message

WAVE_TABLES = ("responses", "responses_long", "company_answers", "people", "outcomes")


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """One wave as the tables tell it; ``year`` is the calendar year in which ages hold."""

    wave: str
    label: str
    year: int | None
    fiscal_year: int | None
    k: int | None


def wave_facts(
    drafts: Mapping[str, Draft], order: Sequence[str], fiscal_year_starts: int
) -> tuple[WaveFacts, ...]:
    """The waves, earliest first.

    They are those of the table ``waves`` or, without one, those that occur, spelled as in most rows; in
    the ``order`` given, else that of the table, else that of first appearance. The year is that of
    ``closed_on``, ``opened_on``, ``fiscal_year`` or the last ``answered_at``.
    """
    given = drafts.get("waves")
    rows = (
        {}
        if given is None or not given.has("wave")
        else {row["wave"]: row for row in given.sound.iter_rows(named=True)}
    )
    names = list(rows) or _appearing(drafts)
    by_order = {normalised(name): place for place, name in enumerate(order)}
    names.sort(key=lambda name: by_order.get(normalised(name), len(by_order)))
    answered = _last_answers(drafts)
    return tuple(_facts(name, rows.get(name, {}), answered.get(name), fiscal_year_starts) for name in names)


def _facts(name: str, row: Mapping[str, object], answered: date | None, fiscal_year_starts: int) -> WaveFacts:
    day = next((d for d in (row.get("closed_on"), row.get("opened_on")) if isinstance(d, date)), None)
    fiscal_year = row.get("fiscal_year")
    fiscal = fiscal_year if isinstance(fiscal_year, int) else None
    told = day or (None if fiscal is not None else answered)
    if fiscal is None and told is not None:
        fiscal = told.year if told.month >= fiscal_year_starts else told.year - 1
    label, k = row.get("label_ja"), row.get("k")
    return WaveFacts(
        wave=name,
        label=str(label) if label else name,
        year=told.year if told is not None else fiscal,
        fiscal_year=fiscal,
        k=k if isinstance(k, int) else None,
    )


def _appearing(drafts: Mapping[str, Draft]) -> list[str]:
    spellings: dict[str, Counter[str]] = {}
    for table in WAVE_TABLES:
        if table in drafts and drafts[table].has("wave"):
            cells = drafts[table].sound["wave"].drop_nulls()
            for name, rows in cells.to_frame("wave").group_by("wave", maintain_order=True).len().iter_rows():
                spellings.setdefault(normalised(name), Counter())[name] += rows
    return [counted.most_common(1)[0][0] for counted in spellings.values()]


def _last_answers(drafts: Mapping[str, Draft]) -> dict[str, date]:
    latest: dict[str, date] = {}
    for table in ("responses", "responses_long"):
        draft = drafts.get(table)
        if draft is None or not draft.has("wave", "answered_at"):
            continue
        moments = (
            draft.sound.drop_nulls("wave")
            .group_by("wave")
            .agg(pl.col("answered_at").max().dt.date())
            .drop_nulls()
        )
        for wave, day in moments.iter_rows():
            latest[wave] = max(day, latest.get(wave, day))
    return latest


def spelled_alike(draft: Draft, waves: Iterable[str]) -> Draft:
    """Set aside rows whose wave is one of ``waves`` but for case or spaces."""
    known = pl.Series(list(waves), dtype=pl.String)
    if not draft.readable or not draft.has("wave") or known.is_empty():
        return draft
    cells = draft.frame["wave"]
    other = (cells.is_not_null() & ~cells.is_in(known.implode())).fill_null(value=False)
    if not other.any():
        return draft
    canonical = compared(cells).replace_strict(
        dict(zip(compared(known), known, strict=True)), default=None, return_dtype=pl.String
    )
    mask = other & canonical.is_not_null()
    bad = BadCells(
        "wave_spelling",
        mask,
        message("another row writes this wave as {nearest}"),
        message("Write the wave in one way everywhere"),
        pl.DataFrame({"nearest": canonical.filter(mask)}),
    )
    return draft.without("wave", bad)
