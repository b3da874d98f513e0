"""The workbook to fill in, with the questions of the shipped instruments."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tazuna.instrument.model import Instrument
from tazuna.instrument.shipped import shipped_instruments
from tazuna.intake import template
from tazuna.language import Language
from tazuna.study.questions import asked_questions, company_questions


def write_template(path: Path, language: Language, instruments: Iterable[Instrument] | None = None) -> None:
    """Write the workbook that `tazuna template` makes.

    Parameters
    ----------
    path
        The .xlsx file; an existing one is replaced.
    instruments
        Whose questions become columns; all shipped ones where None.
    """
    used = shipped_instruments().values() if instruments is None else instruments
    asked = asked_questions(used)
    template.write_template(path, language, asked, company_questions(asked))
