"""Calibrating a bank (項目バンクの較正) on the answers of a pilot or a wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tazuna.instrument.model import Instrument
from tazuna.language import message
from tazuna.measurement.adaptive.bank import Bank, Provenance
from tazuna.measurement.adaptive.contents import AdaptiveError, contents_of, keyed
from tazuna.measurement.adaptive.posterior import area_posterior
from tazuna.measurement.graded.fit import GradedFit, fit_graded
from tazuna.measurement.graded.items import Floats, GradedItems

_PEOPLE_FOR_CORRELATIONS = 5_000
_CLOSE = 1e-4
_MOST_PASSES = 200


def calibrate(answers: Floats, instrument: Instrument, total: str, *, wave: str, calibrated_on: date) -> Bank:
    """Fit each area's questions, then the correlations of the areas given the questions.

    Parameters
    ----------
    answers
        Shape (n, m): as stored, NaN = not answered; columns as ``contents_of(instrument, total)``.
    instrument, total
        The questions: those below the scale ``total``.
    wave, calibrated_on
        Where the answers come from, and today.

    Returns
    -------
    Bank
        Whether it may be used is for `bank.shortcomings` to say.

    Raises
    ------
    AdaptiveError
        An answer that its question does not take, or correlations that do not settle.
    GradedError
        The answers of an area cannot carry a graded response model.
    """
    contents = contents_of(instrument, total)
    some = answers[np.isfinite(answers).any(axis=1)]
    turned = keyed(some, contents)
    areas = tuple(dict.fromkeys(content.area for content in contents))
    fits = []
    for area in areas:
        columns = [place for place, content in enumerate(contents) if content.area == area]
        fits.append(fit_graded(turned[:, columns], [contents[place].code for place in columns]))
    bank = Bank(
        contents,
        _together(fits),
        np.concatenate([fit.std_errors[:, 0] for fit in fits]),
        np.eye(len(areas)),
        Provenance(instrument.id, instrument.version, wave, calibrated_on, len(some)),
    )
    return _with_correlations(bank, some)


def _together(fits: Sequence[GradedFit]) -> GradedItems:
    most = max(fit.items.intercepts.shape[1] for fit in fits)
    return GradedItems(
        tuple(code for fit in fits for code in fit.items.codes),
        tuple(levels for fit in fits for levels in fit.items.levels),
        np.concatenate([fit.items.slopes for fit in fits]),
        np.concatenate(
            [
                np.pad(
                    fit.items.intercepts,
                    ((0, 0), (0, most - fit.items.intercepts.shape[1])),
                    constant_values=np.nan,
                )
                for fit in fits
            ]
        ),
    )


def _with_correlations(bank: Bank, answers: Floats) -> Bank:
    """Maximum likelihood of the correlations by expectation-maximisation, every variance staying 1."""
    every = -(-len(answers) // _PEOPLE_FOR_CORRELATIONS)
    given = bank.categories_of(answers[::every])
    correlations = bank.correlations
    for _ in range(_MOST_PASSES):
        found = area_posterior(_correlated(bank, correlations), given)
        moments = (found.means[:, :, None] * found.means[:, None, :] + found.covariances).mean(axis=0)
        spread = np.sqrt(np.diag(moments))
        now = moments / np.outer(spread, spread)
        moved = float(np.abs(now - correlations).max())
        correlations = now
        if moved < _CLOSE:
            return _correlated(bank, correlations)
    raise AdaptiveError(
        message("The correlations of the areas had not settled after {passes} passes.", passes=_MOST_PASSES),
        message("Calibrate on more people."),
    )


def _correlated(bank: Bank, correlations: Floats) -> Bank:
    return replace(bank, correlations=correlations)
