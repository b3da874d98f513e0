"""The frozen tables (確定した表): what the draw depends on, in a form that can be drawn from again."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tazuna.intake.schema import schema
from tazuna.intake.toml_text import toml_line, toml_table, toml_text
from tazuna.matching.draw import hash_of_fields, receipts_of, tables_seal
from tazuna.matching.feasibility import Prepared
from tazuna.study import Study
from tazuna.study.match_settings import MatchSettings
from tazuna.study.settings import STUDY_SCHEMA

RECEIPTS = "receipts.csv"
SETTINGS = "study.toml"
_OF_PEOPLE = (
    *("person_id", "organisation_id", "home_organisation_id", "status", "birth_year", "age_band", "worksite"),
    *("hours_available", "travel_prefectures", "receipt"),
)
"""What the draw and its figures read, beside what the conditions of the round name."""
_OF_APPLICATIONS = ("person_id", "program_id", "rank", "consented_at", "hours_available")
_OF_PRIORITIES = ("program_id", "person_id", "tier", "score", "eligible")


@dataclass(frozen=True, slots=True)
class Frozen:
    """The tables of a round as they stand when the draw is prepared.

    Parameters
    ----------
    files
        Name → bytes: ``study.toml``, the tables and ``receipts.csv`` (person_id, receipt).
    receipts
        One an applicant of the market, in its order.
    tables_hash
        SHA-256 of the files without the receipts. Internal: with it and the secret receipts are made.
    seal
        The salted hash over everything, receipts included, in hexadecimal: published before the beacon.
    """

    files: Mapping[str, bytes]
    receipts: tuple[str, ...]
    tables_hash: bytes
    seal: str


def freeze(study: Study, prepared: Prepared, secret: str) -> Frozen:
    """Freeze everything on which the places of a round depend.

    Applicants only, with the columns that the draw, its conditions and its figures read; never a name, kana
    or e-mail. The files are a study folder of their own, and freezing that one gives the same bytes.

    Raises
    ------
    StudyError
        Two applicants have the same receipt.
    """
    tables = _tables(study, prepared)
    files = {f"{name}.csv": canonical_csv(table) for name, table in tables.items()}
    files[SETTINGS] = _settings(study, prepared, tables["people"]).encode()
    tables_hash = hash_of_fields(*(field for name in sorted(files) for field in (name, files[name])))
    receipts = receipts_of(prepared.people, secret, tables_hash)
    roster = pl.DataFrame({"person_id": prepared.people["person_id"], "receipt": receipts})
    files[RECEIPTS] = canonical_csv(roster)
    return Frozen(files, receipts, tables_hash, tables_seal(secret, files))


def canonical_csv(table: pl.DataFrame) -> bytes:
    """UTF-8 without BOM, lists separated by ``;``, days and times in ISO 8601, empty = not known."""
    lists = [
        pl.col(name).list.join(";") for name, dtype in table.schema.items() if isinstance(dtype, pl.List)
    ]
    written = table.with_columns(*lists).write_csv(
        line_terminator="\n", datetime_format="%Y-%m-%dT%H:%M:%S%.f", date_format="%Y-%m-%d"
    )
    return written.encode()


def _tables(study: Study, prepared: Prepared) -> dict[str, pl.DataFrame]:
    """Our table name → its rows that concern the round, in the order of their keys; caps as they stand."""
    persons = prepared.people["person_id"].implode()
    programs = study.tables["programs"].sort("program_id")
    here = prepared.programs["program_id"].implode()
    tables = {
        "organisations": study.tables["organisations"].sort("organisation_id"),
        "programs": programs,
        "people": _people(study, prepared),
        "applications": _applications(study).filter(pl.col("program_id").is_in(here)),
    }
    priorities, caps = study.table("priorities"), study.table("caps")
    if priorities is not None:
        mine = pl.col("person_id").is_in(persons) & pl.col("program_id").is_in(here)
        tables["priorities"] = _only(priorities, _OF_PRIORITIES).filter(mine).sort(_OF_PRIORITIES[:2])
    if caps is not None:
        tables["caps"] = caps
    if prepared.wave is not None and prepared.year is not None:
        tables["waves"] = pl.DataFrame({"wave": [prepared.wave], "fiscal_year": [prepared.year]})
    return {name: table for name, table in tables.items() if table.height}


def _people(study: Study, prepared: Prepared) -> pl.DataFrame:
    """One row an applicant as of the round; ages only as far as the study itself told them."""
    known = study.tables["people"].columns
    conditions = unicodedata.normalize("NFKC", " ".join(_conditions(study, prepared)))
    named = [name for name in known if name in conditions and name not in ("wave", "manager_id")]
    kept = [
        name
        for name in dict.fromkeys((*_OF_PEOPLE, *named))
        if name in known or (name == "receipt" and name in prepared.people.columns)
    ]
    return prepared.people.select(kept).sort("person_id")


def _conditions(study: Study, prepared: Prepared) -> list[str]:
    reserves = [reserve.who for reserve in study.match_of(prepared.round).reserves]
    if "eligibility" not in prepared.programs.columns:
        return reserves
    return [*prepared.programs["eligibility"].drop_nulls().unique().sort().to_list(), *reserves]


def _applications(study: Study) -> pl.DataFrame:
    return _only(study.tables["applications"], _OF_APPLICATIONS).sort("person_id", "rank", "program_id")


def _only(table: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    return table.select(name for name in columns if name in table.columns)


def _settings(study: Study, prepared: Prepared, people: pl.DataFrame) -> str:
    """``study.toml`` of the frozen tables: only what the draw reads."""
    orders = {name: list(order) for name, order in study.orders.items() if name in people.columns}
    named = schema()["programs"].columns
    groups = [
        name for name in study.program_groups if name in named or name in study.tables["programs"].columns
    ]
    lines = [
        toml_line("schema", STUDY_SCHEMA),
        toml_line("title", study.title),
        *toml_table("orders", orders),
        *toml_table("caps", {"program_group": groups} if groups else {}),
        *_match_lines(study.match_of(prepared.round)),
    ]
    return "\n".join(lines) + "\n"


def _match_lines(rules: MatchSettings) -> list[str]:
    """``[match]`` with every rule written out, so that later defaults change nothing."""
    lines = ["", "[match]"]
    for name in MatchSettings.__dataclass_fields__:
        value = getattr(rules, name)
        if name != "reserves" and value is not None:
            lines.append(_line(name, value))
    for reserve in rules.reserves:
        lines += ["", "[[match.reserves]]"]
        for name in reserve.__dataclass_fields__:
            value = getattr(reserve, name)
            if value is not None:
                lines.append(_line(name, value))
    return lines


def _line(name: str, value: str | float) -> str:
    return f"{name} = {toml_text(value) if isinstance(value, str) else repr(value)}"
