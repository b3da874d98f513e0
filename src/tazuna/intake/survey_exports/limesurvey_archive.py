"""LimeSurvey archive (.lsa): the survey's structure and its responses as XML in one zip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

import polars as pl

from tazuna.errors import UnreadableSourceError
from tazuna.intake.archives import unzipped, zipped_names
from tazuna.intake.grids import with_lines
from tazuna.intake.headers import column_letter, column_names, normalise_heading
from tazuna.intake.raw_table import RawTable
from tazuna.intake.survey_exports.export import SurveyExport, with_roles
from tazuna.intake.survey_exports.limesurvey import ROLES, settled_dates
from tazuna.intake.survey_exports.limesurvey_xml import Rows, read_sections
from tazuna.language import message

_FIELD = re.compile(r"^_?\d+X\d+X(\d+)(.*)$")
_TAG = re.compile(r"<[^>]*>")
_ENDINGS = {"survey": ".lss", "responses": "_responses.lsr"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A column of answers: its name in the style of the CSV, its wording, and the labels of its codes."""

    name: str
    wording: str
    labels: Mapping[str, str]


def read_archive(data: bytes, file: str) -> SurveyExport:
    """Read the responses of an archive; a row's line is its place among the responses.

    Answers given as codes of an answer list are given as that list's words in the survey's own language.

    Raises
    ------
    UnreadableSourceError
        Damaged or unsafe, without structure or responses, or with none.
    """
    members = zipped_names(data, file)
    found = {kind: [name for name in members if name.endswith(end)] for kind, end in _ENDINGS.items()}
    for kind, names in found.items():
        if len(names) != 1:
            raise UnreadableSourceError(
                message(
                    "{source} is no LimeSurvey archive with responses: it must hold one file that ends in "
                    "{ending}, found are {count}",
                    source=file,
                    ending=_ENDINGS[kind],
                    count=len(names),
                ),
                message("Export the survey as “Survey archive (.lsa)” after activating it"),
            )
    structure, answers = (
        read_sections(unzipped(data, members[names[0]], file), f"{file} › {names[0]}")
        for names in found.values()
    )
    rows = answers.get("responses", [])
    source = f"{file} › {found['responses'][0]}"
    if not rows:
        raise UnreadableSourceError(
            message("{source} holds no response", source=source),
            message("Export the survey again, with all responses"),
        )
    return _export(rows, structure, PurePath(file).stem, source)


def _export(rows: Rows, structure: Mapping[str, Rows], name: str, source: str) -> SurveyExport:
    fields = tuple(dict.fromkeys(field for row in rows for field in row))
    if "submitdate" not in fields:
        fields = (*fields, "submitdate")
    frame = pl.DataFrame({field: [row.get(field) for row in rows] for field in fields}, schema_overrides=None)
    frame = frame.cast(dict.fromkeys(fields, pl.String))
    asked = _asked_columns(structure)
    known = [asked.get(_key(field), _Asked(field, field, {})) for field in fields]
    letters = [column_letter(place) for place, _ in enumerate(known)]
    names, _ = column_names([normalise_heading(column.name) for column in known], letters)
    labelled = [
        frame[field].replace(a.labels).alias(shown) if a.labels else frame[field].alias(shown)
        for field, a, shown in zip(fields, known, names, strict=True)
    ]
    table = RawTable(
        name=name,
        source=source,
        columns=names,
        frame=with_lines(pl.DataFrame(labelled)),
        header_line=0,
    )
    columns = with_roles(names, fields, [a.wording for a in known], ROLES)
    export = SurveyExport("limesurvey", table, columns)
    return replace(export, table=settled_dates(table, export.named("answered_at")[0]))


def _key(field: str) -> tuple[str, str]:
    """Question and subquestion of a field such as ``_123456X1X10SQ001``."""
    match = _FIELD.match(field)
    return (match[1], match[2]) if match else ("", field)


def _asked_columns(structure: Mapping[str, Rows]) -> dict[tuple[str, str], _Asked]:
    """(question, subquestion code) → the column; the field of a question with no subquestion has code ""."""
    language = next((row["language"] for row in structure.get("surveys", []) if row.get("language")), "")
    texts = _texts(structure, "question", language)
    labels = _labels(structure, language)
    found: dict[tuple[str, str], _Asked] = {}
    questions = {row.get("qid", ""): row for row in structure.get("questions", [])}
    for qid, row in questions.items():
        title = row.get("title", "") or qid
        found[qid, ""] = _Asked(title, texts.get(qid, title), labels.get(qid, {}))
        found[qid, "other"] = _Asked(f"{title}[other]", f"{texts.get(qid, title)} [other]", {})
    for row in structure.get("subquestions", []):
        parent, code = row.get("parent_qid", ""), row.get("title", "")
        title = questions.get(parent, {}).get("title", "") or parent
        text = texts.get(row.get("qid", ""), code)
        words = f"{texts.get(parent, title)} [{text}]"
        found[parent, code] = _Asked(f"{title}[{code}]", words, labels.get(parent, {}))
    return found


def _texts(structure: Mapping[str, Rows], field: str, language: str) -> dict[str, str]:
    """Question id → its words, from either generation of the format, without mark-up."""
    texts: dict[str, str] = {}
    for section in ("questions", "subquestions", "question_l10ns"):
        for row in structure.get(section, []):
            words, qid = row.get(field, ""), row.get("qid", "")
            if words and (qid not in texts or row.get("language", language) == language):
                texts[qid] = normalise_heading(_TAG.sub(" ", words))
    return texts


def _labels(structure: Mapping[str, Rows], language: str) -> dict[str, dict[str, str]]:
    """Question id → {answer code: its words}."""
    by_id: dict[str, str] = {}
    for row in structure.get("answer_l10ns", []):
        if row.get("aid", "") not in by_id or row.get("language") == language:
            by_id[row.get("aid", "")] = row.get("answer", "")
    labels: dict[str, dict[str, str]] = {}
    for row in structure.get("answers", []):
        words = row.get("answer") or by_id.get(row.get("aid", ""), "")
        own = labels.setdefault(row.get("qid", ""), {})
        if words and (row.get("code", "") not in own or row.get("language", language) == language):
            own[row.get("code", "")] = normalise_heading(_TAG.sub(" ", words))
    return labels
