"""``tazuna fit``: psychometrics on any table of items."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, message, translator


def fit(
    items: Path,
    /,
    *,
    model: Path,
    out: Path,
    group: str | None = None,
    missing: str | None = None,
    reversed_: Annotated[str | None, Parameter(name="--reversed")] = None,
    orthogonal: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Fit a measurement model to any table of items: reliability, factors, graded responses, invariance.

    Written is model.json; the screen shows what users of R's psych, lavaan and mirt look for.

    Parameters
    ----------
    items
        A table with a column a question (.csv, .tsv, .xlsx or .parquet), keyed so that high means much.
    model
        The factor model in lavaan's syntax, such as: autonomy =~ q1 + q2 + q3; its factors are the scales.
    out
        The folder for the results; nothing is written outside it.
    group
        A column by which to test whether the groups may be compared.
    missing
        Numbers that stand for no answer, separated by commas, such as 0,99.
    reversed_
        Questions to reverse first, separated by commas; the lowest and the highest answer change places.
    orthogonal
        Let the factors be uncorrelated, as in a bifactor model.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.fit_screen import fit_lines
    from tazuna.commands.outputs import output_folder, write_json
    from tazuna.errors import MissingInputError
    from tazuna.intake.sources import open_source
    from tazuna.measurement.item_table import item_table, with_reversed
    from tazuna.measurement.psychometrics import analyse, questions_of_model
    from tazuna.measurement.psychometrics_document import psychometrics_document

    language: Language = lang or chosen_language()
    if not model.is_file():
        raise MissingInputError(
            message("{path} does not exist.", path=model),
            message("Write the model into a text file, such as: autonomy =~ q1 + q2 + q3"),
        )
    with steps(language) as step:
        step(message("Reading {source}", source=items.name))
        text = model.read_text(encoding="utf-8-sig")
        questions = questions_of_model(text)
        raw = open_source(items)[0]
        table = item_table(raw, questions, missing=_numbers(missing), group=group)
        table = with_reversed(table, _parts(reversed_))
        found = analyse(table, text, orthogonal=orthogonal, step=step)
        digest = hashlib.sha256(items.read_bytes() + text.encode()).hexdigest()
        with output_folder(out) as folder:
            content = {"model": text, "source": items.name, **psychometrics_document(found)}
            write_json(folder / "model.json", "tazuna/model/1", content, sha256=digest, seed=None)
    t = translator(language)
    say(*fit_lines(found, language), t("Written to {path}: {files}", path=out, files="model.json"))
    return 0


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _numbers(text: str | None) -> list[float]:
    from tazuna.errors import MissingInputError

    try:
        return [float(part) for part in _parts(text)]
    except ValueError:
        raise MissingInputError(
            message("--missing: “{found}” is no list of numbers.", found=text),
            message("Write numbers separated by commas, such as 0,99."),
        ) from None
