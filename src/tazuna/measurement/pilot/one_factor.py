"""One factor behind a scale (1因子モデル), and the pairs of questions that share more than it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.factor.fit import FactorFit, fit_ml
from tazuna.measurement.factor.fit_indices import FitIndices
from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.standardised import standardised
from tazuna.measurement.factor.weighted_least_squares import fit_wlsmv
from tazuna.measurement.item_table import Floats

_SATURATED = 3
"""Questions of which one factor leaves nothing unexplained."""
_MOST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Loading:
    """A standardised loading (標準化負荷量) with its standard error."""

    value: float
    std_error: float

    @property
    def lower(self) -> float:
        """Of the 95% interval."""
        return self.value - 1.96 * self.std_error

    @property
    def upper(self) -> float:
        """Of the 95% interval."""
        return self.value + 1.96 * self.std_error


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two questions that share more than the scale explains.

    Parameters
    ----------
    first, second
        Columns.
    correlation
        Of the two, between the variables behind ordered answers.
    residual
        What of it the scale leaves, as a correlation; None where three questions leave nothing.
    """

    first: int
    second: int
    correlation: float
    residual: float | None


@dataclass(frozen=True, slots=True)
class OneFactor:
    """One factor fitted to a scale.

    Parameters
    ----------
    loadings
        Of each question, with the pairs that share more left free to do so; most of them positive.
    pairs
        Those pairs, the strongest first; of three questions the pair that is most alike.
    indices
        Of the plain model, in which no pair is free: does one factor stand behind the answers?
    n
        People behind it.
    """

    loadings: tuple[Loading, ...]
    pairs: tuple[AlikePair, ...]
    indices: FitIndices
    n: int


def one_factor(answers: Floats, *, ordered: bool, residual: float) -> OneFactor | TazunaError:
    """Fit one factor, then let the strongest left-over pairs correlate, one after the other.

    Two questions that say the same pull the factor towards themselves and make the others look weak; so the
    loadings come from the model in which they may share what is their own.

    Parameters
    ----------
    answers
        Shape (n, p), keyed, NaN = not answered.
    ordered
        Whether they are ordered categories (WLSMV) or measurements (maximum likelihood).
    residual
        Correlation beyond the factor from which a pair says the same.

    Returns
    -------
    OneFactor or TazunaError
        Why there is none: fewer than three questions, too few people, no variance, no convergence, a
        variance below 0.
    """
    try:
        plain, correlations = _fitted(answers, [], ordered=ordered)
        _expect_proper(plain)
        last, pairs = plain, []
        if answers.shape[1] <= _SATURATED:
            pairs = _strongest(correlations)[:1]
        else:
            last, pairs = _with_pairs(answers, plain, correlations, residual, ordered=ordered)
    except FactorError as refused:
        return refused
    return OneFactor(_loadings(last, ordered=ordered), tuple(pairs), plain.indices, sum(plain.n))


def _expect_proper(fit: FactorFit) -> None:
    """Refuse a model that must not be read.

    Raises
    ------
    FactorError
        A variance came out below 0.
    """
    if fit.improper:
        raise FactorError(
            message("One factor cannot be read here: a variance came out below 0."),
            message("Ask more people, or more questions of the same scale."),
        )


def _with_pairs(
    answers: Floats, plain: FactorFit, correlations: Floats, limit: float, *, ordered: bool
) -> tuple[FactorFit, list[AlikePair]]:
    """The model with the pairs freed whose left-over correlation is certain to be large."""
    fit = plain
    free: list[tuple[int, int]] = []
    found: list[AlikePair] = []
    while len(free) < _MOST_PAIRS and plain.indices.df - len(free) > 1:
        first, second = _most_left(correlations, free)
        try:
            trial, _ = _fitted(answers, [*free, (first, second)], ordered=ordered)
        except FactorError:
            break
        left = _residual(trial, first, second, ordered=ordered)
        if trial.improper or left < limit:
            break
        free.append((first, second))
        fit = trial
        found.append(AlikePair(first, second, float(correlations[first, second]), left))
    return fit, found


def _fitted(answers: Floats, free: list[tuple[int, int]], *, ordered: bool) -> tuple[FactorFit, Floats]:
    """The model, and the correlations that it explains."""
    names = [f"q{k}" for k in range(answers.shape[1])]
    text = "scale =~ " + " + ".join(names) + "".join(f"\n{names[i]} ~~ {names[j]}" for i, j in free)
    if ordered:
        ordinal = fit_wlsmv(answers, names, parse_model(text, ordinal=True))
        return ordinal.fit, ordinal.moments.correlations
    complete = answers[np.isfinite(answers).all(axis=1)]
    return fit_ml([complete], names, parse_model(text)), np.asarray(np.corrcoef(complete, rowvar=False))


def _loadings(fit: FactorFit, *, ordered: bool) -> tuple[Loading, ...]:
    entries = [entry for entry in standardised(fit, ordinal=ordered) if entry.operator == "=~"]
    sign = 1.0 if sum(entry.value for entry in entries) >= 0 else -1.0
    return tuple(Loading(sign * entry.value, entry.std_error) for entry in entries)


def _residual(fit: FactorFit, first: int, second: int, *, ordered: bool) -> float:
    names = {f"q{first}", f"q{second}"}
    for entry in standardised(fit, ordinal=ordered):
        if entry.operator == "~~" and {entry.left, entry.right} == names:
            return entry.value
    raise ValueError("the pair is not free in this model")


def _most_left(correlations: Floats, free: list[tuple[int, int]]) -> tuple[int, int]:
    """The pair that explains most when it is let alone; of equally good ones the more alike.

    What a fitted model leaves of a pair does not tell: a strong pair pulls the factor towards itself, and
    then the others look as if they shared something.
    """
    rows, columns = np.tril_indices(len(correlations), -1)
    pairs = [(int(i), int(j)) for j, i in zip(rows, columns, strict=True) if (int(i), int(j)) not in free]
    return min(pairs, key=lambda pair: (round(_lack(correlations, [*free, pair]), 6), -correlations[pair]))


def _lack(correlations: Floats, free: list[tuple[int, int]]) -> float:
    """Squared correlations that one factor leaves where some pairs need not be explained (minres)."""
    counted = 1 - np.eye(len(correlations))
    for i, j in free:
        counted[i, j] = counted[j, i] = 0.0

    def lack(loadings: Floats) -> tuple[float, Floats]:
        rest = counted * (correlations - np.outer(loadings, loadings))
        return float(np.sum(rest**2) / 4), -rest @ loadings

    values, vectors = np.linalg.eigh(correlations)
    start = 0.8 * vectors[:, -1] * np.sqrt(values[-1])
    return float(optimize.minimize(lack, start, jac=True, method="L-BFGS-B").fun)


def _strongest(correlations: Floats) -> list[AlikePair]:
    """All pairs, the most alike first."""
    rows, columns = np.tril_indices(len(correlations), -1)
    order = np.argsort(-correlations[rows, columns])
    return [
        AlikePair(int(columns[k]), int(rows[k]), float(correlations[rows[k], columns[k]]), None)
        for k in order
    ]
