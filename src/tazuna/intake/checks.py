"""All rules over all tables of a study: raw tables in; typed tables, faults and notices out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.birth import reduced_to_year
from tazuna.intake.departments import departments_by_id, without_circles
from tazuna.intake.draft import Draft
from tazuna.intake.headings import Headings, headed_draft, match_headings
from tazuna.intake.joins import joined, unique_keys
from tazuna.intake.other_columns import with_other_columns
from tazuna.intake.raw_table import RawTable
from tazuna.intake.responses import answered_once, long_answers, one_row_each, with_answers
from tazuna.intake.rows import ordered_dates, ranked_without_gaps
from tazuna.intake.schema import Table, schema
from tazuna.intake.typed import ValueWords, typed_draft
from tazuna.intake.waves import WaveFacts, spelled_alike, wave_facts
from tazuna.intake.words import as_one_of
from tazuna.language import Message, message

Progress = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a study adds to the schema.

    Parameters
    ----------
    columns, values, orders, wave_order, timezone, fiscal_year_starts
        As in ``study.toml``.
    questions, company_questions
        Questions by code that may be columns of ``responses`` and of ``company_answers``.
    instruments
        Ids of the instruments in use.
    """

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wave_order: tuple[str, ...] = ()
    timezone: str = "Asia/Tokyo"
    fiscal_year_starts: int = 4
    questions: Mapping[str, AskedQuestion] = field(default_factory=dict)
    company_questions: Mapping[str, AskedQuestion] = field(default_factory=dict)
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """``drafts`` by table; ``responses``: one row a person and wave; ``waves``: earliest first."""

    drafts: Mapping[str, Draft]
    responses: pl.DataFrame
    waves: tuple[WaveFacts, ...]


def check_tables(
    raws: Mapping[str, RawTable], rules: Rules, *, skip_faulty: bool = False, progress: Progress | None = None
) -> Checked:
    """Apply every rule to every table.

    Each rule is applied to the rows that earlier rules left; what the drafts hold at the end are the rows
    and cells that broke none.

    Parameters
    ----------
    skip_faulty
        Rows that point to a row that was set aside are set aside too, and named.
    progress
        Called with what is being done.
    """
    tables = [table for name, table in schema().items() if name in raws]
    drafts: dict[str, Draft] = {}
    headings: dict[str, Headings] = {}
    for table in tables:
        if progress is not None:
            source = raws[table.name].source
            progress(message("Checking {source}", source=source))
        headings[table.name], drafts[table.name] = _typed(raws[table.name], table, rules)
    waves = wave_facts(drafts, rules.wave_order, rules.fiscal_year_starts)
    if "waves" not in drafts:
        drafts = {
            name: spelled_alike(draft, [facts.wave for facts in waves]) for name, draft in drafts.items()
        }
    if "people" in drafts:
        drafts["people"] = _people(drafts["people"], headings["people"], waves)
    for table in tables:
        drafts[table.name] = _keyed(drafts[table.name], drafts, skip_faulty=skip_faulty)
    responses = one_row_each(drafts.get("responses"), drafts.get("responses_long"), tuple(rules.questions))
    return Checked(drafts, responses, waves)


def _typed(raw: RawTable, table: Table, rules: Rules) -> tuple[Headings, Draft]:
    asked = {"questions": rules.questions, "company_questions": rules.company_questions}.get(
        table.other_columns, {}
    )
    words = {column: found for (name, column), found in rules.values.items() if name == table.name}
    orders = rules.orders if table.name in ("people", "outcomes") else {}
    headings = match_headings(raw, table, rules.columns.get(table.name, {}), asked)
    draft = headed_draft(raw, table, headings)
    draft = typed_draft(draft, raw, headings.ours, ValueWords(words, orders, rules.timezone))
    if headings.questions:
        draft = with_answers(draft, headings.questions, asked, words)
    draft = with_other_columns(draft, headings, asked, orders)
    if table.name == "responses_long":
        draft = long_answers(draft, rules.questions)
    if draft.has("instrument"):
        typed = as_one_of(draft.frame["instrument"], rules.instruments)
        draft = draft.with_columns(typed.values).without_cells("instrument", *typed.bad)
    return headings, draft


def _people(draft: Draft, headings: Headings, waves: tuple[WaveFacts, ...]) -> Draft:
    years = {facts.wave: facts.year for facts in waves if facts.year is not None}
    latest = next((facts.year for facts in reversed(waves) if facts.year is not None), None)
    return reduced_to_year(draft, headings.ours, years, latest)


def _keyed(draft: Draft, drafts: Mapping[str, Draft], *, skip_faulty: bool) -> Draft:
    table = draft.table
    if table.name not in ("responses", "responses_long"):
        draft = unique_keys(draft)
    draft = joined(draft, drafts, skip_faulty=skip_faulty)
    return _specially(draft, drafts)


def _specially(draft: Draft, drafts: Mapping[str, Draft]) -> Draft:
    """The rules that only one table has."""
    match draft.table.name:
        case "organisations":
            said = message("an organisation cannot be above itself")
            return without_circles(draft, ["organisation_id"], "parent_id", said)
        case "departments":
            said = message("a department cannot be above itself")
            draft = without_circles(draft, ["department_id"], "parent_id", said)
            said = message("a department cannot be its own successor, directly or over others")
            draft = without_circles(draft, ["department_id"], "successor_id", said)
            return ordered_dates(draft, [("starts_on", "ends_on")])
        case "waves":
            return ordered_dates(draft, [("opened_on", "closed_on")])
        case "people":
            return _placed(draft, drafts)
        case "responses" | "responses_long":
            return answered_once(draft)
        case "programs":
            return ordered_dates(draft, [("starts_on", "ends_on")])
        case "participation":
            return ordered_dates(draft, [("started_on", "ended_on")])
        case "applications":
            return ranked_without_gaps(draft, drafts.get("programs"))
        case _:
            return draft


def _placed(people: Draft, drafts: Mapping[str, Draft]) -> Draft:
    key = ["person_id", *(["wave"] if people.has("wave") else [])]
    people = without_circles(people, key, "manager_id", message("nobody can be above themselves"))
    organisations = drafts["organisations"].sound if "organisations" in drafts else pl.DataFrame()
    if not people.has("organisation_id") and organisations.height == 1 and people.readable:
        only = organisations["organisation_id"][0]
        people = people.with_columns(
            pl.repeat(only, people.frame.height, eager=True).alias("organisation_id")
        )
        said = message(
            "{source}: everybody belongs to {organisation}, the only organisation",
            source=people.source,
            organisation=only,
        )
        people = people.noticed("one_organisation", people.frame.height, said)
    people = _counted_without_organisation(people)
    departments = drafts.get("departments")
    if departments is not None and departments.readable:
        return departments_by_id(people, departments)
    if people.has("department") and departments is None:
        said = message(
            "{source}: there is no table of departments, so their names serve as codes", source=people.source
        )
        return people.noticed("departments_by_name", people.frame["department"].n_unique(), said)
    return people


def _counted_without_organisation(people: Draft) -> Draft:
    sound = people.sound
    if not people.readable:
        return people
    count = sound["organisation_id"].null_count() if people.has("organisation_id") else sound.height
    if not count:
        return people
    said = message(
        "{source}: people without an organisation, in no group figure: {count}",
        source=people.source,
        count=count,
    )
    return people.noticed("no_organisation", count, said)
