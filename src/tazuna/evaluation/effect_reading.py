"""Reading ``effect.json`` back as evidence (効果の結果をエビデンスにする)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from tazuna.errors import TazunaError
from tazuna.evaluation.effect_document import SCHEMA
from tazuna.evaluation.evidence import Rung, StudyEffect
from tazuna.language import message


class EffectFileError(TazunaError):
    """A file is no ``effect.json`` that can be used."""


def read_study_effect(
    path: Path,
    measure_id: str,
    *,
    low_is_better: bool = False,
    context: Mapping[str, float] | None = None,
) -> StudyEffect:
    """The result of a study as `tazuna.evaluation.evidence.gather_evidence` takes it.

    Parameters
    ----------
    path
        Of an ``effect.json``, as ``tazuna evaluate`` writes it.
    measure_id
        Of the catalogue's measure that was studied.
    low_is_better
        Whether people are better off with less of the outcome, such as isolation.
    context
        Features of the place as numbers.

    Raises
    ------
    EffectFileError
        No such file, no JSON, another schema, or an estimate without its uncertainty.
    """
    document = _document(path)
    size = document.get("standardised")
    if document.get("design") not in get_args(Rung) or not isinstance(size, Mapping):
        raise _not_an_effect(path)
    estimate, std_error = size.get("estimate"), size.get("std_error")
    if not isinstance(estimate, float | int) or not isinstance(std_error, float | int) or std_error <= 0:
        raise EffectFileError(
            message("{path} holds no estimate with its standard error.", path=path),
            message("Evaluate the study again; a study that shows nothing is no evidence."),
        )
    return StudyEffect(
        study_id=f"{document.get('input_sha256')}/{document.get('program')}/{document.get('outcome')}",
        measure_id=measure_id,
        rung=document["design"],
        size=-float(estimate) if low_is_better else float(estimate),
        std_error=float(std_error),
        context=dict(context or {}),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EffectFileError(
            message("{path} does not exist.", path=path),
            message("Name an effect.json that tazuna evaluate wrote."),
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise _not_an_effect(path) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise _not_an_effect(path)
    return document


def _not_an_effect(path: Path) -> EffectFileError:
    return EffectFileError(
        message("{path} is no result of an evaluation.", path=path),
        message("Name an effect.json that tazuna evaluate wrote."),
    )
