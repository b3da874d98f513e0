"""``study.toml``: what a study is called, how its columns and codes are named, and its few choices."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from tazuna.errors import StudyError
from tazuna.intake.faults import shortened
from tazuna.intake.headers import is_reserved
from tazuna.intake.schema import schema
from tazuna.language import message
from tazuna.study.formats import TableFormat, read_formats
from tazuna.study.match_settings import MatchSettings, read_match
from tazuna.study.setting_place import SettingPlace

STUDY_SCHEMA = "tazuna/study/1"
DEFAULT_K = 10
FLOOR_K = 5
HIGHEST_K = 1_000_000
DEFAULT_PROGRAM_GROUP = "prefecture"


@dataclass(frozen=True, slots=True)
class StudySettings:
    """The settings of a study.

    Parameters
    ----------
    tables
        Our table name → the file or sheet that holds it: ``"社員名簿.xlsx"``, or ``"人事.xlsx#名簿"`` for
        one sheet.
    columns
        Our table name → {column in the file: our column}.
    values
        (our table, our column) → {value in the file: our value}.
    formats
        Our table name → the survey tool that wrote its file.
    orders
        Ordered text columns, lowest first.
    waves
        The order of the waves; empty: order of the table ``waves``, else of first appearance.
    k
        Smallest group that is shown (default 10, at least 5), where the table ``waves`` names none.
    program_groups
        Columns of ``programs`` that the caps of kind ``region`` mean; several where regions are nested.
    match, rounds
        The rules of every round, and of the rounds that have rules of their own.
    instrument_files, shipped
        Instruments: files in the study folder, and ids of shipped ones (None: all shipped ones).
    fiscal_year_starts
        Month in which a fiscal year (年度) starts.
    """

    title: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, TableFormat] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waves: tuple[str, ...] = ()
    k: int = DEFAULT_K
    program_groups: tuple[str, ...] = (DEFAULT_PROGRAM_GROUP,)
    match: MatchSettings = field(default_factory=MatchSettings)
    rounds: Mapping[str, MatchSettings] = field(default_factory=dict)
    instrument_files: tuple[str, ...] = ()
    shipped: tuple[str, ...] | None = None
    timezone: str = "Asia/Tokyo"
    fiscal_year_starts: int = 4


_KEYS: Mapping[str, Mapping[str, type] | None] = {
    "schema": None,
    "title": None,
    "tables": None,
    "formats": None,
    "columns": None,
    "values": None,
    "orders": None,
    "waves": {"order": list},
    "disclosure": {"k": int},
    "caps": {"program_group": object},
    "match": None,
    "rounds": None,
    "instruments": {"files": list, "shipped": list},
    "calendar": {"timezone": str, "fiscal_year_starts": int},
}


def read_settings(text: str, source: str = "study.toml") -> StudySettings:
    """The settings in the text of a ``study.toml``.

    Raises
    ------
    StudyError
        The text is not TOML, or a key is unknown, missing or of the wrong type; names key, line and cure.
    """
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, numbers without end, lists in lists
        raise StudyError(
            message("{source} is not valid TOML: {reason}.", source=source, reason=str(error)),
            message("Correct that place; names with Japanese characters need quotation marks."),
        ) from error
    place = SettingPlace(source, text)
    _check_keys(document, place)
    orders = {
        name: tuple(place.texts(f"orders.{name}", value))
        for name, value in document.get("orders", {}).items()
    }
    instruments = document.get("instruments", {})
    calendar = document.get("calendar", {})
    match, rounds = read_match(document, place)
    return StudySettings(
        title=document.get("title", ""),
        tables=_tables(document, place),
        formats=read_formats(document.get("formats", {}), place),
        columns=_columns(document, place),
        values=_values(document, place),
        orders=orders,
        waves=tuple(place.texts("waves.order", document.get("waves", {}).get("order", []))),
        k=_threshold(document, place),
        program_groups=_program_groups(document, place),
        match=match,
        rounds=rounds,
        instrument_files=tuple(place.texts("instruments.files", instruments.get("files", []))),
        shipped=_shipped(instruments, place),
        timezone=_timezone(calendar, place),
        fiscal_year_starts=_month(calendar, place),
    )


def _check_keys(document: Mapping[str, object], place: SettingPlace) -> None:
    if document.get("schema") != STUDY_SCHEMA:
        raise place.fault(
            "schema",
            message('expected is schema = "{schema}"', schema=STUDY_SCHEMA),
            message("Make this the first line of the file."),
        )
    if not isinstance(document.get("title", ""), str):
        raise place.wrong_type("title", str)
    for name, value in document.items():
        if name not in _KEYS:
            raise place.unknown(name, tuple(_KEYS))
        if name in ("schema", "title"):
            continue
        section = place.mapping(name, value)
        allowed = _KEYS[name]
        if allowed is None:
            continue
        for key, given in section.items():
            if key not in allowed:
                raise place.unknown(f"{name}.{key}", tuple(allowed))
            wanted = allowed[key]
            if wanted is not object and (not isinstance(given, wanted) or isinstance(given, bool)):
                raise place.wrong_type(f"{name}.{key}", wanted)


def _tables(document: Mapping[str, object], place: SettingPlace) -> dict[str, str]:
    named = place.words("tables", document.get("tables", {}))
    for table in named:
        if table not in schema():
            raise place.unknown(f"tables.{table}", tuple(schema()))
    return dict(named)


def _columns(document: Mapping[str, object], place: SettingPlace) -> dict[str, Mapping[str, str]]:
    columns: dict[str, Mapping[str, str]] = {}
    for table, names in place.mapping("columns", document.get("columns", {})).items():
        if table not in schema():
            raise place.unknown(f"columns.{table}", tuple(schema()))
        columns[table] = place.words(f"columns.{table}", names)
        for source, target in columns[table].items():
            if not target or is_reserved(target):
                raise place.fault(
                    f"columns.{table}.{source}",
                    message("a column cannot be called “{name}”", name=target),
                    message("Write the name of a column of the table, or a plain word."),
                )
    return columns


def _values(document: Mapping[str, object], place: SettingPlace) -> dict[tuple[str, str], Mapping[str, str]]:
    values: dict[tuple[str, str], Mapping[str, str]] = {}
    for table, columns in place.mapping("values", document.get("values", {})).items():
        if table not in schema():
            raise place.unknown(f"values.{table}", tuple(schema()))
        for column, words in place.mapping(f"values.{table}", columns).items():
            values[table, column] = place.words(f"values.{table}.{column}", words)
    return values


def _threshold(document: Mapping[str, object], place: SettingPlace) -> int:
    k = place.mapping("disclosure", document.get("disclosure", {})).get("k", DEFAULT_K)
    if not isinstance(k, int) or not FLOOR_K <= k <= HIGHEST_K:
        raise place.fault(
            "disclosure.k",
            message(
                "the smallest group that is shown must be a number from {floor} to {highest}, found is {k}",
                floor=FLOOR_K,
                highest=f"{HIGHEST_K:,}",
                k=shortened(str(k)),
            ),
            message("Write {floor} or a higher number; {usual} is usual.", floor=FLOOR_K, usual=DEFAULT_K),
        )
    return k


def _program_groups(document: Mapping[str, object], place: SettingPlace) -> tuple[str, ...]:
    """One column, or a list of columns whose regions lie inside each other."""
    given = place.mapping("caps", document.get("caps", {})).get("program_group", DEFAULT_PROGRAM_GROUP)
    if isinstance(given, str):
        return (given,)
    names = place.texts("caps.program_group", given)
    if not names:
        raise place.wrong_type("caps.program_group", list)
    return tuple(dict.fromkeys(names))


def _shipped(instruments: Mapping[str, object], place: SettingPlace) -> tuple[str, ...] | None:
    if "shipped" in instruments:
        return tuple(place.texts("instruments.shipped", instruments["shipped"]))
    return () if instruments.get("files") else None


def _timezone(calendar: Mapping[str, object], place: SettingPlace) -> str:
    name = str(calendar.get("timezone", "Asia/Tokyo"))
    try:
        pl.Series([0]).cast(pl.Datetime("us", name)).dt.year()
    except pl.exceptions.ComputeError as error:
        raise place.fault(
            "calendar.timezone",
            message("there is no time zone {name}", name=name),
            message("Write a name such as Asia/Tokyo."),
        ) from error
    return name


def _month(calendar: Mapping[str, object], place: SettingPlace) -> int:
    month = calendar.get("fiscal_year_starts", 4)
    if not isinstance(month, int) or not 1 <= month <= 12:
        raise place.fault(
            "calendar.fiscal_year_starts",
            message("expected is a month from 1 to 12"),
            message("Write 4 for April."),
        )
    return month
