"""Psychometrics of any table of items (項目分析): reliability, factor model, graded model, invariance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.language import Message, message
from tazuna.measurement.factor.fit import FactorFit, fit_ml
from tazuna.measurement.factor.invariance import invariance
from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import FactorModel, parse_model
from tazuna.measurement.factor.omega import Omega, omega, one_factor_omega
from tazuna.measurement.factor.ordinal_invariance import ordinal_invariance
from tazuna.measurement.factor.verdict import Invariance
from tazuna.measurement.factor.weighted_least_squares import OrdinalFit, fit_wlsmv
from tazuna.measurement.graded.fit import GradedError, GradedFit, fit_graded
from tazuna.measurement.item_table import Floats, ItemTable
from tazuna.measurement.reliability import Reliability, pairwise_moments, reliability_of_sum

MOST_CATEGORIES = 10
"""Of a question that is treated as ordered categories; with more it is a measurement."""
_TIGHT = 1e-6

Step = Callable[[Message], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ScalePsychometrics:
    """One scale: a factor that questions measure.

    Parameters
    ----------
    scale
        Name of the factor.
    questions
        That measure it.
    reliability
        Alpha with its interval and each question; None where it cannot be computed.
    omega
        By one factor of its own questions; None where it cannot be computed.
    graded
        The graded response model, or why there is none.
    """

    scale: str
    questions: tuple[str, ...]
    reliability: Reliability | None
    omega: Omega | None
    graded: GradedFit | TazunaError


@dataclass(frozen=True, slots=True)
class Psychometrics:
    """Everything about a table of items.

    Parameters
    ----------
    n
        People with an answer to any question of the model.
    scales
        In the order of the model.
    model_omega
        Of all questions of the model together; None where the factor model does not fit.
    general
        The factor that all questions depend on, among others; None where there is none, and then the
        hierarchical omega means nothing.
    ml, wlsmv
        The factor model, or why it cannot be fitted.
    invariance
        Between groups, or why it cannot be tested; None where no groups were named.
    ordinal_invariance
        The same of ordered answers; None also where the answers are not ordered.
    """

    n: int
    scales: tuple[ScalePsychometrics, ...]
    model_omega: Omega | None
    general: str | None
    ml: FactorFit | TazunaError
    wlsmv: OrdinalFit | TazunaError
    invariance: Invariance | TazunaError | None
    ordinal_invariance: Invariance | TazunaError | None


def questions_of_model(text: str) -> tuple[str, ...]:
    """Names of the questions in a model.

    Raises
    ------
    ModelSyntaxError
        As `parse_model`.
    """
    return parse_model(text).observed


def analyse(
    table: ItemTable, text: str, *, orthogonal: bool = False, step: Step | None = None
) -> Psychometrics:
    """Compute everything that the answers carry; what they do not carry says why.

    Parameters
    ----------
    table
        Keyed answers: high means much.
    text
        The factor model in lavaan's syntax; its factors are the scales.
    orthogonal
        Whether the factors are uncorrelated, as in a bifactor model.
    step
        Told what is being done.
    """
    say: Step = step or (lambda _: None)
    incomplete = bool(np.isnan(table.answers).any())
    model = parse_model(text, with_means=incomplete, orthogonal=orthogonal)
    ordered = are_ordered(table.answers)
    general = _general(model)
    say(message("Fitting the factor model …"))
    ml = _or_why(lambda: fit_ml([table.answers], table.names, model))
    wlsmv: OrdinalFit | TazunaError = not_ordered()
    if ordered:
        say(message("Fitting the factor model to ordered answers …"))
        ordinal = parse_model(text, ordinal=True, orthogonal=orthogonal)
        wlsmv = _or_why(lambda: fit_wlsmv(table.answers, table.names, ordinal))
    say(message("Fitting graded response models …"))
    scales = tuple(
        _scale(table, factor, questions, ordered=ordered)
        for factor in model.latent
        if (questions := tuple(name for name in model.indicators(factor) if name in model.observed))
    )
    found: Invariance | TazunaError | None = None
    of_ordered: Invariance | TazunaError | None = None
    if table.groups is not None:
        say(message("Comparing the groups …"))
        found = _or_why(lambda: invariance(*_by_group(table, text)))
        if ordered:
            of_ordered = _or_why(lambda: ordinal_invariance(*_by_group(table, text)))
    return Psychometrics(
        n=int(np.isfinite(table.answers).any(axis=1).sum()),
        scales=scales,
        model_omega=None if isinstance(ml, TazunaError) else omega(ml, general),
        general=general,
        ml=ml,
        wlsmv=wlsmv,
        invariance=found,
        ordinal_invariance=of_ordered,
    )


def are_ordered(answers: Floats) -> bool:
    """Whether every question has whole numbers of at most `MOST_CATEGORIES` values."""
    given = answers[np.isfinite(answers)]
    if (given != np.floor(given)).any():
        return False
    return all(
        np.unique(column[np.isfinite(column)]).size <= MOST_CATEGORIES
        and np.ptp(column[np.isfinite(column)]) < 127
        for column in answers.T
        if np.isfinite(column).any()
    )


def not_ordered() -> FactorError:
    """The answers are no ordered categories."""
    return FactorError(
        message("The answers are no ordered categories of at most {most}.", most=MOST_CATEGORIES),
        message("Models of ordered answers are for questions with a few categories, coded as whole numbers."),
    )


def _scale(table: ItemTable, factor: str, questions: tuple[str, ...], *, ordered: bool) -> ScalePsychometrics:
    answers = table.of(questions)
    frame = pl.DataFrame(answers, schema=list(questions)).fill_nan(None)
    moments = pairwise_moments(frame, questions)
    found = reliability_of_sum(moments)
    spread = np.sqrt(np.diag(moments.covariance))
    alone = None
    if found is not None and len(questions) > 2 and (spread > 0).all():
        alone = _or_why(lambda: one_factor_omega(moments.covariance / np.outer(spread, spread)))
    graded: GradedFit | TazunaError = not_ordered()
    if ordered:
        graded = _or_why(lambda: fit_graded(answers, questions, tolerance=_TIGHT))
    return ScalePsychometrics(
        factor, questions, found, None if isinstance(alone, TazunaError) else alone, graded
    )


def _by_group(table: ItemTable, text: str) -> tuple[list[Floats], tuple[str, ...], str, list[str]]:
    """Answers of each group, names of the questions, the model, names of the groups."""
    groups = table.groups
    assert groups is not None
    names = groups.drop_nulls().unique().sort().to_list()
    if len(names) < 2:
        raise FactorError(
            message("There is one group only, so nothing can be compared."),
            message("Name a column with two groups or more."),
        )
    parts = [table.answers[(groups == name).fill_null(value=False).to_numpy()] for name in names]
    return parts, table.names, text, names


def _general(model: FactorModel) -> str | None:
    """The factor above or beside others that reaches every question."""
    reaching = [factor for factor in model.latent if _below(model, factor) == set(model.observed)]
    return reaching[-1] if reaching and len(model.latent) > 1 else None


def _below(model: FactorModel, factor: str) -> set[str]:
    found: set[str] = set()
    for name in model.indicators(factor):
        found |= _below(model, name) if name in model.latent else {name}
    return found


def _or_why(compute: Callable[[], Result]) -> Result | TazunaError:
    """The result, or the refusal that stands in its place."""
    try:
        return compute()
    except (FactorError, GradedError) as refused:
        return refused
