"""Spillover (波及): what it does to people that colleagues of their department got places."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.inversion import inverted
from tazuna.evaluation.lottery.recentred import main_controls
from tazuna.evaluation.lottery.two_exposures import two_exposures
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, least_squares
from tazuna.language import message

TEN_POINTS = 0.1
"""Share of a department that one unit of the effect stands for."""
FEWEST_DEPARTMENTS = 10
SHARE, OWN = "(share of the department)", "(own offer)"
_PEOPLE_AT_ONCE = 500


def spillover(
    y: Floats,
    department: Integers,
    person: Integers,
    offers: Offers,
    *,
    baseline: Floats | None = None,
) -> Estimate | Refusal:
    """Effect of ten percentage points more of one's department, oneself not counted, being offered a place.

    Regresses the outcome of everybody, applicants and colleagues, on the share of the others of the
    department who hold a place of the draw, its mean over the redraws, the person's own offer and chance, and
    the baseline. Held against its mean, the share is moved by the draw alone (Borusyak & Hull 2023,
    doi:10.3982/ECTA19367), however unlike departments are. The test holds whatever the effect of one's own
    offer (`two_exposures.TwoExposures.p_value`); errors go by department (CR1).

    Parameters
    ----------
    y
        Outcome of everybody, applicants or not, shape (people,); NaN where not answered or no consent.
    department
        Code, shape (people,), negative where unknown. All its people count in the share, answered or not.
    person
        Row in ``y`` of each application to a round, shape (n,).
    offers
        Of a place, to the n rows. Somebody who holds places of two rounds counts once.
    baseline
        As of `recentred.main_controls`, shape (people,).

    Returns
    -------
    Estimate or Refusal
        Per ten percentage points. ``n_treated`` are people whose department got more than its mean over the
        redraws. Refused are fewer than ten departments in which the draw moves the share, and what
        `regression.least_squares` refuses.
    """
    seated = _Seated.of(department, person, offers)
    mean, moves = seated.expected()
    rows = np.flatnonzero(moves & np.isfinite(y))
    departments = len(np.unique(department[rows]))
    if departments < FEWEST_DEPARTMENTS:
        return _too_few(departments)
    controls, names = main_controls(mean[rows], None, None if baseline is None else baseline[rows])
    names = tuple("expected share" if name == "chance" else name for name in names)
    share, own = (part[0] for part in seated.exposures(rows, slice(0, 1)))
    own_chance = seated.own_chance()[rows]
    own_moves = bool(((own_chance > 0) & (own_chance < 1)).any())
    if own_moves:
        controls, names = np.column_stack([controls, own_chance]), (*names, "own chance")
    fit = least_squares(
        y[rows],
        np.column_stack([controls, share, own] if own_moves else [controls, share]),
        (*names, *((SHARE, OWN) if own_moves else (SHARE,))),
        covariance="cr1",
        clusters=department[rows],
    )
    if not isinstance(fit, Fit):
        return fit
    above = int((share > mean[rows]).sum())
    found = fit.estimate(SHARE, above, len(rows) - above)
    if isinstance(found, Refusal):
        return found
    test = _beside_own_offer if own_moves else _alone
    p_value, (lower, upper) = test(y[rows], controls, seated, rows)
    return replace(found, lower=lower, upper=upper, p_value=p_value, df=float("inf"), inference="redraws")


@dataclass(frozen=True, slots=True)
class _Seated:
    """Who holds a place: in the draw (number 0), then in R redraws.

    Parameters
    ----------
    department
        Code, shape (people,), from 0; that of people of unknown department is their own.
    size
        People of each department, shape (departments,).
    column
        Of each person in ``own``, shape (people,); the last for who did not apply.
    own
        Shape (1 + R, applicants + 1).
    held
        Shape (1 + R, departments): places held.
    """

    department: Integers
    size: Integers
    column: Integers
    own: Flags
    held: Integers

    @classmethod
    def of(cls, department: Integers, person: Integers, offers: Offers) -> _Seated:
        alone = department.max(initial=0) + 1 + np.arange(len(department))
        code = np.unique(np.where(department < 0, alone, department), return_inverse=True)[1]
        applicants, at = np.unique(person, return_inverse=True)
        column = np.full(len(department), len(applicants))
        column[applicants] = np.arange(len(applicants))
        order = np.argsort(at, kind="stable")
        offered = np.vstack([offers.offered[None, :], offers.redrawn])[:, order]
        starts = np.searchsorted(at[order], np.arange(len(applicants)))
        own = np.zeros((len(offered), len(applicants) + 1), dtype=np.bool_)
        own[:, :-1] = np.logical_or.reduceat(offered, starts, axis=1)
        belongs = sparse.csr_array(
            (np.ones(len(applicants), np.int32), (np.arange(len(applicants)), code[applicants])),
            shape=(len(applicants), int(code.max()) + 1),
        )
        return cls(code, np.bincount(code), column, own, own[:, :-1].astype(np.int32) @ belongs)

    def exposures(self, rows: Integers, numbers: slice) -> tuple[Floats, Flags]:
        """Share of the department's others who hold a place, in units of ten points, and the own offer."""
        code, own = self.department[rows], self.own[numbers][:, self.column[rows]]
        others = np.maximum(self.size[code] - 1, 1)
        return (self.held[numbers][:, code] - own) / (TEN_POINTS * others), own

    def expected(self) -> tuple[Floats, Flags]:
        """Mean share over the redraws, and whether it differs between them; shape (people,)."""
        rows = np.arange(len(self.department))
        mean, moves = np.empty(len(rows)), np.empty(len(rows), dtype=np.bool_)
        for start in range(0, len(rows), _PEOPLE_AT_ONCE):
            part = rows[start : start + _PEOPLE_AT_ONCE]
            share = self.exposures(part, slice(1, None))[0]
            mean[part], moves[part] = share.mean(axis=0), np.ptp(share, axis=0) > 0
        return mean, moves

    def own_chance(self) -> Floats:
        """Shape (people,)."""
        chance: Floats = self.own[1:].mean(axis=0)[self.column]
        return chance


def _beside_own_offer(
    y: Floats, controls: Floats, seated: _Seated, rows: Integers
) -> tuple[float, tuple[float, float]]:
    share, own = seated.exposures(rows, slice(0, 1))
    found = two_exposures(
        y,
        (share[0], own[0]),
        lambda part: seated.exposures(rows, slice(part.start + 1, part.stop + 1)),
        len(seated.own) - 1,
        controls,
        covariance="cr1",
        clusters=seated.department[rows],
    )
    return found.p_value(), found.interval()


def _alone(y: Floats, controls: Floats, seated: _Seated, rows: Integers) -> tuple[float, tuple[float, float]]:
    """Where the draw moves nobody's own offer among those whose share it moves."""
    share = seated.exposures(rows, slice(None))[0]
    found = inverted(
        y, share[0], share[0], share[1:], controls, covariance="cr1", clusters=seated.department[rows]
    )
    return found.p_value(0.0), found.interval()


def _too_few(departments: int) -> Refusal:
    return Refusal(
        "too_few_departments",
        message(
            "The draw changes how many of a department get places in {departments} departments only, and "
            "{needed} are needed to tell what this does to colleagues.",
            departments=departments,
            needed=FEWEST_DEPARTMENTS,
        ),
        message("Pool several rounds, or leave this question to a larger one."),
    )
