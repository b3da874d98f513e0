"""The instruments of a study (使う調査票), and what intake must know of their questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from tazuna.errors import StudyError
from tazuna.instrument.describing import category_values, questions_of
from tazuna.instrument.model import Instrument, Question
from tazuna.instrument.reading import read_instrument
from tazuna.instrument.shipped import shipped_instruments
from tazuna.intake.answers import AskedQuestion
from tazuna.intake.schema import Words
from tazuna.language import message
from tazuna.study.settings import StudySettings


def instruments_in_use(
    settings: StudySettings, files: Mapping[str, Callable[[], bytes]]
) -> tuple[Instrument, ...]:
    """The instruments that ``[instruments]`` names: shipped ones first, then ``files`` of the study.

    Raises
    ------
    StudyError
        A shipped id or a file does not exist.
    InstrumentError
        A file breaks the schema of instruments.
    """
    shipped = shipped_instruments()
    ids = tuple(shipped) if settings.shipped is None else settings.shipped
    for instrument in ids:
        if instrument not in shipped:
            raise StudyError(
                message(
                    "study.toml, instruments.shipped: there is no shipped instrument {id}", id=instrument
                ),
                message("Shipped are {ids}.", ids=", ".join(shipped)),
            )
    return (*(shipped[i] for i in ids), *(_read(name, files) for name in settings.instrument_files))


def _read(name: str, files: Mapping[str, Callable[[], bytes]]) -> Instrument:
    if name not in files:
        raise StudyError(
            message("study.toml, instruments.files: there is no file {file}", file=name),
            message("Put the file into the study folder, or correct its name."),
        )
    with TemporaryDirectory() as folder:
        copy = Path(folder) / name
        copy.write_bytes(files[name]())
        return read_instrument(copy)


def asked_questions(instruments: Iterable[Instrument]) -> dict[str, AskedQuestion]:
    """All questions by code, as intake and the template need them."""
    return {code: _asked(question) for code, question in questions_of(instruments).items()}


def company_questions(asked: Mapping[str, AskedQuestion]) -> dict[str, AskedQuestion]:
    """The questions that have a wording for the company side."""
    return {code: question for code, question in asked.items() if question.company_wording is not None}


def _asked(question: Question) -> AskedQuestion:
    response = question.response
    return AskedQuestion(
        code=question.code,
        values=tuple(category.value for category in response.categories),
        missing=response.missing_codes,
        labels=category_values(question),
        wording=cast("Words", question.wording),
        company_wording=cast("Words | None", question.company_wording),
        categories={
            language: tuple(category.label[language] for category in response.categories)
            for language in ("ja", "en")
            if all(language in category.label for category in response.categories)
        },
    )
